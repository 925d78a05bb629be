# `make test` and `make demo` see to all that they need; `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := build

PREFIX ?= /usr/local
DESTDIR ?=
# Extra arguments, as in `make test TESTS='--filter RulesTests'`.
TESTS ?=
# How many networks `make fuzz-kernel` compares, and the seed of the first.
COUNT ?= 1000
SEED ?= 1
# What is installed has all its libraries linked in: it starts in two milliseconds less, and its one file runs on any
# Linux of the same architecture. `make install LINKING=` where there is no C library to link in.
LINKING ?= -Xswiftc -static-executable -Xswiftc -use-ld=lld
# Generic types are made by calls rather than by their mangled names: for these the runtime looks through all conformances
# of the program, 45 µs for each kind of key in a set or a dictionary.
TUNING ?= -Xswiftc -Xfrontend -Xswiftc -disable-concrete-type-metadata-mangled-name-accessors
RELEASE := --configuration release --static-swift-stdlib $(LINKING) $(TUNING) --scratch-path .build-release
PRODUCT ?= netwright
SWIFT_SOURCES := Sources Tests Package.swift
SHELL_SOURCES = $$(git ls-files -co --exclude-standard '*.sh' .ci/run | sort -u)

.PHONY: help build release test test-docker fuzz-kernel fuzz-netfilter demo bench lint format generate man install uninstall clean setup setup-build

help:
	@printf '%s\n' \
	  'make build               the command, for development: .build/debug/netwright' \
	  'make release             the command as it is installed: .build-release/release/netwright' \
	  'make test                all tests, of the command as it is installed; TESTS="--filter X" for some, of the other' \
	  'make test-docker         compares with a Docker Engine: wants docker.io and docker-compose' \
	  'make fuzz-kernel COUNT=1000 SEED=1' \
	  '                         compares the simulator with the kernel on generated networks, and shrinks what differs' \
	  'make fuzz-netfilter COUNT=1000 SEED=1' \
  '                         the same on generated netfilter rules' \
  'make demo                the main job, shown on Examples/' \
	  'make bench               the benchmarks; writes docs/benchmarks.md' \
	  'make lint                formatting, shell scripts, generated files' \
	  'make format              formats the sources' \
	  'make generate            writes Schemas/ and the generated parts of docs/' \
	  'make install PREFIX=DIR  the command, its manual page and completions' \
	  'make uninstall           takes those away' \
	  'make clean               removes what was built'

setup:
	@scripts/setup.sh

setup-build:
	@scripts/setup.sh build

build: setup-build
	swift build --product netwright

release: setup-build
	swift build $(RELEASE) --product $(PRODUCT)

# What is installed is built beside the tests that don't need it.
test: setup
	@start=$$SECONDS; \
	export NETWRIGHT_PYTHON=$$(scripts/find-python.sh) PATH=$$PATH:/usr/local/sbin:/usr/sbin:/sbin; \
	swift build --build-tests; \
	built=$$SECONDS; \
	if [ -n '$(TESTS)' ]; then \
	  scripts/test.sh $(TESTS); \
	else \
	  export NETWRIGHT_RELEASE=$$PWD/.build-release/release; \
	  scripts/test.sh --beside swift build $(RELEASE) --product netwright; \
	fi; \
	printf 'make test: built in %d s, tested in %d s\n' $$((built - start)) $$((SECONDS - built))

# Debian's engine and docker-compose are the judges; they are nothing that the other tests need.
test-docker: setup
	@for program in /usr/sbin/dockerd /usr/bin/docker /usr/bin/docker-compose; do \
	  [ -x "$$program" ] || { echo "make test-docker: $$program is missing: apt-get install docker.io docker-compose"; exit 1; }; \
	done; \
	export PATH=$$PATH:/usr/local/sbin:/usr/sbin:/sbin; \
	NETWRIGHT_DOCKER=1 swift test --disable-xctest --filter EngineTests --filter ConfigComparisonTests --filter EngineNetworkTests

fuzz-kernel: setup
	@export PATH=$$PATH:/usr/local/sbin:/usr/sbin:/sbin; \
	swift build --configuration release --product netwright-fuzz; \
	.build/release/netwright-fuzz $(COUNT) $(SEED)

fuzz-netfilter: setup
	@export NETWRIGHT_PYTHON=$$(scripts/find-python.sh) PATH=$$PATH:/usr/local/sbin:/usr/sbin:/sbin; \
	NETWRIGHT_FILTERED=$(COUNT) NETWRIGHT_SEED=$(SEED) swift test --disable-xctest --filter NetfilterComparisonTests

demo: setup build
	@scripts/demo.sh .build/debug/netwright

bench: setup
	@Benchmarks/run.sh

lint: setup
	swift format lint --strict --parallel --recursive $(SWIFT_SOURCES)
	shellcheck $(SHELL_SOURCES)
	swift build --product netwright-generate
	.build/debug/netwright-generate --check

format:
	swift format --in-place --parallel --recursive $(SWIFT_SOURCES)

generate: setup-build
	swift run netwright-generate

# The manual page is made of the help texts by swift-argument-parser's tool. Its plug-in would do the same, and build the
# command a second time without the runtime on the way.
man: release
	swift build $(RELEASE) --product generate-manual
	@mkdir -p .build-release/man
	.build-release/release/generate-manual "$$PWD/.build-release/release/netwright" --section 1 \
	  --date "$$(git log -1 --format=%cs 2>/dev/null || date +%F)" --output-directory .build-release/man

install: man
	install -D -m 755 .build-release/release/netwright '$(DESTDIR)$(PREFIX)/bin/netwright'
	install -D -m 644 .build-release/man/netwright.1 '$(DESTDIR)$(PREFIX)/share/man/man1/netwright.1'
	@command='$(DESTDIR)$(PREFIX)/bin/netwright'; share='$(DESTDIR)$(PREFIX)/share'; \
	mkdir -p "$$share/bash-completion/completions" "$$share/zsh/site-functions" "$$share/fish/vendor_completions.d"; \
	"$$command" --generate-completion-script bash > "$$share/bash-completion/completions/netwright"; \
	"$$command" --generate-completion-script zsh > "$$share/zsh/site-functions/_netwright"; \
	"$$command" --generate-completion-script fish > "$$share/fish/vendor_completions.d/netwright.fish"; \
	printf 'installed %s\n' "$$command"

uninstall:
	rm -f '$(DESTDIR)$(PREFIX)/bin/netwright' '$(DESTDIR)$(PREFIX)/share/man/man1/netwright.1' \
	  '$(DESTDIR)$(PREFIX)/share/bash-completion/completions/netwright' \
	  '$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_netwright' \
	  '$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/netwright.fish'

clean:
	rm -rf .build .build-release
