# Everything that CI runs is `make test`; everything that a new user runs is `make run`.
SHELL := /bin/bash
GO ?= go
TEMPL := $(GO) tool -modfile=tools/go.mod templ
STATICCHECK := $(GO) tool -modfile=tools/go.mod staticcheck

.PHONY: run build assets templ test quick bench golden lint replay area setup trust pictures templ

## run: the portal on the embedded database with the demo world
run: build
	./bin/kontor serve --demo

## build: page assets and the binary
build: assets
	CGO_ENABLED=0 $(GO) build -trimpath -o bin/kontor ./cmd/kontor

## assets: scripts and styles, bundled from locked npm packages
assets: node_modules/.package-lock.json
	$(GO) run ./cmd/assets

node_modules/.package-lock.json: package.json package-lock.json
	npm ci --no-audit --no-fund --ignore-scripts
	@touch $@

## templ: the Go code of the pages
templ:
	$(TEMPL) generate -path internal

## test: installs what tests need, then vets, lints and runs everything on both databases and in the browser
test: setup assets lint
	$(GO) run ./internal/storetest/cluster/with -- $(GO) test -count=1 -timeout 20m ./...

## setup: PostgreSQL and Chromium, where they are missing and may be installed
setup:
	@./scripts/setup.sh

## lint: generated code is up to date, vet and staticcheck are clean, here and in tools, the API is described soundly and a client of it compiles
lint:
	$(TEMPL) generate -path internal
	@git diff --exit-code --stat -- '*_templ.go' || { echo "generated pages are not up to date: run make templ and commit"; exit 1; }
	@test -z "$$(gofmt -l cmd internal tools)" || { gofmt -l cmd internal tools; echo "run gofmt"; exit 1; }
	$(GO) vet ./...
	$(GO) vet -C tools ./...
	$(STATICCHECK) ./...
	$(GO) tool -C tools staticcheck ./...
	$(GO) test -C tools ./...
	$(GO) run -C tools ./contract ../internal/edge/api/testdata/openapi.golden.json

## quick: what a save should run: rules and the house, no database
quick:
	$(GO) vet ./... && $(GO) test ./internal/base/... ./internal/domain/... ./internal/arch/...

## bench: figures, each beside its reference
bench: build
	$(GO) run ./internal/storetest/cluster/with -durable -- $(GO) run ./internal/bench

## replay: the 4 012 purchase orders of the demo data on both databases
replay: build
	./bin/kontor replay --database sqlite:$$(mktemp -d)/replay.db
	$(GO) run ./internal/storetest/cluster/with -- ./bin/kontor replay --database env:KONTOR_TEST_POSTGRES

## trust: two hundred times kill -9 under load, on both databases
trust: build
	TRUST_ROUNDS=200 $(GO) run ./internal/storetest/cluster/with -- $(GO) test -count=1 -timeout 40m -v -run WhatWasAcknowledged ./internal/trust

## golden: rewrites the golden files and the pages made from code; read that diff as code
golden:
	for d in $$(grep -rl 'Bool("golden"' internal --include='*_test.go' | xargs -n1 dirname | sort -u); do \
		$(GO) run ./internal/storetest/cluster/with -- $(GO) test ./$$d -run 'Golden|Documentation|Mail|States|Events|Scenario' -golden || exit 1; done

## pictures: takes the pictures of the guides anew, walking through them
pictures: assets
	PICTURES=1 $(GO) test -count=1 -run Guides ./internal/trust

## area: the files of an area on every floor: make area A=budget
area:
	@git ls-files | grep -E '/$(A)' || true
