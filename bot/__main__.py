"""`aikeys`, also `python -m bot`: the bot and what belongs to it, from a shell.

`run` starts within a second and therefore without the libraries that make the rest of the command line comfortable.
"""

import sys


def main() -> None:
    """Run the command line; exit with its code (see bot.cli.exits)."""
    if sys.argv[1:] == ["run"]:
        leave_rich_out()
        from bot.cli.run import run  # noqa: PLC0415  # typer and rich cost 150 ms before the first connection

        sys.exit(run())
    if sys.argv[1:] in (["alive"], ["alive", "--ready"]):
        from bot.cli.alive import alive  # noqa: PLC0415  # asked each minute by a container's health check

        sys.exit(alive(ready="--ready" in sys.argv))
    from bot.cli.app import app  # noqa: PLC0415  # see above

    app()


def leave_rich_out() -> None:
    """Load structlog as if rich were not installed: it loads rich, 30 ms, for tracebacks that we write ourselves."""
    sys.modules["rich"] = None  # type: ignore[assignment]  # Python's own way to say “not there” (importlib docs)
    try:
        import structlog  # noqa: F401, PLC0415
    finally:
        del sys.modules["rich"]


if __name__ == "__main__":
    main()
