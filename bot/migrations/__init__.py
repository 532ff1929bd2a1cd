"""Which migrations are applied, which wait, and where the database and the repository have parted ways."""
