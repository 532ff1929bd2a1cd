"""What Slack made of the typed text, turned back."""

import pytest

from bot.grammar import decode


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("<@U012AB3CD|ana>", "U012AB3CD"),
        ("<@W012AB3CD>", "W012AB3CD"),
        ("<#C012AB3CD|ops>", "C012AB3CD"),
        ("<#C012AB3CD|>", "C012AB3CD"),
        ("<!subteam^S012AB3CD|@oncall>", "S012AB3CD"),
        ("<!subteam^S012AB3CD>", "S012AB3CD"),
        ("<!here>", "@here"),
        ("<!channel|@channel>", "@channel"),
        ("<!date^1392734382^{date}|18 Feb>", "18 Feb"),
        ("<http://a.io|a.io>", "a.io"),
        ("<https://a.io/x?a=1&amp;b=2>", "https://a.io/x?a=1&b=2"),
        ("<https://a.io/x|click here>", "https://a.io/x"),
        ("<mailto:ana@a.io|ana@a.io>", "ana@a.io"),
        ("<tel:+34600|+34 600>", "+34600"),
        ("a &lt; b &amp;&amp; c &gt; d", "a < b && c > d"),
        ("&amp;lt;", "&lt;"),
        ("&lt;!channel&gt;", "<!channel>"),
        ("<not markup>", "<not markup>"),
        ("1 < 2", "1 < 2"),
        ("", ""),
    ],
)
def test_decoded(sent, meant):
    """Ids for people and channels, what was typed for links, entities once."""
    assert decode(sent) == meant
