"""`aikeys docs`: writes the marked regions of manifest.yml, README.md and three documents."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.exits import Exit


def write(
    check: Annotated[bool, typer.Option("--check", help="write nothing; exit with 1 where something is stale")] = False,
) -> None:
    """Write the marked regions of manifest.yml, README.md, docs/settings.md, detectors.md and docs/authorisation.md."""
    from bot.docs import render, stale  # noqa: PLC0415  # it loads all commands

    root = Path(__file__).parents[2]
    found = stale(root)
    if check and found:
        for path in found:
            typer.echo(f"{path.relative_to(root)} is stale: run make docs", err=True)
        raise typer.Exit(Exit.BAD)
    if not check:
        for path in found:
            path.write_text(render(path))
            typer.echo(f"wrote {path.relative_to(root)}")
