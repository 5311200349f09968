# make demo: set up and show the main job.  make test: set up and run the tests.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready

.PHONY: demo test fuzz differential mutants check bench format generate new-plugin new-rule wheel clean

demo: $(STAMP)
	@$(BIN)/python examples/demo.py

test: $(STAMP)
	$(BIN)/python -m pytest -q

# The property tests with new random examples, then a minute of each target of tests/fuzz. ARGS="zones --seconds 3600" goes on.
fuzz: $(STAMP)
	HYPOTHESIS_PROFILE=fuzz $(BIN)/python -m pytest -q tests/property
	$(BIN)/python -m tests.fuzz $(ARGS)

# Random Corefiles and questions, put to the CoreDNS binaries that COREDNS names (with `:` between them), and to ours.
# ARGS="--corefiles 2000" asks nothing, but compares which Corefiles start, and in which words others are refused.
differential: $(STAMP)
	$(BIN)/python scripts/differential.py $(ARGS)

# Small changes of the examples' Corefiles, each of which the tests there have to notice. ARGS=examples/autopath: of one.
mutants: $(STAMP)
	$(BIN)/python scripts/mutants.py $(ARGS)

check: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m corefile.language.grammar --check
	$(BIN)/python -m corefile.gotemplate.grammar --check
	$(BIN)/python docs/generate.py --check

bench: $(STAMP)
	$(BIN)/python benchmarks/run.py

format: $(STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

generate: $(STAMP)
	$(BIN)/python -m corefile.language.grammar
	$(BIN)/python -m corefile.gotemplate.grammar
	$(BIN)/python docs/generate.py

# make new-plugin NAME=stamp SHAPE=filter: its module, its test, its line of news; then fill in what says TODO.
new-plugin: $(STAMP)
	@$(BIN)/python scripts/new_plugin.py $(NAME) $(SHAPE)

# make new-rule NAME=cache-too-long ABOUT=cache: its file, its test, its number; then fill in what says TODO.
new-rule: $(STAMP)
	@$(BIN)/python scripts/new_rule.py $(NAME) $(ABOUT)

wheel: $(STAMP)
	$(BIN)/python -m build --no-isolation --wheel

clean:
	rm -rf $(VENV) dist build *.egg-info .mypy_cache .ruff_cache .hypothesis

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[testing]" --group dev
	@touch $(STAMP)
