PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: run test check bench soak quality format sdl setup clean

setup: $(READY)

$(READY): pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $(READY)

run: setup
	@$(BIN)/sociograph serve

TEST_PROCESSES ?= 2

test: setup
	@$(BIN)/pytest --numprocesses $(TEST_PROCESSES) --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m schema.sdl --check

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

sdl: setup
	$(BIN)/python -m schema.sdl --write

bench: setup
	$(BIN)/python -m benchmarks $(BENCH_ARGS)

soak: setup
	@$(BIN)/python -m benchmarks.soak $(SOAK_ARGS)

QUALITY_DATA ?= ../shared/data
QUALITY_ARGS ?= --edges --events 10000

quality: setup
	@if ls $(QUALITY_DATA)/*.csv.gz >/dev/null 2>&1; \
	then $(BIN)/sociograph quality $(QUALITY_ARGS) $(QUALITY_DATA)/*.csv.gz; \
	else echo "No logs in $(QUALITY_DATA); say where they are: make quality QUALITY_DATA=folder"; fi

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
