# The two commands of the README are `make run` and `make test`.
SHELL := /bin/bash
NPM_CI := web/node_modules/.package-lock.json

.PHONY: run test web release tools api-check

## Build everything, start it with sample recordings and print the address.
run: release
	@target/release/clisonix models pull || echo "without models components and sleep stages have no labels: see clisonix models --help"
	target/release/clisonix serve --samples

## Everything that CI checks.
test: tools $(NPM_CI)
	CLX_PYTHON="$${CLX_PYTHON:-$$(./scripts/test-python.sh)}" cargo xtask ci

release: web
	cargo build --release --locked -p clisonix

web: $(NPM_CI)
	cd web && npm run build

$(NPM_CI): web/package-lock.json
	cd web && npm ci --no-audit --no-fund
	@touch $@

## Debian packages that the tests use: a browser, a database server, readers of sound and PDF.
tools:
	./scripts/test-tools.sh

## Generated requests against every operation of the API (schemathesis, from the Python index), by
## the binary that the tests build. A part of `make test`.
api-check:
	cargo xtask api-check
