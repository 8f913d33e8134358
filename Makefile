# The front door. Everything real is in CMakeLists.txt, tests/ and packaging/.
#
#   make           build sz                      make demo      see the main job run
#   make check     every test                    make install   PREFIX=/usr/local, DESTDIR
#   make bench     against peers; QUICK=1         make lint      format, clang-tidy, clang, shellcheck
#   make fuzz      30 s of libFuzzer on each reader; SECONDS=N
#   make docs      man page, completions and printed outputs, from the stages' declarations
#   make deps      what of Debian's packages is missing (the other targets do it themselves); DEPS=no to leave it

PREFIX  ?= /usr/local
DESTDIR ?=
JOBS    ?= $(shell nproc 2>/dev/null || echo 2)
DEPS    ?= yes

# ccache is used if it is there.
CONFIGURE = cmake --preset $(1) $(if $(shell command -v ccache),-DCMAKE_CXX_COMPILER_LAUNCHER=ccache) $(2) >build/$(1).log \
            || { cat build/$(1).log; exit 1; }
BUILD     = cmake --build build/$(1) -j$(JOBS) $(if $(2),--target $(2))
NEED      = @[ $(DEPS) = no ] || packaging/install-dependencies $(1)

.PHONY: all deps demo fuzz check check-release check-asan check-tsan check-posix bench lint docs install clean dist deb package-check

all:
	$(call NEED,build)
	@mkdir -p build
	@$(call CONFIGURE,release,-DSZ_TESTS=OFF)
	@$(call BUILD,release,sz sz-docs)

deps:
	packaging/install-dependencies build test bench lint

demo: all
	@packaging/demo/run build/release/sz

check:
	$(call NEED,build test)
	@mkdir -p build
	@rm -f build/totals
	@status=0; for part in release asan tsan; do $(MAKE) --no-print-directory DEPS=no check-$$part || status=1; done; \
	 tests/totals build/totals || status=1; exit $$status

# GCC, as users build it: everything.
check-release:
	@mkdir -p build
	@$(call CONFIGURE,release,-DSZ_TESTS=ON)
	@$(call BUILD,release)
	@tests/run --name release --totals build/totals build/release unit simulate differential golden shell

# The other compiler, with the address and undefined-behaviour sanitizers: everything again, and the fuzz targets.
check-asan:
	@mkdir -p build
	@$(call CONFIGURE,asan,-DSZ_TESTS=ON)
	@$(call BUILD,asan,unit_tests sz sz-docs feed simulate bench_generate fuzz_targets)
	@SEEDS=1000 tests/run --name asan --totals build/totals build/asan unit simulate golden shell fuzz

# What has threads: the pool's and the reader's unit tests, and the program with -j.
check-tsan:
	@mkdir -p build
	@$(call CONFIGURE,tsan,-DSZ_TESTS=ON)
	@$(call BUILD,tsan,sz unit_run feed bench_generate sz-docs)
	@tests/run --name tsan --totals build/totals build/tsan threads

# Without what only Linux has (src/run/os.h): what touches the system. Not part of check.
check-posix:
	$(call NEED,build test)
	@mkdir -p build
	@$(call CONFIGURE,posix,-DSZ_TESTS=ON)
	@$(call BUILD,posix,sz unit_run feed bench_generate)
	@tests/run --name posix build/posix unit golden posix

# SECONDS=N for each target; what it finds stays in build/asan/fuzz.
fuzz:
	$(call NEED,build test)
	@mkdir -p build
	@$(call CONFIGURE,asan)
	@$(call BUILD,asan,fuzz_targets)
	@FUZZ_SECONDS=$(if $(SECONDS),$(SECONDS),30) tests/fuzz/run build/asan

bench:
	$(call NEED,build bench)
	@mkdir -p build
	@$(call CONFIGURE,release,-DSZ_TESTS=ON)
	@$(call BUILD,release,sz bench_generate bench_latency)
	@tests/bench/run $(if $(QUICK),--quick) --build build/release $(BENCH)

lint:
	$(call NEED,build test lint)
	@mkdir -p build
	@tests/lint

docs: all
	@build/release/sz-docs write .
	@SZ=build/release/sz tests/docs/run --refresh $$(grep -l '^```console' *.md docs/*.md docs/recipes/*.md) | grep -e refreshed -e '^not' || true

install: all
	@DESTDIR='$(DESTDIR)' cmake --install build/release --prefix '$(PREFIX)' --strip

# URL=https://HOST/PATH for the formula if the tarball will stand there.
dist:
	@packaging/dist build/dist
	@packaging/homebrew/formula build/dist/sz-*.tar.gz $(URL)

deb:
	$(call NEED,build package)
	@JOBS=$(JOBS) packaging/build-deb build/deb

package-check:
	$(call NEED,package-check)
	@[ -n "$$(ls build/deb/*.deb 2>/dev/null)" ] || $(MAKE) --no-print-directory deb
	@tests/package/run build/deb/sz_*.deb

clean:
	rm -rf build
