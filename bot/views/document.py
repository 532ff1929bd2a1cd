"""A document, once: as Markdown, and as HTML that needs nothing else and runs nothing. Pure.

Every word of it is plain text and is escaped here, whoever wrote it. The HTML has no script, and forbids one.
"""

import base64
import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.unseen import seen


@dataclass(frozen=True, slots=True)
class Heading:
    """Of a part."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Some sentences."""

    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """Short things."""

    items: Sequence[str]


@dataclass(frozen=True, slots=True)
class Table:
    """*rows* under *head*; the first columns do not wrap. *listing*: a row is a moment: on a telephone a paragraph."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    listing: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """*svg* for the HTML; *file* is what the Markdown calls the picture beside it."""

    alt: str
    svg: str
    file: str


Part = Heading | Paragraph | Bullets | Table | Picture


@dataclass(frozen=True, slots=True)
class Document:
    """*title*, and the parts in order."""

    title: str
    parts: Sequence[Part]


_MARKS = re.compile(r"([\\`*\[\]|~]|(?<![^\W_])_|_(?![^\W_])|^(?:[#+>=-]|\d+(?=[.)])))")
# What people wrote between two ` and that is harmless as it is: no mark of Markdown's or of a table's in it.
_CODE = re.compile(r"`([^`|<>&\[\]\\\n]{1,200})`")
_STYLE = """
:root{color-scheme:light dark;--line:#d1d5db;--soft:#6b7280;--ground:#fff;--ink:#111827;--head:#f3f4f6}
@media(prefers-color-scheme:dark){:root{--line:#374151;--soft:#9ca3af;--ground:#111827;--ink:#f3f4f6;--head:#1f2937}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:60rem;padding:1.5rem 1rem 4rem;background:var(--ground);color:var(--ink);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.7rem;line-height:1.25;margin:.5rem 0}h2{font-size:1.2rem;margin:2rem 0 .5rem;
border-bottom:1px solid var(--line);padding-bottom:.25rem}
p{margin:.5rem 0}ul{padding-left:1.25rem;margin:.5rem 0}li{margin:.25rem 0}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.92rem}
th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid var(--line)}
th{background:var(--head);white-space:nowrap}td:not(:last-child){white-space:nowrap;font-variant-numeric:tabular-nums}
table:not(.rows) td:first-child{width:1%;padding-right:1.5rem}
code{font:.92em ui-monospace,SFMono-Regular,Menlo,monospace;background:var(--head);
padding:.1em .3em;border-radius:.2rem}
figure{margin:1rem 0}img{max-width:100%;height:auto;background:#fff;border-radius:.25rem}
figcaption{color:var(--soft);font-size:.9rem}
@media(max-width:40rem){figure{overflow-x:auto}img{max-width:none;width:44rem}

table:not(.rows) td:first-child{white-space:normal;min-width:8rem}
table.rows thead{display:none}table.rows tr{display:block;padding:.4rem 0;
border-bottom:1px solid var(--line)}table.rows td{display:block;border:0;padding:.05rem 0;white-space:normal}
table.rows td:not(:last-child){color:var(--soft);font-size:.85rem;display:inline-block;margin-right:.75rem}}
@media print{body{max-width:none}}
""".replace("\n", "")
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def markdown(document: Document) -> str:
    """As Markdown, its lines ending with a newline."""
    lines = [f"# {_md(document.title)}", ""]
    for part in document.parts:
        match part:
            case Heading(text):
                lines += [f"## {_md(text)}", ""]
            case Paragraph(text):
                lines += [_md(text), ""]
            case Bullets(items):
                lines += [*(f"- {_md(one)}" for one in items), ""]
            case Table(head, rows, _):
                lines.append(f"| {' | '.join(map(_md, head))} |")
                lines.append(f"|{'---|' * len(head)}")
                lines += [*(f"| {' | '.join(map(_md, row))} |" for row in rows), ""]
            case Picture(alt, _, file):
                lines += [f"![{_md(alt)}]({file})", ""]
    return seen("\n".join(lines).rstrip() + "\n")


def page(document: Document) -> str:
    """As one HTML file."""
    body = "\n".join(_html(part) for part in document.parts)
    title = html.escape(document.title)
    made = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>{title}</h1>
{body}
</body>
</html>
"""
    return seen(made)


def _html(part: Part) -> str:
    match part:
        case Heading(text):
            return f"<h2>{html.escape(text)}</h2>"
        case Paragraph(text):
            return f"<p>{_inline(text)}</p>"
        case Bullets(items):
            inside = "\n".join(f"<li>{_inline(one)}</li>" for one in items)
            return f"<ul>\n{inside}\n</ul>"
        case Table(head, rows, listing):
            names = "".join(f'<th scope="col">{html.escape(one)}</th>' for one in head)
            inside = "\n".join("<tr>" + "".join(f"<td>{_inline(one)}</td>" for one in row) + "</tr>" for row in rows)
            kind = ' class="rows"' if listing else ""
            table = f"<table{kind}>\n<thead><tr>{names}</tr></thead>\n<tbody>\n{inside}\n</tbody></table>"
            return f'<div class="wide">{table}</div>'
        case Picture(alt, svg, _):
            # In an img nothing of a picture is run or loaded, whatever stands in it.
            data = base64.b64encode(svg.encode()).decode()
            said = html.escape(alt)
            image = f'<img alt="{said}" src="data:image/svg+xml;base64,{data}">'
            return f"<figure>{image}<figcaption>{said}</figcaption></figure>"


def _inline(text: str) -> str:
    """Escaped, what stands between two ` as code."""
    return _CODE.sub(r"<code>\1</code>", html.escape(text))


def _md(text: str) -> str:
    """Plain text that stays plain: marks behind a backslash, angle brackets as entities, one line; code stays code.

    What marks only at the beginning of a line (#, -, 1.) is left alone elsewhere, so that a date can be read.
    """
    pieces = _CODE.split(" ".join(text.split()))
    return "".join(f"`{piece}`" if at % 2 else _plain(piece) for at, piece in enumerate(pieces))


def _plain(text: str) -> str:
    return _MARKS.sub(_behind, text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _behind(mark: re.Match[str]) -> str:
    return f"{mark[0]}\u200b" if mark[0].isdecimal() else f"\\{mark[0]}"
