# Verbs only; `make` alone prints them.

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input
PYTEST := $(BIN)/python -m pytest

.DEFAULT_GOAL := help
.PHONY: help run test quick look fix bench lock dist prepared

help:
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-6s %s\n", $$1, $$2 }' Makefile

run: .venv/run.stamp ## Serve the demo hospital and its worker at http://127.0.0.1:8000 (PORT=9000 moves it)
	@export SHADOWING_ENV="$${SHADOWING_ENV:-demo}" \
		SHADOWING_BASE_URL="$${SHADOWING_BASE_URL:-http://127.0.0.1:$(PORT)}"; \
	$(BIN)/shadowing db upgrade && $(BIN)/shadowing demo load --if-empty \
		&& exec $(BIN)/shadowing serve --port $(PORT)

test: .venv/dev.stamp prepared ## Static checks, then the whole suite on SQLite, on PostgreSQL and in a real browser
	@$(MAKE) --no-print-directory look
	@rm -f .coverage .coverage.*
	@$(BIN)/coverage run -m pytest -n 2 --dist worksteal; result=$$?; \
	$(BIN)/coverage combine --quiet; \
	covered=$$($(BIN)/coverage report --format=total) || result=1; \
	echo "Covered by branch: $$covered %; $(BIN)/coverage report names what is not"; \
	exit $$result

quick: .venv/dev.stamp ## The suite without what is slow
	@$(PYTEST) -m "not slow"

look: .venv/dev.stamp ## Every check that runs nothing: lint, format, types, floors, locks
	@$(BIN)/ruff check --quiet && $(BIN)/ruff format --check --quiet
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python tools/lock.py --check

fix: .venv/dev.stamp ## Mend what the linter and the formatter can mend
	@$(BIN)/ruff check --fix --quiet; $(BIN)/ruff format

bench: .venv/dev.stamp ## Measure; print a table of ratios and write it to bench/RESULTS.md
	@$(BIN)/python -m bench

lock: .venv/dev.stamp ## Compile requirements*.txt anew from setup.cfg
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python tools/lock.py

dist: .venv/dev.stamp ## Build the wheel into dist/
	@rm -rf build
	@$(BIN)/python -m build --wheel --no-isolation --outdir dist .

prepared: .venv/dev.stamp
	@$(BIN)/python tools/prepare.py

# Installed anew only when a lock or the package's own description changed.
.venv/run.stamp: requirements.txt setup.cfg
	$(call install,requirements.txt)
	@touch $@

.venv/dev.stamp: requirements-dev.txt setup.cfg
	$(call install,requirements-dev.txt)
	@touch .venv/run.stamp $@

define install
@$(PYTHON) -c 'import sys; sys.exit("Shadowing needs Python 3.11 or newer; say which: make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
@echo "Installing $(1) into .venv"
@$(PIP) install --root-user-action=ignore --require-hashes --requirement $(1)
@$(PIP) install --root-user-action=ignore --no-deps --no-build-isolation --editable .
endef
