"""What people ask besides health: each topic gathers its answers at once (I/O) and judges them into a Report (pure)."""
