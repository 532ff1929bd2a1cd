"""The settings of what is kept for a bad day: copies of the bot's memory, dumps of the wallet's database."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, SecretStr

from bot.settings import shapes
from bot.settings.about import About, Group


class Copies(Group):
    """Copies and dumps."""

    copies: Annotated[
        Path | None,
        About(
            "AIKEYS_COPIES",
            "the folder where the bot's own memory is copied every four minutes; best on another disk",
            "/mnt/backup/aikeys",
            "a bot that goes on after its machine is lost: what waits, what runs, the timeline",
        ),
    ] = None
    dump_url: Annotated[
        Annotated[SecretStr, AfterValidator(shapes.postgres)] | None,
        About(
            "AIKEYS_DUMP_URL",
            "the connection string of a user that may only read the wallet's database, and sees all rows",
            "postgresql://backup_reader:password@db.abcdefghijklmnopqrst.supabase.co:5432/postgres",
            "/aikeys backup dump: a dump of your own (with the two below)",
        ),
    ] = None
    dump_key: Annotated[
        Annotated[tuple[str, ...], BeforeValidator(shapes.listed), AfterValidator(shapes.recipients)],
        About(
            "AIKEYS_DUMP_KEY",
            "the public keys of age (age1…) that a dump is encrypted to; the private ones stay away from this machine",
            "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p",
            "dumps that only whoever holds a private key can read",
        ),
    ] = ()
    dumps: Annotated[
        Path | None,
        About(
            "AIKEYS_DUMPS",
            "the folder of the dumps; the newest seven are kept, and one a month for a year",
            "/mnt/backup/wallet",
            "a place for dumps",
        ),
    ] = None
    pg_bin: Annotated[
        Path | None,
        About(
            "AIKEYS_PG_BIN",
            "the folder of PostgreSQL's programs (pg_dump, psql, initdb, postgres), as new as the wallet's or newer",
            "/usr/lib/postgresql/17/bin",
            "dumps, and the throw-away database that each is restored into and counted",
        ),
    ] = None

    @property
    def dumping(self) -> bool:
        """True where all that a dump needs is set."""
        return bool(self.dump_url and self.dump_key and self.dumps and self.pg_bin)
