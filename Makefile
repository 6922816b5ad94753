# Four targets: run, test, check, bench. Only python3 (3.11 to 3.13, with venv and pip) is assumed.
PYTHON ?= python3
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input

.PHONY: run test check bench locks clean

run: .venv/.runtime
	@exec $(BIN)/minitool-bots run

test: .venv/.dev
	$(BIN)/python -m pytest -n $${TEST_JOBS:-3} --dist loadfile

check: .venv/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m coverage erase
	COVERAGE_PROCESS_START=pyproject.toml $(MAKE) --no-print-directory test PYTEST_ADDOPTS="--cov-off" 

bench: .venv/.dev
	$(BIN)/python -m bench

.venv/.runtime: requirements/runtime.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(INSTALL) --require-hashes -r requirements/runtime.lock
	$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: requirements/dev.lock .venv/.runtime
	$(INSTALL) --require-hashes -r requirements/dev.lock
	@touch $@
