"""What a bot in the playground is told to keep things with: folders, PostgreSQL's programs, a key pair of its own."""

from pathlib import Path

from playground.supabase.postgres import programs
from playground.town import Town

SECRET = "age-key.txt"  # the file's name; what is in it opens made-up data


def settings(town: Town, folder: Path) -> dict[str, str]:
    """The environment for copies and dumps below *folder*; the private key lies there too, as it would in a safe."""
    from pyrage import x25519  # noqa: PLC0415  # few need it

    pair = x25519.Identity.generate()
    (folder / SECRET).write_text(f"{pair}\n")
    postgres = town.project.postgres
    return {
        "AIKEYS_COPIES": str(folder / "copies"),
        "AIKEYS_DUMPS": str(folder / "dumps"),
        "AIKEYS_DUMP_KEY": str(pair.to_public()),
        "AIKEYS_DUMP_URL": f"postgresql://supabase_read_only_user@/postgres?host={postgres.host}&port={postgres.port}",
        "AIKEYS_PG_BIN": str(programs()),
    }
