# SPDX-License-Identifier: MIT
# make           the tool build/cpulevel and the probe, build/BOOTX64.EFI and, for 32-bit firmware,
#                build/ia32/BOOTIA32.EFI; WERROR=1 makes warnings errors
# make image     a USB image, build/cpulevel.img; KEY=stick.key, CONF=cpulevel.conf, GOLDEN=REPORT,
#                SECTOR=4096 for 4Kn drives, CA=ca.pem
# make iso       the same as a CD for virtual media, build/cpulevel.iso
#                with SB_KEY=db.key SB_CERT=db.pem both contain a probe signed for Secure Boot
#                TPM=0: a smaller probe, which has no TPM sign the report; NETWORK=0: one that sends
#                nothing to a server
# make netboot   one program to boot over the network, build/netboot/BOOTX64.EFI, which sends its report to
#                COLLECT=http://HOST/PATH/ and needs no other file; CONF=cpulevel.conf, CA=ca.pem
# make install   the tool and its manual pages, below PREFIX
# make install-stick
#                what the tool makes sticks of, which "cpulevel image" and "cpulevel write" need
# make deb       the Debian packages cpulevel and cpulevel-stick, in build/deb
# make dist      the release in build/dist: the source of the last commit and its checksum; KEY=release.key
#                seals them
# make demo      boots two different machines in QEMU and prints the mask that levels them; a third
#                differs from its twin, and the demo says by which setup option
# make demo-migration
#                migrates a VM live between emulated hosts with KVM, under the masks for QEMU
# make matrix    boots every processor model of QEMU and holds each bit that the guest sees against QEMU;
#                MATRIX='-q PATH -n 4 EPYC*' has options for scripts/matrix; make matrix-page writes
#                docs/qemu-models.md, what changed from this QEMU to that of backports
# make check     the tests that take no boots, a few minutes: for every edit
# make test      all tests
# make judge HOSTS='A.txt B.txt'  who else agrees with the mask of these hosts (docs/judges.md)
# make bench     what a boot costs with 1, 4 and 64 processors (or PROCESSORS='1 8'), the size of each room,
#                two hosts, 100,000 sealed reports (or HOSTS=N); make bench-page writes docs/cost.md
# make steady    all tests RUNS=5 times in a row beside a neighbour that keeps the processors busy
# make pictures  boots in QEMU and makes the pictures of the screen and of the page in docs/ anew
# make sanitize  the tool's tests with the tool under AddressSanitizer and UBSan; WATCHED=all for all of them
# make memcheck  the unit tests and the tool's tests under valgrind; WATCHED='tool masks' for some
# make analyze   shellcheck, pyflakes, cppcheck, gcc -fanalyzer and clang-tidy; TOOLS='shell gcc' for some
# make fuzz      libFuzzer over every reader and over any set of hosts: a minute each, or SECONDS=N;
#                FUZZ='NAME...' for some of tests/fuzz/harness.def
# make coverage  the lines and branches that the tests reach, room by room; PARTS='unit tool posed' for some
#                of the tests
#
# "make" alone installs nothing: it names the packages that are missing.  demo, demo-migration, matrix,
# check, test, fuzz, coverage, sanitize, memcheck and analyze install what they need.

VERSION = 0.1.0
B       = build
# One spelling of one folder, because files of dependencies name their targets by it.
override B := $(patsubst $(CURDIR)/%,%,$(abspath $(B)))
CFLAGS ?= -O2 -g
WARN    = -std=c11 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
          -Wmissing-prototypes -Wvla $(if $(WERROR),-Werror)

PKG_CONFIG ?= pkg-config
pkg         = $(shell $(PKG_CONFIG) $(1) libsodium jansson expat tss2-mu 2>/dev/null)
ifndef LIBS
LIBS       := $(or $(call pkg,--libs),-lsodium -ljansson -lexpat -ltss2-mu)
LIB_CFLAGS := $(call pkg,--cflags)
endif

# make V=1 shows the commands.
Q   = $(if $(V),,@)
say = $(if $(V),,@printf '  %-4s %s\n' '$(1)' '$(2)')

# The rooms of common/ in the order in which they build on one another.  Firmware links from the
# first line only; those files keep to a freestanding C.
FREE_ROOMS   = base cpuid table report hii compare tpm
HOSTED_ROOMS = fleet mask
CLI_ROOMS    = output input command

# What only compiles or does not, which takes seconds, is compiled once and not for each library.
CHECK_SRC  = common/table/feature_check.c
FREE_SRC   = $(filter-out $(CHECK_SRC),$(sort $(wildcard $(FREE_ROOMS:%=common/%/*.c))))
HOSTED_SRC = $(sort $(wildcard $(HOSTED_ROOMS:%=common/%/*.c)))
CLI_SRC    = $(sort $(wildcard cli/*.c $(CLI_ROOMS:%=cli/%/*.c)))
INCLUDE    = -iquote common -iquote cli

# The page of "cpulevel page": its files are linked into the tool as they are.
PAGE_JS    = $(addprefix cli/page/,dom.js model.js select.js cells.js matrix.js detail.js masks.js \
             print.js fleet.js)
PAGE       = $(addprefix $(B)/page/fleet.,html.o css.o js.o)

# Debug information has no names of folders of this machine.
MAPS       = -ffile-prefix-map=$(CURDIR)=. -ffile-prefix-map=$(B)=build
HOST_FLAGS = $(WARN) -pthread $(CFLAGS) $(CPPFLAGS) $(LIB_CFLAGS) $(INCLUDE) -D_GNU_SOURCE \
             $(MAPS) -iquote $(B)/host -MMD -MP

all:

include efi/efi.mk
include tests/tests.mk

all: $(B)/cpulevel $(PROBES) $(B)/mbr.bin $(CHECK_SRC:%.c=$(B)/host/%.o)

$(B)/libcpulevel.a: $(FREE_SRC:%.c=$(B)/host/%.o)
$(B)/libfleet.a: $(HOSTED_SRC:%.c=$(B)/host/%.o)
$(B)/%.a:
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(B)/cpulevel: $(CLI_SRC:%.c=$(B)/host/%.o) $(PAGE) $(B)/libfleet.a $(B)/libcpulevel.a $(B)/host/link/flags
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o %.a,$^) $(LIBS) -pthread

$(B)/host/%.o: %.c $(B)/host/flags | $(B)/host/release.h
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(HOST_FLAGS) -c -o $@ $<

# One script of all: the browser is told its hash.
$(B)/page/fleet.js: $(PAGE_JS) Makefile
	@mkdir -p $(@D)
	$(Q)cat $(PAGE_JS) >$@
$(B)/page/fleet.%: cli/page/fleet.%
	@mkdir -p $(@D)
	$(Q)cp $< $@
$(B)/page/%.o: $(B)/page/%
	$(call say,LD,$@)
	$(Q)cd $(@D) && $(LD) -r -b binary -z noexecstack -o $(@F) $*

# What is in a folder is built again when the command that builds it changes: its flags are a file that is
# written only then.  The names of the folders that have the build, libsodium and these sources do not count:
# they are in no program.
$(B)/host/flags: export FLAGS = $(CC) $(HOST_FLAGS)
$(B)/host/link/flags: export FLAGS = $(CC) $(CFLAGS) $(LDFLAGS) $(LIBS)
$(B)/%/flags: always | $(B)/packages
	@mkdir -p $(@D)
	@flags=$$(printf '%s' "$$FLAGS" | sed 's|=$(B)=|=build=|; s|$(B)/||g; s|$(dir $(SODIUM))||g; s|$(CURDIR)|.|g'); \
		printf '%s\n' "$$flags" | cmp -s - $@ || printf '%s\n' "$$flags" >$@

# The version, which few files have: base/program.h includes it.
$(B)/host/release.h: RELEASE = $(VERSION)
$(B)/%/release.h: always
	@mkdir -p $(@D)
	@echo '#define VERSION "$(RELEASE)"' | cmp -s - $@ || echo '#define VERSION "$(RELEASE)"' >$@

# Once the packages that a build needs are there, they are not looked for again.
$(B)/packages: scripts/deps
	@CC='$(CC)' CPPFLAGS='$(CPPFLAGS) $(LIB_CFLAGS)' EFI_HEADERS='$(EFI_HEADERS)' scripts/deps build
	@mkdir -p $(@D)
	@touch $@

image: $(B)/cpulevel.img
iso: $(B)/cpulevel.iso
netboot: $(NETBOOT)/BOOTX64.EFI $(if $(filter ia32,$(EFI_ARCHES)),$(NETBOOT)/BOOTIA32.EFI)

PREFIX ?= /usr/local
install: $(B)/cpulevel
	install -D -m 755 $(B)/cpulevel $(DESTDIR)$(PREFIX)/bin/cpulevel
	set -e; for page in docs/man/*; do \
		install -D -m 644 $$page $(DESTDIR)$(PREFIX)/share/man/man$${page##*.}/$${page##*/}; done
	install -D -m 644 scripts/completion/cpulevel.bash \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions/cpulevel
	install -D -m 644 scripts/completion/_cpulevel $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_cpulevel
	install -D -m 644 scripts/completion/cpulevel.fish \
		$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/cpulevel.fish

# The tool looks for these from the folder that it is in.
install-stick: $(PROBES) $(B)/mbr.bin
	install -D -m 755 scripts/image $(DESTDIR)$(PREFIX)/libexec/cpulevel/image
	install -d $(DESTDIR)$(PREFIX)/share/cpulevel
	install -m 644 $(PROBES) $(B)/mbr.bin $(DESTDIR)$(PREFIX)/share/cpulevel

# The packages have these probes, which their own build would make alike.
deb: $(B)/BOOTX64.EFI $(B)/ia32/BOOTIA32.EFI
	scripts/deb $(B)

dist:
	scripts/dist $(B) $(VERSION) $(if $(KEY),"$(KEY)")

# Make with as many jobs as there are processors, unless told otherwise.
jobs = $(MAKE) --no-print-directory $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))

demo:
	scripts/deps demo
	+$(jobs) all $(B)/quirk.efi
	scripts/demo $(B)

demo-migration:
	scripts/deps demo
	scripts/deps migration $(B)
	+$(jobs) all $(B)/migration/guest
	scripts/demo-migration $(B)

matrix:
	scripts/deps matrix
	+$(jobs) all
	scripts/matrix -b $(B) $(MATRIX)

matrix-page:
	scripts/deps newest $(B)
	scripts/matrix --page -q $(B)/newest/bin/qemu-system-x86_64 >$(B)/qemu-models.md
	cp $(B)/qemu-models.md docs/qemu-models.md

judge: $(B)/cpulevel
	scripts/judge -b $(B) $(HOSTS)

bench: all $(B)/tests/fleet $(B)/timed.efi $(B)/idle.efi
	scripts/deps newest $(B)
	scripts/bench $(B) $(or $(HOSTS),100000) $(PROCESSORS) >$(B)/cost.md
	cat $(B)/cost.md

bench-page: bench
	cp $(B)/cost.md docs/cost.md

# It is alone in its guest, without libraries.
$(B)/migration/guest: scripts/migration/guest.c efi/native.c $(B)/libcpulevel.a
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(HOST_FLAGS) -iquote . -static -o $@ $(filter %.c %.a,$^)

check: FAST = -f
test:  FAST =
check test:
	scripts/deps
	+$(jobs) WERROR=1 all $(B)/quirk.efi
	tests/run $(FAST) $(B)

RUNS = 5
steady:
	scripts/deps steady
	+$(jobs) WERROR=1 all $(B)/quirk.efi
	tests/steady $(B) $(RUNS)

sanitize:
	scripts/deps
	+$(jobs) WERROR=1 all
	tests/sanitize $(B) $(WATCHED)

memcheck:
	scripts/deps analyze
	+$(jobs) WERROR=1 all
	tests/memcheck $(B) $(WATCHED)

analyze:
	scripts/deps analyze
	+$(jobs) WERROR=1 all
	tests/analyze $(B) $(TOOLS)

# What SECONDS is in the environment is not meant: bash has a variable of that name.
fuzz:
	scripts/deps
	tests/fuzz/run -t $(if $(filter command%,$(origin SECONDS)),$(SECONDS),60) $(B) $(FUZZ)

# What groups build is told the flags by MAKEFLAGS.
PARTS         = unit tool posed
COUNTED       = -O0 -g --coverage
COVERED_unit  = $(UNIT:%=$(B)/unit/san/%)
COVERED_tool  = $(B)/cpulevel $(B)/efi/probe.so $(PROBES) $(B)/mbr.bin
COVERED_posed = $(B)/cpulevel $(B)/posed/posed
coverage:
	scripts/deps
	+$(jobs) WERROR=1 B=$(B)/coverage CFLAGS='$(COUNTED)' SAN_FLAGS='$(COUNTED)' SAN_LINK= covered
covered: $(foreach part,$(PARTS),$(COVERED_$(part)))
	+tests/coverage.py $(B) $(PARTS)

pictures: all $(B)/quirk.efi
	scripts/pictures $(B)

clean:
	rm -rf $(B)

format:
	clang-format -i $$(git ls-files "*.c" "*.h")

# By its whole path.
$(CURDIR)/$(B)/%: $(B)/% ;

always:

.PHONY: all always analyze bench bench-page judge image iso netboot install install-stick deb dist demo demo-migration matrix matrix-page check test steady pictures sanitize memcheck fuzz coverage covered clean format
.DELETE_ON_ERROR:

-include $(patsubst %.c,$(B)/host/%.d,$(FREE_SRC) $(CHECK_SRC) $(HOSTED_SRC) $(CLI_SRC))
