# The environment, then everything: `make figures` and `make test` are all a fresh machine needs.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: figures test fetch verify lab benchmark clean
figures: .venv/.ready
	@$(BIN)/doit figures

test: .venv/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -n auto

fetch: .venv/.ready
	$(BIN)/tradeanalytics fetch

verify: .venv/.ready
	$(BIN)/tradeanalytics verify

lab: .venv/.ready
	$(BIN)/jupyter lab notebooks

benchmark: .venv/.ready
	$(BIN)/python -m benchmarks.addresses
	$(BIN)/python -m benchmarks.cleaning
	$(BIN)/python -m benchmarks.customs
	$(BIN)/python -m benchmarks.detectors
	$(BIN)/python -m benchmarks.goods
	$(BIN)/python -m benchmarks.matching
	$(BIN)/python -m benchmarks.ranking
	$(BIN)/python -m benchmarks.screening
	$(BIN)/python -m benchmarks.workbook

clean:
	rm -rf .venv .doit.db.json data/processed/[!.]*

# uv installs the same pins in seconds; where it cannot be had, pip does it in a minute.
.venv/.ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.9 \
	  && $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock \
	  || $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch .venv/.ready
