# `make` lists what can be made.
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
PORT ?= 5080
export PORT
export DOTNET_NOLOGO = 1
export DOTNET_CLI_TELEMETRY_OPTOUT = 1
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD = 1
QUICK := Category!=Interop&Category!=Conformance&Category!=Timing&Category!=Drill&Category!=Fuzz&Category!=Screenshots&Category!~Bench

.DEFAULT_GOAL := help
.PHONY: help run watch tool test watch-test test-times check check-all format clean interop conformance timing fuzz drills screenshots bench bench-peers bench-scale release-check
# The class that ONLY names, of whatever category; else all that is quick.
TESTS := $(if $(ONLY),FullyQualifiedName~.$(ONLY).,$(QUICK))

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Serve the portal on http://localhost:5080 with a private PostgreSQL; PORT=… for another port
	@build/postgres
	@ASPNETCORE_ENVIRONMENT=Development dotnet run --project AuthPortal --no-launch-profile

watch: ## Serve it and restart on every change
	@build/postgres
	@ASPNETCORE_ENVIRONMENT=Development dotnet watch --project AuthPortal --no-launch-profile

tool: ## Run the command line against the database of `make run`: ARGS="audit verify"
	@build/postgres
	@ASPNETCORE_ENVIRONMENT=Development dotnet run --project AuthPortal --no-launch-profile -- $(or $(ARGS),--help)

test: ## Run the tests against a real PostgreSQL, and in Chromium where there is one; ONLY=SignInTests for one class
	@build/postgres
	@WHOLE=$(if $(ONLY),,1) build/test --filter '$(TESTS)'

watch-test: ## Run them again on every change; best with ONLY=…
	@build/postgres
	@dotnet watch --project AuthPortal.Tests test --nologo --filter '$(TESTS)'

test-times: ## Print where the last run of the tests spent its time
	@node build/test-report.mjs .data/tests --times

check: ## Check the format, build without a warning, run the tests
	@dotnet format --verify-no-changes
	@$(MAKE) --no-print-directory test

check-all: check screenshots interop conformance timing fuzz drills release-check ## Check all that can be checked: some two hours

interop: ## Try real FastAPI, Node, .NET and better-auth/client services against a running portal
	@build/postgres
	@AuthPortal.Tests/Interop/run

conformance: ## Replay what Better Auth answered, and drive its client and session store against a portal
	@build/postgres
	@AuthPortal.Tests/Conformance/run

timing: ## Print whether the time of an answer tells who has an account
	@build/postgres
	@HANGS_AFTER=1h build/test --filter Category=Timing --logger "console;verbosity=detailed" | grep -E '^ *\||passed,'

drills: ## Break things under load and print what was lost; DRILL=KillPostgres for one (docs/drills.md)
	@build/postgres
	@build/drills $(DRILL)

fuzz: ## Try tokens, cookies, addresses, forms and JSON that chance makes, by the ten thousand
	@build/postgres
	@AUTHPORTAL_FUZZ=1 HANGS_AFTER=1h build/test --filter 'FullyQualifiedName~AuthPortal.Tests.Properties' -- xUnit.MaxParallelThreads=1

screenshots: ## Take a picture of every page in Chromium, into .data/screenshots
	@build/postgres
	@AUTHPORTAL_SCREENSHOTS=1 AUTHPORTAL_REQUIRE_BROWSER=1 HANGS_AFTER=1h build/test --filter 'FullyQualifiedName~ScreenshotTests|FullyQualifiedName~EveryLanguageTests'
	@echo "See .data/screenshots/sheet-*.png"

bench: ## Measure it as it is published, and print tables (.data/bench, docs/performance.md)
	@build/postgres
	@build/bench

bench-peers: ## Ask Better Auth and ASP.NET Core Identity the same, and print the ratios (.data/bench)
	@build/postgres
	@build/bench BenchPeers

bench-scale: ## Fill 1,000, 100,000 and 1,000,000 people, and print what grows (.data/bench, docs/scaling.md)
	@build/postgres
	@build/bench BenchScale

release-check: ## Publish twice and compare, look for what must not be shipped, and list the parts
	@build/release-check

format: ## Put every file into the house's format
	@dotnet format

clean: ## Remove what was built (the development database under .data/ stays)
	@rm -rf AuthPortal/bin AuthPortal/obj AuthPortal.Tests/bin AuthPortal.Tests/obj
