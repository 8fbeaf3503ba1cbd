# One word runs what the build runs. `make` alone lists the words.

.DEFAULT_GOAL := help
.PHONY: help setup setup-system clients test lint types check format serve bench bench-add bench-http bench-engines bench-scale bench-validation bench-questions clean

BIN := .venv/bin
STAMP := .venv/.installed
CLIENTS := tests/clients/node_modules/.package-lock.json
PEERS := .venv-bench/.installed
APART := benchmarks/over_http.py benchmarks/peers.py benchmarks/engines.py benchmarks/hemisphere.py benchmarks/made_up.py benchmarks/exchange.py benchmarks/scale.py benchmarks/validation.py benchmarks/questions.py

# What tests and benchmarks use of the system, by the names of Debian's packages; where one is absent, they say so.
SYSTEM := chromium nginx-light virtuoso-opensource-7 wrk

# The first Python on this machine that is recent enough; or name one: make setup PYTHON=/path/to/python
RECENT := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON = $(shell for p in python3 python3.13 python3.12 python3.11; do $$p -c '$(RECENT)' 2>/dev/null && echo $$p && break; done)

# How many tests run at once.
TOGETHER = auto
# Those that hold a test which runs alone: to collect the thousands of the others takes longer than some of these.
ALONE = $(shell grep -rl 'mark\.alone' tests --include='test_*.py')

# Modules are compiled once, also where the environment asks for no files of it: tests start hundreds of processes.
export PYTHONDONTWRITEBYTECODE =

help:  ## list these words
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(STAMP)  ## make .venv and install everything, with the versions of constraints.txt
	@echo "setup: .venv is up to date"

$(STAMP): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "setup: no Python 3.11 or later found; install one, or name it: make setup PYTHON=/path/to/python" >&2; exit 1; }
	@echo "setup: installing into .venv ($$($(PYTHON) --version))"
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv \
		|| { echo "setup: $(PYTHON) cannot make a virtual environment; install its venv module (on Debian: python3-venv)" >&2; exit 1; }
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-input -c constraints.txt -e '.[test]'
	@touch $@

setup-system:  ## install what tests and benchmarks use of the system: Debian's packages, as root
	@apt-get update -qq && DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -qq -y --no-install-recommends $(SYSTEM) >/dev/null
	@echo "setup-system: $(SYSTEM)"

clients: $(CLIENTS)  ## install what tests run that is JavaScript, with the versions of the lock file; needs npm
	@echo "clients: tests/clients/node_modules is up to date"

$(CLIENTS): tests/clients/package.json tests/clients/package-lock.json
	@cd tests/clients && npm ci --ignore-scripts --loglevel=error
	@touch $@

$(PEERS): pyproject.toml constraints.txt
	@$(BIN)/python -m venv --clear .venv-bench
	@.venv-bench/bin/python -m pip install -qq --disable-pip-version-check --no-input -c constraints.txt '.[bench]'
	@touch $@

test: setup  ## run the tests: most side by side, then those that need the machine for themselves
	@status=0; \
	$(BIN)/python -m pytest -n $(TOGETHER) --dist loadfile --no-loadscope-reorder -m "not alone" || status=1; \
	$(BIN)/python -m pytest -m alone $(ALONE) || status=1; \
	exit $$status

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
	@for program in $(filter-out $(APART), $(wildcard benchmarks/[a-z]*.py)); do $(BIN)/python $$program || exit 1; done

bench-add: setup  ## add 34 made-up reports in one command
	@$(BIN)/python benchmarks/hemisphere.py

bench-http: setup $(PEERS)  ## compare the server with those of others that are found here
	@$(BIN)/python benchmarks/over_http.py

bench-engines: setup $(PEERS)  ## the prepared questions from memory and from engines elsewhere
	@$(BIN)/python benchmarks/engines.py

bench-scale: setup  ## what one machine carries: up to 10 million quads of made-up reports; SIZES=1,2 for less
	@$(BIN)/python benchmarks/scale.py

bench-validation: setup  ## shapes checked by queries and by pyshacl, side by side: one report, and 34; REPORTS=5 for less
	@$(BIN)/python benchmarks/validation.py

bench-questions: setup  ## every prepared question and query of pages at 34 made-up reports; fails above 20 ms
	@$(BIN)/python benchmarks/questions.py

evaluate: setup  ## print how well reports coded by hand are read; fails below its floors
	@$(BIN)/python benchmarks/evaluate.py

clean:  ## remove .venv, caches and build output; releases stay
	@rm -rf .venv .venv-bench tests/clients/node_modules .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage build dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
