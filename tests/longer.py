"""How much longer than in the gate a fuzzer goes on: `make attack` says so, and then tries what was never tried."""

import os

LONGER = int(os.environ.get("TESTS_LONGER", "1"))
