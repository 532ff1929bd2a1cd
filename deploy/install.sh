#!/bin/sh
# What the bot needs to run and nothing else, into .venv of this folder: the image and a machine of your own
# are made by these same steps. PYTHON=/path/to/python3.11 where python3 is older.
set -eu
cd "$(dirname "$0")/.."
PYTHON=${PYTHON:-python3}
"$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11) and "aikeys needs Python 3.11 or newer; set PYTHON=/path/to/python3.11")'
rm -rf .venv
"$PYTHON" -m venv .venv
# Wheels alone: nothing that is downloaded is run while it is installed. Each has the hash that the lock names.
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-cache-dir \
  --only-binary :all: --no-deps --require-hashes -r requirements.run.lock
# The code is run where it lies, as it was written: no build tool is needed.
.venv/bin/python -c 'import os, sysconfig; print(os.getcwd(), file=open(sysconfig.get_path("purelib") + "/aikeys.pth", "w"))'
printf '#!%s/.venv/bin/python\nimport sys\n\nfrom bot.__main__ import main\n\nsys.exit(main())\n' "$PWD" > .venv/bin/aikeys
chmod 755 .venv/bin/aikeys
# What installs is not needed any more.
.venv/bin/python -m pip uninstall --quiet --yes pip setuptools 2>/dev/null || true
.venv/bin/python -m compileall -q .venv/lib bot commands store
