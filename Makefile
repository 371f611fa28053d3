PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help run demo test cover test-proxy fuzz check audit openapi bench bench-peers bench-auth deadline-night bench-scale bench-exports bench-photos lock clean

help: ## show these lines
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

run: $(VENV)/.ready ## start everything: PostgreSQL, S3, the three services, the demo accounts
	@$(BIN)/xianjin serve

demo: $(VENV)/.ready ## tell one case from phone to printed form, against the running server
	@$(BIN)/xianjin demo

test: $(VENV)/.ready tests/clients/node_modules/.ready ## run all tests; starts the servers it needs itself
	$(BIN)/python -m pytest -n 2 --dist loadfile

cover: $(VENV)/.ready tests/clients/node_modules/.ready ## run all tests and say which lines none of them runs; slower
	$(BIN)/python -m pytest -n 2 --dist loadfile --cov --cov-report=term:skip-covered

tests/clients/node_modules/.ready: tests/clients/package.json tests/clients/package-lock.json
	cd tests/clients && npm ci --silent
	@touch $@

test-proxy: $(VENV)/.ready ## the services behind a real nginx, which must be installed
	$(BIN)/python -m pytest tests/journeys/behind_nginx.py

fuzz: $(VENV)/.ready ## wrong and right requests made from the contract, for SECONDS=… with SEED=…
	XIANJIN_FUZZ_EXAMPLES=$(or $(EXAMPLES),200) XIANJIN_FUZZ_SECONDS=$(or $(SECONDS),900) XIANJIN_FUZZ_SEED=$(or $(SEED),2) \
		$(BIN)/python -m pytest tests/contracts/test_fuzz.py -q

check: $(VENV)/.ready ## lint, types, layers, contract and generated pages
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/xianjin openapi --check
	$(BIN)/xianjin audiences --check
	$(BIN)/xianjin workflow --check
	$(BIN)/xianjin errors --check
	$(BIN)/xianjin requirements --check
	$(BIN)/xianjin campaign schema --check
	@$(MAKE) -s audit

audit: $(VENV)/.ready ## secrets in the tree, and the list of what is shipped (build/sbom.json); needs no network
	@git ls-files -z -- . ':!openapi' ':!tests/data' ':!*.lock' ':!*.jpg' ':!campaigns/schema' | \
		xargs -0 $(BIN)/detect-secrets-hook --disable-plugin Base64HighEntropyString --disable-plugin HexHighEntropyString \
		--disable-plugin KeywordDetector
	@mkdir -p build && $(BIN)/cyclonedx-py requirements deploy/requirements.lock --of JSON -o build/sbom.json

openapi: $(VENV)/.ready ## write openapi/, campaigns/schema/ and the generated pages of docs/
	$(BIN)/xianjin openapi
	$(BIN)/xianjin audiences
	$(BIN)/xianjin workflow
	$(BIN)/xianjin errors
	$(BIN)/xianjin requirements
	$(BIN)/xianjin campaign schema

bench: $(VENV)/.ready .bench/.ready ## processor time a request against a floor, a naive app and Django REST Framework, as ratios
	@$(BIN)/python -m bench.speed

bench-peers: $(VENV)/.ready ## the same work done by Directus from npm, as ratios; installs 900 MB into .bench-peers
	@$(BIN)/python -m bench.peers

deadline-night: $(VENV)/.ready ## every county at once on slow phones; then counts what was lost or doubled
	@$(BIN)/python -m bench.night

bench-scale: $(VENV)/.ready ## the same lists out of a thousand and a million cases, as ratios
	$(BIN)/python -m bench.scale

bench-auth: $(VENV)/.ready ## what a token costs to verify, and what 200 sign-ins a second do to other answers
	@$(BIN)/python -m bench.sign_in

lock: $(VENV)/.ready ## renew requirements.lock from pyproject.toml
	$(BIN)/python -m pip install -q uv
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-emit-index-url --no-header \
		--extra embedded --extra dev pyproject.toml -o requirements.lock -q
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-emit-index-url --no-header \
		bench/requirements.in -o bench/requirements.lock -q
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-emit-index-url --no-header \
		--extra tracing pyproject.toml -o deploy/requirements.lock -q

bench-exports: $(VENV)/.ready ## processor time of tables, forms and packages, beside the plainest way
	@$(BIN)/python -m bench.exports

bench-photos: $(VENV)/.ready ## accuracy and time of the photo checks on a labelled folder, DIR=…
	@$(BIN)/python -m bench.photos $(or $(DIR),tests/data/photos)

clean: ## remove the environment and the embedded servers' data
	rm -rf $(VENV) .bench .bench-peers .xianjin tests/clients/node_modules tests/clients/.made

$(VENV)/.ready: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.bench/.ready: bench/requirements.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes --upgrade --target .bench -r $<
	@touch $@
