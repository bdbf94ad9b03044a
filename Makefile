.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PYTEST := $(BIN)/pytest
WORKERS ?= 2
export LANG := C.UTF-8

help: ## show the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "%-14s %s\n", $$1, $$2}'

setup: $(VENV)/.ready assets ## virtual environment from the lock, Debian packages where allowed, front-end files

$(VENV)/.ready: requirements.lock pyproject.toml scripts/debian-packages.sh
	bash scripts/debian-packages.sh
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python scripts/link_package.py
	touch $@

assets: $(VENV)/.ready ## front-end files from the lock (npm ci, hashed names)
	$(BIN)/python scripts/assets.py

demo: setup ## the main job on this machine, then its pages
	$(BIN)/lachan demo

test: setup test-sqlite test-postgres test-browser ## all tests: SQLite, PostgreSQL, browser

test-quick: setup ## unit and architecture tests
	$(PYTEST) tests/unit tests/architecture -q -n $(WORKERS)

test-sqlite: setup
	LACHAN_TEST_DATABASE=sqlite $(PYTEST) tests/unit tests/architecture tests/integration -q -n $(WORKERS) -m "not processes"
	LACHAN_TEST_DATABASE=sqlite $(PYTEST) tests/integration -q -m processes

test-postgres: setup
	LACHAN_TEST_DATABASE=postgres $(PYTEST) tests/integration -q -n $(WORKERS) -m "not processes"
	LACHAN_TEST_DATABASE=postgres $(PYTEST) tests/integration/demo/test_demo_killed.py tests/integration/exchange/test_killed_at_each_statement.py -q

test-browser: setup
	LACHAN_TEST_DATABASE=sqlite $(PYTEST) tests/browser -q

check: setup ## style, types, import directions, migrations, generated files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy lachan
	$(BIN)/lint-imports
	$(BIN)/python -m django makemigrations --check --dry-run --settings=lachan.settings
	$(BIN)/python scripts/generate_docs.py --check

bench: setup ## figures with their peers
	$(BIN)/lachan bench exchange --size small
	$(BIN)/lachan bench tracing --size small
	$(BIN)/lachan bench pages --size small

docs: setup ## write the generated parts of the documentation
	$(BIN)/python scripts/generate_docs.py

screenshots: setup ## pictures of docs/screenshots, from a demonstration made for them
	folder=$$(mktemp -d) && $(BIN)/lachan demo --headless --json --keep $$folder >/dev/null && $(BIN)/python scripts/screenshots.py $$folder && rm -rf $$folder
	LACHAN_TEST_DATABASE=sqlite LACHAN_PICTURES=docs/screenshots $(PYTEST) tests/browser/test_main_job.py -q -k keyboard

messages: setup ## translation catalogues
	$(BIN)/python scripts/messages.py

lock: ## a new lock with hashes
	uv lock --quiet && uv export --quiet --frozen --no-emit-project --no-header --all-extras --all-groups -o requirements.lock && rm -f uv.lock

clean: ## what was built
	rm -rf $(VENV) node_modules lachan/web/static/built .mypy_cache .ruff_cache .pytest_cache lachan-data

.PHONY: help setup assets demo test test-quick test-sqlite test-postgres test-browser check bench docs messages screenshots lock clean
