# gomod: Linux's module tools in one static binary. `make help` lists what there is.

PREFIX      ?= /usr/local
DESTDIR     ?=
# Where the tools look at run time. What `make build` was given holds for a later `make install`, until make clean.
-include build/settings.mk
MODULEDIR   ?= /lib/modules
SYSCONFDIR  ?= /etc
DISTCONFDIR ?= /usr/lib

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LDFLAGS := -s -w -X main.version=$(VERSION) -X main.moduleDirectory=$(MODULEDIR) \
	-X main.sysconfDirectory=$(SYSCONFDIR) -X main.distconfDirectory=$(DISTCONFDIR)
# What to build for, as Go names it: `make build ARCH=arm64`. Only a command line changes it: who builds kernels exports an ARCH of theirs.
MACHINE := $(shell go env GOARCH)
ARCH    := $(MACHINE)
# The entry point is cmd/gomod/entry_*.s, which copes with closed standard streams.
ifneq ($(filter $(ARCH),amd64 arm64),)
LDFLAGS += -E main.entry
endif

BIN_LINKS  := kmod lsmod
SBIN_LINKS := insmod rmmod lsmod modinfo modprobe depmod

.PHONY: help build demo test test-all unit lint cross race cover fuzz hostile faults load privilege bench docs install uninstall clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' Makefile

BIN ?= bin/gomod$(if $(filter-out $(MACHINE),$(ARCH)),-$(ARCH))
build: ## bin/gomod, static; with ARCH=arm64 bin/gomod-arm64
	tools/trim.sh
	CGO_ENABLED=0 GOARCH=$(ARCH) go build -buildvcs=false -modfile build/trimmed/go.mod -trimpath -buildmode=exe -ldflags '$(LDFLAGS)' -o $(BIN) ./cmd/gomod
	@mkdir -p build
	@printf '%s\n' 'MODULEDIR := $(MODULEDIR)' 'SYSCONFDIR := $(SYSCONFDIR)' 'DISTCONFDIR := $(DISTCONFDIR)' >build/settings.mk

demo: build setup ## load, list, inspect and remove modules in two real kernels
	go run ./test/demo

.PHONY: setup
setup: ## kernels and reference programs into build/
	test/setup.sh

unit: ## the tests that need neither set-up nor root
	go test -short ./...

test: build setup lint deb ## everything, with a fixed sample of the longest comparisons; under 10 minutes
	test/run.sh

test-all: build setup lint deb ## everything, on every module
	GOMOD_TEST_ALL=1 test/run.sh

# Packages whose tests take long ask package need for GOMOD_TEST_SYSTEM.
SYSTEM_TESTS := ./test/package ./test/system
# Who asks for one of these by its name wants it run: what it needs and does not find fails, and is not passed over.
test-system test-boot race hostile faults load privilege: export CI := true
.PHONY: test-system test-boot
test-system: build setup packages ## what takes long: packages in Debian 12 and 13; whole Debians with initramfs-tools, dracut, DKMS that boot
	test/setup.sh lintian root13 kmod-debs
	test/system.sh
	GOMOD_TEST_SYSTEM=1 go test -count=1 -timeout 120m $(SYSTEM_TESTS)
	GOMOD_TEST_ALL=1 go test -count=1 -timeout 120m -run '^TestGuest$$/^6.1-arm64$$' ./test/vm

test-boot: build setup deb ## a Debian makes its initramfs with gomod and boots from it
	test/system.sh base
	GOMOD_TEST_BOOT=1 go test -count=1 -v -timeout 60m -run '^TestDebian$$' ./test/system

lint: ## formatting, vet, staticcheck, layers
	test/lint.sh

cross: ## the program built, and vetted with its tests, for 386, s390x and arm64
	test/cross.sh

# Of the tests beside the code only what runs the tools in its own process: the detector does not see the built program. A program under it
# sleeps for a second before it ends, unless told otherwise, and those of the scripts are hundreds.
race: export GORACE := atexit_sleep_ms=0
race: export CGO_ENABLED := 1
race: build setup ## the tests under the race detector
	go test -race -count=1 -timeout 30m $$(go list ./... | grep -vE '/test/(compare|faults|hostile|modules|package|system|vm)$$')
	go test -race -count=1 -timeout 30m -run Budget ./test/compare

cover: ## how much of internal/ the unit tests and the scripts of command lines run
	test/cover.sh

FUZZTIME ?= 10s
fuzz: ## every fuzz target for FUZZTIME
	test/fuzz.sh $(FUZZTIME)

HOSTILE ?= 5000
hostile: build setup ## HOSTILE broken module trees, every tool on each
	GOMOD_TEST_HOSTILE=$(HOSTILE) go test -count=1 -v -timeout 12h ./test/hostile

faults: build setup ## every system call of every tool fails once
	GOMOD_TEST_FAULTS=1 go test -count=1 -v -timeout 4h -parallel 4 ./test/faults

load: build setup ## 10,000 loads and removals, and 50 modprobes at once for ten minutes, in a real kernel
	GOMOD_TEST_LOAD=1 go test -count=1 -v -timeout 9h -run '^TestLoad$$' ./test/vm

privilege: build setup ## whose variables, configuration, names and signals are heard, and what reaches a terminal
	go test -count=1 -run 'SetUID|CommandVariables|NamesWithSlashes|Signals' ./test/compare
	go test -count=1 -run 'Expos|Refusal|Writable' ./internal/config ./internal/kmod
	go test -count=1 -run 'TestScript/.*(terminal|modprobe-commands|gomod-why)|Console' ./internal/cli

bench: build setup ## times beside C kmod and busybox, into docs/benchmarks.md
	go run ./test/bench

docs: build ## man pages and completions into build/docs
	rm -rf build/docs
	go run ./internal/docgen docs build/docs

install: docs ## binary, links, man pages and completions below DESTDIR and PREFIX
	@kmod=$(DESTDIR)$(PREFIX)/bin/kmod; [ ! -e $$kmod ] || [ "$$(readlink $$kmod)" = gomod ] || \
		{ echo "$$kmod is not gomod's: it would be overwritten. Install below another PREFIX, or the package (make deb)." >&2; exit 1; }
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/sbin $(DESTDIR)$(PREFIX)/share
	install -m 755 $(BIN) $(DESTDIR)$(PREFIX)/bin/gomod
	for name in $(BIN_LINKS); do ln -sf gomod $(DESTDIR)$(PREFIX)/bin/$$name; done
	for name in $(SBIN_LINKS); do ln -sf ../bin/gomod $(DESTDIR)$(PREFIX)/sbin/$$name; done
	cp -R build/docs/share/. $(DESTDIR)$(PREFIX)/share/

.PHONY: packages deb rpm apk
packages: ## deb, rpm and apk into build/packages, or one of them by its name; for another machine with ARCH=, as Go calls it
packages deb rpm apk: docs
	$(MAKE) build ARCH=$(ARCH) BIN=build/packages/$(ARCH)/bin/gomod
	ARCH=$(ARCH) packaging/build.sh $(if $(filter packages,$@),deb rpm apk,$@)

uninstall: docs ## what install laid down, below the same DESTDIR and PREFIX
	@kmod=$(DESTDIR)$(PREFIX)/bin/kmod; [ ! -e $$kmod ] || [ "$$(readlink $$kmod)" = gomod ] || \
		{ echo "$$kmod is not gomod's: nothing is removed" >&2; exit 1; }
	rm -f $(DESTDIR)$(PREFIX)/bin/gomod $(addprefix $(DESTDIR)$(PREFIX)/bin/,$(BIN_LINKS)) $(addprefix $(DESTDIR)$(PREFIX)/sbin/,$(SBIN_LINKS))
	cd build/docs/share && find . -type f | sed 's#^\.#$(DESTDIR)$(PREFIX)/share#' | xargs rm -f

clean: ## all that was built or fetched
	chmod -R u+w build 2>/dev/null || true
	rm -rf bin build
