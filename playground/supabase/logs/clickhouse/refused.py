"""How ClickHouse says no."""


class Refused(Exception):
    """With ClickHouse's own code and name of an error, such as 47 UNKNOWN_IDENTIFIER (ClickHouse, ErrorCodes.cpp)."""

    def __init__(self, code: int, name: str, why: str) -> None:
        self.code = code
        super().__init__(f"Code: {code}. DB::Exception: {why}. ({name})")


class Restricted(Exception):
    """What the endpoint refuses before ClickHouse sees it (Supabase docs, "Querying logs": restrictions)."""
