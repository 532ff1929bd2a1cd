# Every target makes .venv from the lock first, when it is missing or stale.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
PYTHON ?= python3
PORT ?= 8400
# Processes for the tests, each with servers of its own. Half of a test is waiting: four keep two cores busy.
WORKERS ?= 4
BIN := .venv/bin

.PHONY: demo run test lint docs bench simulate canaries chaos attack shots lock image clean
.DEFAULT_GOAL := test

# The stamp holds the lock's own text: a checkout that changes the lock makes the environment anew,
# a checkout that only touches its date does not.
.venv/lock: requirements.lock pyproject.toml
	@if ! cmp -s requirements.lock .venv/lock; then \
	  $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "aikeys needs Python 3.11 or newer; set PYTHON=/path/to/python3.11")'; \
	  echo "making .venv from requirements.lock (once, about half a minute)"; \
	  rm -rf .venv && $(PYTHON) -m venv .venv; \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock; \
	fi
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@cp requirements.lock .venv/lock

demo: .venv/lock
	@exec $(BIN)/python -m playground --port $(PORT)

run: .venv/lock
	@exec $(BIN)/python -m bot run

# Compiled once, whatever the shell says: thousands of modules, read by each of many processes
test: export PYTHONDONTWRITEBYTECODE :=
test: .venv/lock
	@exec $(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal $(if $(UNSTEADY),--unsteady $(UNSTEADY))

lint: .venv/lock
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m bot docs --check

docs: .venv/lock
	$(BIN)/python -m bot docs

# BENCH="--only acks --rounds 3" and what else `python -m bench --help` knows; all of it takes half an hour
bench: .venv/lock
	@exec $(BIN)/python -m bench $(BENCH)

# False pages of a month of ordinary noise, by detector, into docs/detectors.md: MONTHS=20 for figures that hold
simulate: .venv/lock
	@exec $(BIN)/python -m bench.simulating --months $(or $(MONTHS),1) --write docs/detectors.md

# All of it takes hours: MINUTES=30 does a share of each. CHAOS="--only clicks storm --seed 7" and what else
# `python -m tests.chaos.all --help` knows; each programme has a help of its own.
chaos: .venv/lock
	@exec $(BIN)/python -m tests.chaos.all $(if $(MINUTES),--minutes $(MINUTES)) $(CHAOS)

# The tests of docs/threats.md, fuzzers for longer, the dependencies: ATTACK="--longer 3 --no-audit", or "--must-audit"
attack: .venv/lock
	@exec $(BIN)/python -m tests.attack $(ATTACK)

# CANARIES="--rotations 500" and what else `python -m tests.canaries --help` knows
canaries: .venv/lock
	@exec $(BIN)/python -m tests.canaries $(CANARIES)

shots: .venv/lock
	@exec $(BIN)/python -m tests.browser.shots

# The image for production (docs/production.md); IMAGE="--build-arg POSTGRES=" and what else docker build knows
image:
	docker build --pull --tag aikeys:$$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml) $(IMAGE) .

# Three: all that tests need, of that what runs in production, and what the audit of both runs in
lock:
	uv pip compile --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
	  --extra playground --extra dev --custom-compile-command "make lock" pyproject.toml -o requirements.lock
	uv pip compile --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
	  --constraints requirements.lock --custom-compile-command "make lock" pyproject.toml -o requirements.run.lock
	echo pip-audit==2.10.1 | uv pip compile --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
	  --custom-compile-command "make lock" - -o tests/attack/audit.lock

clean:
	rm -rf .venv .venv-audit .mypy_cache .ruff_cache .pytest_cache .hypothesis var
