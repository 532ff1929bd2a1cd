"""Settings: all that is wrong at once, never a secret's value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.settings import Settings, Wrong, about, near_misses, read


def problems(environ) -> dict[str, str]:
    with pytest.raises(Wrong) as caught:
        read(environ)
    return {problem.name: problem.wrong for problem in caught.value.problems}


def test_the_four_are_enough(needed):
    """Everything else has a default or is off."""
    settings = read(needed)
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.functions_url == "https://abcdefghijklmnopqrst.functions.supabase.co"
    assert (settings.operators, settings.approvers, settings.viewers) == ((), (), ())
    assert settings.http == ("127.0.0.1", 8080)
    assert settings.look_every == 60
    assert settings.audit_key is None


def test_nothing_set_names_all_four():
    """One start tells the whole list."""
    assert problems({}) == dict.fromkeys(
        ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SUPABASE_ACCESS_TOKEN", "SUPABASE_PROJECT_REF"), "it is missing"
    )


WRONG = """
SLACK_BOT_TOKEN       | xapp-1-A0-123456           | it must start with xoxb-; this one looks like an app-level token
SLACK_BOT_TOKEN       | xoxb-                      | it holds characters that no Slack token has, or is cut short
SLACK_BOT_TOKEN       | xoxb-12345 67890           | it holds characters that no Slack token has, or is cut short
SLACK_APP_TOKEN       | xoxb-1234567890            | it must start with xapp-; this one looks like a bot token
SUPABASE_ACCESS_TOKEN | sbp_short                  | it must be sbp_ (or sbp_v0_, sbp_oauth_) and 40 hexadecimal digits
SUPABASE_ACCESS_TOKEN | sb_secret_abc              | this one looks like a Supabase API key
SUPABASE_PROJECT_REF  | https://x.supabase.co      | only the ref is wanted, not the whole address
SUPABASE_PROJECT_REF  | abcdefghijklmnopqrs1       | it must be exactly 20 small letters
SLACK_API_URL         | http://slack.example/api   | it must start with https:// (http:// only for this machine itself)
SLACK_API_URL         | https://u:p@slack.com/api  | it must not hold a user name or password
SUPABASE_API_URL      | api.supabase.com           | it must be an address such as https://example.com
SUPABASE_API_URL      | https://[                  | it is not an address
SUPABASE_API_URL      | https://a.io/?x=1          | it must not hold a ? or a #
AIKEYS_OPERATORS      | U012AB3CD ana              | entry 2 is not the id of a person (U… or W…) or of a user group
AIKEYS_OPS_CHANNEL    | #ops                       | it must be the id of a channel
AIKEYS_LEAD           | S012AB3CD                  | it must be the id of one person (U… or W…)
AIKEYS_LEAD_EMAIL     | ana@a.io, ben@a.io         | it must be one e-mail address
AIKEYS_SMTP_URL       | mail.example.com           | it must start with smtp:// or smtps:// and name a host
AIKEYS_AUDIT_KEY      | short                      | it must have at least 32 characters
AIKEYS_AUDIT_KEY      | aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa | it repeats too few characters to be a key
AIKEYS_TIMEZONE       | Madrid                     | it must be a time zone's name, such as Europe/Madrid
AIKEYS_TIMEZONE       | +02:00                     | it must be a time zone's name, such as Europe/Madrid
AIKEYS_TIMEZONE       | ../../etc/passwd           | it must be a time zone's name, such as Europe/Madrid
AIKEYS_ADMINS_QUERY   | delete from public.staff   | it must be one SQL statement that begins with select or with
AIKEYS_ADMINS_QUERY   | select 1; drop table x     | it must be one SQL statement that begins with select or with
AIKEYS_HTTP           | 8080                       | it must be host:port, or off
AIKEYS_HTTP           | 127.0.0.1:99999            | it must be host:port, or off
AIKEYS_LOOK_EVERY     | soon                       | it must be a number
AIKEYS_LOOK_EVERY     | 0                          | it must lie between 1 and 3600
AIKEYS_LOOK_EVERY     | nan                        | it must lie between 1 and 3600
"""


@pytest.mark.parametrize(
    ("name", "value", "wrong"), [tuple(map(str.strip, line.split("|"))) for line in WRONG.strip().splitlines()]
)
def test_each_wrong_one_has_its_sentence(needed, name, value, wrong):
    """Name, what is wrong, an example; nothing else is complained about."""
    found = problems(needed | {name: value})
    assert list(found) == [name]
    assert wrong in found[name]


@pytest.mark.parametrize(
    ("name", "value", "attribute", "expected"),
    [
        ("SLACK_API_URL", "http://127.0.0.1:8400/api", "slack_api_url", "http://127.0.0.1:8400/api/"),
        ("SUPABASE_API_URL", "http://[::1]:9/", "supabase_api_url", "http://[::1]:9"),
        ("AIKEYS_FUNCTIONS_URL", "http://localhost:9/f/", "functions_url", "http://localhost:9/f"),
        ("AIKEYS_OPERATORS", " U012AB3CD,S012AB3CD  U012AB3CD ", "operators", ("U012AB3CD", "S012AB3CD")),
        ("AIKEYS_HTTP", "OFF", "http", None),
        ("AIKEYS_HTTP", "[::1]:0", "http", ("::1", 0)),
        ("AIKEYS_LOOK_EVERY", "15.5", "look_every", 15.5),
        ("AIKEYS_SOURCE", "", "source", None),
    ],
)
def test_what_may_be_written(needed, name, value, attribute, expected):
    """Loopback may be http; lists take commas and blanks; empty is not set."""
    assert getattr(read(needed | {name: value}), attribute) == expected


def test_a_value_may_come_from_a_file(needed, tmp_path):
    """X_FILE as container secrets and systemd credentials are handed over."""
    file = tmp_path / "token"
    file.write_text(f"{needed.pop('SLACK_BOT_TOKEN')}\n")
    settings = read(needed | {"SLACK_BOT_TOKEN_FILE": str(file)})
    assert settings.slack_bot_token.get_secret_value() == "xoxb-1234567890-abcdefghij"


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        (b"", "is empty"),
        (b"\xff\xfe", "is not text"),
        (b"x" * 70_000, "is larger than 64 kB"),
        (None, "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(needed, tmp_path, content, wrong):
    """The setting and what is wrong with its file; the setting is complained about once."""
    file = tmp_path / "token"
    if content is not None:
        file.write_bytes(content)
    del needed["SLACK_BOT_TOKEN"]
    found = problems(needed | {"SLACK_BOT_TOKEN_FILE": str(file)})
    assert list(found) == ["SLACK_BOT_TOKEN"]
    assert wrong in found["SLACK_BOT_TOKEN"]


def test_set_twice_is_refused(needed, tmp_path):
    """Nobody guesses which of the two was meant."""
    assert problems(needed | {"SLACK_BOT_TOKEN_FILE": str(tmp_path)}) == {
        "SLACK_BOT_TOKEN": "it is set twice: take away SLACK_BOT_TOKEN or SLACK_BOT_TOKEN_FILE"
    }


_SECRET = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=12, max_size=60).map(
    lambda text: f"QQ{text}ZZ"
)


@given(_SECRET)
def test_no_wrong_value_is_ever_repeated(value):
    """Whatever somebody puts where a secret belongs is not in what they are told, nor in the settings' text."""
    names = [setting.env for setting in about().values()]
    with pytest.raises(Wrong) as caught:
        read(dict.fromkeys(names, value))
    said = "\n".join(map(str, caught.value.problems)) + repr(caught.value)
    assert value.strip() not in said


def test_the_settings_text_hides_the_secrets(needed):
    """A settings object in a log or a traceback shows none."""
    settings = read(needed | {"AIKEYS_AUDIT_KEY": "0123456789abcdefghijklmnopqrstuv"})
    assert len(settings.secrets) == 4
    assert not [secret for secret in settings.secrets if secret in repr(settings) + str(settings.model_dump())]


def test_typos_are_told():
    """A variable that nothing reads does not pass in silence."""
    names = ("AIKEYS_OPERATOR", "AIKEYS_DATA_FILE", "SLACK_APP_TOKN", "PATH", "AIKEYS_ZZ")
    assert near_misses(dict.fromkeys(names, "")) == [
        "AIKEYS_OPERATOR: did you mean AIKEYS_OPERATORS?",
        "AIKEYS_ZZ: no setting has that name; it is ignored.",
        "SLACK_APP_TOKN: did you mean SLACK_APP_TOKEN?",
    ]  # fmt: skip


def test_every_field_is_told_about():
    """Each setting has its name outside, a help and an example."""
    assert sorted(about()) == sorted(Settings.model_fields)
    for setting in about().values():
        assert setting.env.isupper()
        assert setting.help
        assert setting.example
