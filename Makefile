# Everything runs from .venv, which `make setup` builds from uv.lock. A Python from 3.11 on is all it needs.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
STAMP := .venv/.synced

# Compiled modules are kept, whatever the environment says: without them every start compiles everything anew.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help setup run test lint format docs bench clean

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

setup: $(STAMP)  ## Build .venv and the web app from their lock files; instant when nothing changed
	@$(BIN)/python scripts/web.py build

$(STAMP): pyproject.toml uv.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@test -x $(BIN)/uv || { $(BIN)/python -m ensurepip >/dev/null && $(BIN)/python -m pip install --quiet uv; }
	@$(BIN)/uv sync --locked --quiet
	@touch $@

run: setup  ## Start the server, run the release-notes example, stay up (EXIT=1: do not; MODEL=local: 1.1 GB model here)
	@$(if $(filter local,$(MODEL)),$(BIN)/uv sync --locked --quiet --extra local)
	@$(BIN)/python scripts/demo.py $(if $(EXIT),--exit) $(if $(MODEL),--model $(MODEL))

test: lint  ## Lint, then every test on both databases (ARGS="-k words" to choose)
	@$(BIN)/python scripts/web.py npm run --silent test
	@$(BIN)/pytest -n 2 --dist loadgroup $(ARGS)

lint: setup  ## Style, types and import rules
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python scripts/web.py npm run --silent lint

format: setup  ## Put the code into the project's style
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format
	@$(BIN)/python scripts/web.py npm run --silent format

docs: setup  ## Write docs/reference/ anew from the code
	@$(BIN)/python scripts/reference.py

bench: setup  ## Measure against the floors of this machine; prints a table, writes bench.json
	@$(BIN)/python -m bench $(ARGS)

clean:  ## Remove the environment and the caches; .data, the demo's data, stays
	rm -rf .venv web/node_modules src/runwright/web/dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build dist
