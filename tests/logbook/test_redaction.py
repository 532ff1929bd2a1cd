"""What may be shown of a line: no secret of any shape, nobody's address, nothing that cannot be seen."""

import base64
import json
import string
from random import Random

import pytest

from bot.redaction import ADDRESS, CARD, EMAIL, redact, visible

RANDOM = Random(20261125)
LETTERS = string.ascii_letters + string.digits


def word(length: int, alphabet: str = LETTERS) -> str:
    return "".join(RANDOM.choices(alphabet, k=length))


def card() -> str:
    digits = [4, *(RANDOM.randrange(10) for _ in range(14))]
    total = sum(sum(divmod(2 * digit, 10)) if place % 2 == 0 else digit for place, digit in enumerate(reversed(digits)))
    number = "".join(map(str, digits)) + str(-total % 10)
    gap = RANDOM.choice(["", " ", "-"])
    return gap.join(number[at : at + 4] for at in range(0, 16, 4))


def jwt() -> str:
    parts = (json.dumps({"alg": "HS256", "x": word(8)}), json.dumps({"role": "service_role", "x": word(20)}), word(32))
    return ".".join(base64.urlsafe_b64encode(part.encode()).rstrip(b"=").decode() for part in parts)


SHAPES = {
    "slack bot token": lambda: f"xoxb-{word(12, string.digits)}-{word(12, string.digits)}-{word(24)}",
    "slack app token": lambda: f"xapp-1-A{word(10)}-{word(13, string.digits)}-{word(64, '0123456789abcdef')}",
    "slack refresh token": lambda: f"xoxe.xoxp-1-{word(140)}",
    "slack hook": lambda: f"https://hooks.slack.com/commands/T{word(8)}/{word(12, string.digits)}/{word(24)}",
    "supabase token": lambda: f"sbp_{word(40, '0123456789abcdef')}",
    "supabase scoped token": lambda: f"sbp_fc{word(38, '0123456789abcdef')}",
    "supabase secret key": lambda: f"sb_secret_{word(31)}",
    "jwt": jwt,
    "circle key": lambda: f"LIVE_API_KEY:{word(32, '0123456789abcdef')}:{word(32, '0123456789abcdef')}",
    "payment key": lambda: f"sk_live_{word(24)}",
    "GitHub token": lambda: f"ghp_{word(36)}",
    "Amazon key": lambda: f"AKIA{word(16, string.ascii_uppercase)}",
    "webhook secret": lambda: word(64, "0123456789abcdef"),
    "signature": lambda: f"v1={word(64, '0123456789abcdef')}",
    "base64 key": lambda: base64.b64encode(RANDOM.randbytes(64)).decode(),
    "bearer": lambda: f"Bearer {word(30)}",
    "basic": lambda: f"Basic {base64.b64encode(word(20).encode()).decode()}",
    "database url": lambda: f"postgresql://postgres:{word(16)}@db.example.supabase.co:5432/postgres",
    "named": lambda: (
        f"{RANDOM.choice(['password', 'api_key', 'CIRCLE_WEBHOOK_SECRET', 'x-api-key', 'pwd'])}={word(12)}"
    ),
    "named in json": lambda: json.dumps({RANDOM.choice(["password", "access_token", "clientSecret"]): word(14)}),
    "named in json in json": lambda: json.dumps(json.dumps({"refresh_token": word(22)})),
    "private key": lambda: f"-----BEGIN PRIVATE KEY-----\n{word(64)}\n{word(40)}\n-----END PRIVATE KEY-----",
    "card": card,
    "e-mail": lambda: f"{word(8)}.{word(4)}+{word(3)}@{word(6).lower()}.example.com",
    "ipv4": lambda: ".".join(str(RANDOM.randrange(1, 255)) for _ in range(4)),
    "ipv6": lambda: "2001:db8:" + ":".join(word(4, "0123456789abcdef") for _ in range(6)),
}
AROUND = [
    "{}",
    "Error: {} was refused",
    '{{"msg":"got {}","status":200}}',
    "\x1b[31m{}\x1b[0m",
    "a=1&b={}&c=2",
    "({}), [{}]",
    "first\nsecond {}\nthird",
]


def bare(kind: str, canary: str) -> str:
    """The part that must not be seen."""
    if kind == "database url":
        return canary.split(":")[2].split("@", maxsplit=1)[0]
    if kind.startswith("named in json"):
        return next(part for part in canary.replace("\\", "").split('"') if len(part) in {14, 22} and part.isalnum())
    if kind == "private key":
        return canary.splitlines()[1]
    return (
        canary.split("=", 1)[1]
        if kind == "named"
        else canary.rsplit("/", maxsplit=1)[-1]
        if kind == "slack hook"
        else canary
    )


def canaries():
    for n in range(1000):
        kind = list(SHAPES)[n % len(SHAPES)]
        canary = SHAPES[kind]()
        around = AROUND[n // len(SHAPES) % len(AROUND)]
        if kind == "named in json" and around.startswith("{{"):
            around = "{}"
        yield kind, bare(kind, canary), around.format(*[canary] * around.count("{}"))


def test_a_thousand_canaries_of_every_shape():
    """All on one page, as they would come."""
    all_of_them = list(canaries())
    shown = redact([line for _, _, line in all_of_them])
    assert len(shown) == 1000
    page = "\n".join(shown)
    left = [(kind, secret, line) for (kind, secret, _), line in zip(all_of_them, shown, strict=True) if secret in page]
    assert left == []


def test_each_alone_too():
    assert [kind for kind, secret, line in list(canaries())[:230] if secret in redact([line])[0]] == []


@pytest.mark.parametrize(
    "line",
    [
        'relation "public.payment_event" does not exist',
        "duration: 1203.221 ms  execute <unnamed>: select id from public.circle_transactions where user_id = $1",
        "checkpoint complete: wrote 90 buffers (0.4%); 0 WAL file(s) added, 0 removed, 12:30:45.123 UTC",
        "booted (time: 31ms) on PostgreSQL 17.6.1 at 2026-11-25T12:00:00.123456",
        "execution 3f2a9c51-77d0-4a6e-9a54-0e2f6ad0b7c1 of commit 9aa52c4f0d",
        "payment 1700000000001 of 25.50 USDC took 120 ms",
        "401: Invalid token: expired",
        "/token 400 400: Invalid login credentials: invalid_credentials",
        "ActivityController::index, std::vector, a::b",
    ],
)
def test_what_is_no_secret_stays(line):
    assert redact([line]) == [line]


def test_people_are_hidden_unless_asked_for():
    line = "user03@example.com from 203.0.113.7 and 2001:db8::7, ::1, card 4111 1111 1111 1111"
    hidden = f"{EMAIL} from {ADDRESS} and {ADDRESS}, {ADDRESS}, card {CARD}"
    assert redact([line]) == [hidden]
    assert redact([line], people=False) == [line.replace("4111 1111 1111 1111", CARD)]


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "␛red␛"),
        ("\x1b]0;title\x07x", "␛x"),
        ("bell\x07 nul\x00 del\x7f", "bell␇ nul␀ del␡"),
        ("pay\u202eelbisiv", "pay‹U+202E›elbisiv"),
        ("zero\u200bwidth", "zero‹U+200B›width"),
        ("tab\there", "tab    here"),
        ("two\nlines\r\nthree", "two\n    lines\n    three"),
        ("<!channel> *bold* `code`", "<!channel> *bold* `code`"),
        ("日本 😀 naïve", "日本 😀 naïve"),
    ],
)
def test_what_cannot_be_seen_is_made_visible(line, shown):
    assert visible(line) == shown


def test_a_row_is_one_row_whatever_it_holds():
    lines = [
        "a\x1eb",
        "",
        "c\n2026-11-25 12:00:00 ERROR forged",
        "\x1b[" * 50,
        "x" * 10_000,
        "@" * 500,
        ":" * 500,
        "-" * 9000,
    ]
    shown = redact(lines)
    assert len(shown) == len(lines)
    assert all(not part.startswith("2026") for part in "\n".join(shown).split("\n"))
