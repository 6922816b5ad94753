# Four targets: run, test, check, bench. Only python3 (3.11 to 3.13, with venv and pip) is assumed.
PYTHON ?= python3
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input
# Keeps compiled code even if the shell says not to: later starts are quicker.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run test check bench

run: .venv/.runtime
	@exec $(BIN)/minitool-bots run

# Tests mostly wait for servers, browsers and processes, so more of them run at once than there are processors.
test: .venv/.dev
	$(BIN)/python $(COVER) -m pytest -n $${TEST_JOBS:-$$((4 * $$(getconf _NPROCESSORS_ONLN)))} --dist loadfile --no-loadscope-reorder

check: .venv/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/coverage erase
	@$(MAKE) --no-print-directory test COVER="-m coverage run"
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --skip-covered --sort=cover

bench: .venv/.dev
	$(BIN)/python -m bench

# Checked here, as pip would only name a package without a version for that Python. A .venv without pip is incomplete.
FITS := import sys; (3, 11) <= sys.version_info < (3, 14) or sys.exit("Python 3.11 to 3.13 is needed: make run PYTHON=python3.12")

.venv/.runtime: requirements/runtime.lock pyproject.toml
	@test -x $(BIN)/pip || { $(PYTHON) -c '$(FITS)' && $(PYTHON) -m venv .venv; }
	$(INSTALL) --require-hashes -r requirements/runtime.lock
	$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: requirements/dev.lock .venv/.runtime
	$(INSTALL) --require-hashes -r requirements/dev.lock
	@touch $@
