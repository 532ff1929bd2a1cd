"""Why something is slow, refused or down: each topic gathers its evidence at once (I/O) and judges it (pure)."""
