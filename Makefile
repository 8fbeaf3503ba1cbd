# One word runs what the build runs. `make` alone lists the words.

.DEFAULT_GOAL := help
.PHONY: help setup test lint types check format serve bench clean

BIN := .venv/bin
STAMP := .venv/.installed

# The first Python on this machine that is recent enough; or name one: make setup PYTHON=/path/to/python
RECENT := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON = $(shell for p in python3 python3.13 python3.12 python3.11; do $$p -c '$(RECENT)' 2>/dev/null && echo $$p && break; done)

help:  ## list these words
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(STAMP)  ## make .venv and install everything, with the versions of constraints.txt
	@echo "setup: .venv is up to date"

$(STAMP): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "setup: no Python 3.11 or later found; install one, or name it: make setup PYTHON=/path/to/python" >&2; exit 1; }
	@echo "setup: installing into .venv ($$($(PYTHON) --version))"
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv \
		|| { echo "setup: $(PYTHON) cannot make a virtual environment; install its venv module (on Debian: python3-venv)" >&2; exit 1; }
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-input -c constraints.txt -e '.[test]'
	@touch $@

test: setup  ## run the tests
	@$(BIN)/python -m pytest

lint: setup  ## check format and style
	@$(BIN)/ruff format --check --quiet . || { echo "lint: run 'make format'" >&2; exit 1; }
	@$(BIN)/ruff check --quiet .

types: setup  ## check the types of the package
	@$(BIN)/mypy

check: lint types test  ## all of the above: what the build runs

format: setup  ## put the code in the one format
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --quiet --fix .

serve: setup  ## serve the current release; builds one if there is none
	@test -e "$${MEM_GRAPH_RELEASES_DIR:-releases}/current" || $(BIN)/mem-graph build
	@$(BIN)/mem-graph serve

bench: setup  ## run the benchmarks
	@for program in $(wildcard benchmarks/[a-z]*.py); do $(BIN)/python $$program || exit 1; done

clean:  ## remove .venv, caches and build output; releases stay
	@rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage build dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
