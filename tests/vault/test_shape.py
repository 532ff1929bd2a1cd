"""What is said of an entered value: one row a mistake, and none may quote it."""

import hashlib
import secrets

import pytest

from bot.vault.shape import MOST, MOST_TYPED, problem_of_name, problems

KEY = "LIVE_API_KEY:5d1c0b6f2a9e48d7:c3b2a1908f7e6d5c"
HOOK = "whsec_9f2b7c41d8e05a63"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("CIRCLE_API_KEY", KEY),
        ("CIRCLE_WEBHOOK_SECRET", HOOK),
        ("CIRCLE_WEBHOOK_SECRET", hashlib.sha256(b"a").hexdigest()),
        ("CIRCLE_WEBHOOK_SECRET", "F7Ds0AmdPYHi14VD2CJoKR_JSKRMf6K2E6ZttfJLJ00V8DGYMIgwvPb-BDy8VaUM"),
        ("CIRCLE_WEBHOOK_SECRET", "newer-than-the-old-one-7c41d8e0"),  # begins like a placeholder and is none
        ("ALERT_EMAIL", "tito.guevara@aikeys.ai"),
        ("FEATURE_FLAGS", "a, b and c"),
        ("GREETING", "¡Hola, señor!"),
        ("SIGNING_KEY", "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----"),
        ("LOG_LEVEL", "info"),
        ("CIRCLE_API_KEY", "k" + hashlib.sha256(b"b").hexdigest() * 380),
    ],
)
def test_what_is_right_is_taken(name, text):
    assert problems(name, text, hashlib.sha256(b"the old one").hexdigest()) is None


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("CIRCLE_API_KEY", "", "Nothing"),
        ("CIRCLE_API_KEY", " \n ", "Nothing"),
        ("CIRCLE_API_KEY", f"{KEY}\n", "before or after"),
        ("CIRCLE_API_KEY", f" {KEY}", "before or after"),
        ("CIRCLE_API_KEY", f"\u00a0{KEY}", "before or after"),
        ("CIRCLE_API_KEY", f"{KEY}\u200b", "U+200B"),
        ("CIRCLE_API_KEY", f"{KEY[:9]}\x00{KEY[9:]}", "U+0000"),
        ("CIRCLE_API_KEY", f"{KEY}\ud83d", "U+D83D"),
        ("CIRCLE_API_KEY", f"{KEY[:9]} {KEY[9:]}", "one word"),
        ("CIRCLE_API_KEY", f"{KEY}é", "not ASCII"),
        ("CIRCLE_API_KEY", f"CIRCLE_API_KEY={KEY}", "own name"),
        ("CIRCLE_API_KEY", f"export circle_api_key = {KEY}", "own name"),
        ("CIRCLE_API_KEY", f"Bearer {KEY}", "header"),
        ("CIRCLE_API_KEY", f'"{KEY}"', "quotation marks"),
        ("CIRCLE_API_KEY", f"“{KEY}”", "quotation marks"),
        ("CIRCLE_API_KEY", "your_production_key", "placeholder"),
        ("CIRCLE_API_KEY", "new_production_key", "placeholder"),
        ("CIRCLE_WEBHOOK_SECRET", "your_webhook_secret", "placeholder"),
        ("CIRCLE_WEBHOOK_SECRET", "new_webhook_secret", "placeholder"),
        ("CIRCLE_WEBHOOK_SECRET", "<the-new-secret>", "placeholder"),
        ("CIRCLE_WEBHOOK_SECRET", "$CIRCLE_WEBHOOK_SECRET", "placeholder"),
        ("CIRCLE_WEBHOOK_SECRET", "xxxxxxxxxxxxxxxx", "placeholder"),
        ("CIRCLE_WEBHOOK_SECRET", "[hidden]", "placeholder"),
        ("LOG_LEVEL", "changeme", "placeholder"),
        ("CIRCLE_WEBHOOK_SECRET", "4f7a", "shorter than 8"),
        ("CIRCLE_WEBHOOK_SECRET", HOOK, "live now"),
        ("ALERT_EMAIL", "tito at aikeys", "e-mail"),
        ("ALERT_EMAIL", "a@b\nc@d.example", "e-mail"),
        ("CIRCLE_API_KEY", "k" * (MOST + 1), "24,576"),
        ("SUPABASE_URL", KEY, "belongs to Supabase"),
        ("supabase_url", KEY, "belongs to Supabase"),
        ("A-B", KEY, "A name is made of"),
        ("N" * 257, KEY, "256"),
    ],
)
def test_what_is_wrong_is_said_without_the_value(name, text, said):
    found = problems(name, text, hashlib.sha256(HOOK.encode()).hexdigest())
    assert found is not None
    assert said in found
    assert len(text.strip()) < 6 or text.strip() not in found
    assert KEY not in found
    assert HOOK not in found


def test_a_field_of_a_modal_takes_less_than_the_shell():
    long = secrets.token_hex(1501)
    assert "3,000" in str(problems("CIRCLE_API_KEY", long, most=MOST_TYPED))
    assert problems("CIRCLE_API_KEY", long) is None


def test_an_unknown_old_value_is_not_compared():
    assert problems("CIRCLE_WEBHOOK_SECRET", HOOK) is None
    assert problem_of_name("CIRCLE_API_KEY") is None
