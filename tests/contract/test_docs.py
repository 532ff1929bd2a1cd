"""The generated regions, and what the README promises."""

import re

import pytest

from bot.docs import FILES, FIRST, REGIONS, BadMarks, rewrite, stale, usage_hint
from bot.registry import load
from bot.settings import Settings, about


def test_they_are_fresh(root):
    """`make docs` has nothing to do."""
    assert stale(root) == []


def test_every_region_is_somewhere(root):
    """What is generated is also shown."""
    text = "".join((root / name).read_text() for name in FILES)
    assert set(re.findall(r"aikeys:begin ([a-z-]+)", text)) == set(REGIONS)


def test_every_setting_and_command_has_its_row(root):
    """Whoever adds one gets a row by `make docs`; whoever forgets gets this."""
    readme, reference = (root / "README.md").read_text(), (root / "docs" / "settings.md").read_text()
    for name, setting in about().items():
        row = f"| `{setting.env}` | {setting.help} |"
        assert row in reference
        assert (row in readme) is (name in FIRST or Settings.model_fields[name].is_required())
    for command in load().values():
        assert f"`/aikeys {command.usage}`" in readme


def test_only_the_region_changes():
    """What stands outside is left alone, byte for byte; lines get the indent of their mark."""
    text = (
        "a: 1\n  # aikeys:begin x (by make)\n  old\n  # aikeys:end x\nb: 2\n"
        "<!-- aikeys:begin y -->\n<!-- aikeys:end y -->\n"
    )
    made = rewrite(text, {"x": lambda: ["new", "", "more"], "y": lambda: ["row"]})
    assert made == (
        "a: 1\n  # aikeys:begin x (by make)\n  new\n\n  more\n  # aikeys:end x\nb: 2\n"
        "<!-- aikeys:begin y -->\nrow\n<!-- aikeys:end y -->\n"
    )
    assert rewrite(made, {"x": lambda: ["new", "", "more"], "y": lambda: ["row"]}) == made


@pytest.mark.parametrize(
    "text",
    [
        "no marks at all\n",
        "# aikeys:begin x\nnot closed\n",
        "# aikeys:begin x\n# aikeys:end y\n",
        "# aikeys:end x\n",
        "# aikeys:begin nobody\n# aikeys:end nobody\n",
    ],
)
def test_broken_marks_are_an_error(text):
    """A region that silently is not written any more would rot."""
    with pytest.raises(BadMarks):
        rewrite(text, {"x": list})


def test_the_hint_stays_within_slacks_limit():
    """A thousand characters (Slack's manifest schema): with many commands their names alone."""
    one = load()["health"]
    many = {f"command-{number}": one for number in range(90)}
    assert len(usage_hint(many)) <= 1000


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "docs/architecture.md",
        "docs/detectors.md",
        "docs/performance.md",
        "docs/playground.md",
        "docs/production.md",
        "docs/reliability.md",
        "docs/settings.md",
    ],
)
def test_links_lead_somewhere(root, name):
    """Every relative link and picture of the documents exists."""
    page = root / name
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text()):
        if target.endswith(".png") and not (root / "docs" / "shots").is_dir():
            continue  # made by `make shots`
        assert (page.parent / target).exists(), f"{name} → {target}"


def test_every_class_of_the_glossary_is_there(root):
    """A word that the code no longer uses would send its reader looking."""
    glossary = (root / "docs" / "architecture.md").read_text().partition("## The house's words")[2]
    code = "".join(path.read_text() for folder in ("bot", "store") for path in sorted((root / folder).rglob("*.py")))
    named = set(re.findall(r"`([A-Z]\w+)`", glossary))
    assert len(named) > 10
    assert [one for one in named if not re.search(rf"^class {one}\b", code, re.MULTILINE)] == []
