# What people do with a checkout. `make help` lists it.
#
# Everything Python lives in .venv/, set up from the lock files by pip, and only when they have changed.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help demo test test-all nightly manual viewers lint lock clean ready ready-test programs programs-all programs-viewers

VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2
DEMO := build/demo
PYTEST := $(BIN)/pytest -n $(WORKERS) --dist loadfile --durations 10 --durations-min 5

# The stamps carry what they were made from in their name, so that a changed lock makes them stale.
RUN_STAMP := $(VENV)/.run-$(shell cat requirements.lock pyproject.toml | cksum | tr ' ' '-')
TEST_STAMP := $(VENV)/.test-$(shell cat requirements-test.lock pyproject.toml | cksum | tr ' ' '-')

help: ## this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

ready: $(RUN_STAMP)

ready-test: $(TEST_STAMP)

$(BIN)/python:
	@tests/new_environment.sh $(VENV)

$(RUN_STAMP): $(BIN)/python
	@echo "Installing what Schemebook needs into $(VENV) ..."
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@rm -f $(VENV)/.run-* && touch $@

$(TEST_STAMP): $(RUN_STAMP)
	@echo "Installing what the tests need into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements-test.lock
	@rm -f $(VENV)/.test-* && touch $@

demo: ready ## build site and forms, take in example returns, write a report, say where to look
	@tests/demo/run.sh $(BIN) $(DEMO)

lint: ready-test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

programs: ready-test
	@$(BIN)/python tests/set_up.py small

programs-all: ready-test
	@APT=$(APT) $(BIN)/python tests/set_up.py all

programs-viewers: ready-test
	@APT=$(APT) $(BIN)/python tests/set_up.py viewers

test: programs lint ## what a contributor waits for: style, types, import contracts, tests
	$(PYTEST)

test-all: programs-all lint ## the same with browser, servers and Java
	$(PYTEST) -m "not nightly"

nightly: programs-all ## the long ones too
	$(PYTEST) -m "" --timeout 7200

viewers: programs-viewers ## drive every program over every form, and make the manual's page of it (half an hour)
	$(BIN)/python -m tests.viewers.matrix
	$(BIN)/python generator/manual/viewers.py

manual: ready ## the manual, as a site in build/manual
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --config-file docs/manual.yml --site-dir $(CURDIR)/build/manual
	@echo "The manual: build/manual/index.html"

lock: ready-test ## renew both lock files (CONTRIBUTING says when)
	$(BIN)/uv pip compile $(LOCK_FLAGS) --group build pyproject.toml --output-file requirements.lock
	$(BIN)/uv pip compile $(LOCK_FLAGS) --group test --constraints requirements.lock pyproject.toml --output-file requirements-test.lock

# The lock holds for every platform and for Python 3.11.2, which Debian 12 has.
LOCK_FLAGS := --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-annotate --custom-compile-command "make lock"

clean: ## remove what the commands made, and .venv
	rm -rf $(VENV) build site tests/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
