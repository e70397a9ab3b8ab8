# SPDX-License-Identifier: MIT
# make          the tool build/cpulevel and the probe, build/BOOTX64.EFI and, for 32-bit firmware,
#               build/ia32/BOOTIA32.EFI; SODIUM=DIR, an unpacked source of libsodium 1.0.18, where
#               Debian's cannot be fetched
# make image    a USB image, build/cpulevel.img; KEY=stick.key, CONF=cpulevel.conf
# make iso      the same as a CD for virtual media, build/cpulevel.iso
#               with SB_KEY=db.key SB_CERT=db.pem each of these signs the probe for Secure Boot
# make demo     boots two unlike machines in QEMU and prints the mask that levels them
# make test     all tests
# make install  the tool and its manual page, below PREFIX

VERSION = 0.1.0
B       = build
CFLAGS ?= -O2 -g
WARN    = -std=c11 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
          -Wmissing-prototypes -Wvla $(if $(WERROR),-Werror)

# make V=1 shows the commands.
Q   = $(if $(V),,@)
say = $(if $(V),,@printf '  %-4s %s\n' '$(1)' '$(2)')

# The rooms of common/ in the order in which they build on one another.  Firmware links from the
# first line only; those files keep to a freestanding C.
FREE_ROOMS   = base cpuid table report compare
HOSTED_ROOMS = fleet mask
CLI_ROOMS    = output input command

FREE_SRC   = $(sort $(wildcard $(FREE_ROOMS:%=common/%/*.c)))
HOSTED_SRC = $(sort $(wildcard $(HOSTED_ROOMS:%=common/%/*.c)))
CLI_SRC    = $(sort $(wildcard cli/*.c $(CLI_ROOMS:%=cli/%/*.c)))
INCLUDE    = -iquote common -iquote cli

HOST_FLAGS = $(WARN) $(CFLAGS) $(CPPFLAGS) $(INCLUDE) -D_GNU_SOURCE -DVERSION='"$(VERSION)"' \
             -MMD -MP

all:

include efi/efi.mk

all: $(B)/cpulevel $(PROBES)

$(B)/libcpulevel.a: $(FREE_SRC:%.c=$(B)/host/%.o)
$(B)/libfleet.a: $(HOSTED_SRC:%.c=$(B)/host/%.o)
$(B)/%.a:
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(B)/cpulevel: $(CLI_SRC:%.c=$(B)/host/%.o) $(B)/libfleet.a $(B)/libcpulevel.a
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lsodium -ljansson

$(B)/host/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(HOST_FLAGS) -c -o $@ $<

image: $(B)/cpulevel.img
iso: $(B)/cpulevel.iso

PREFIX ?= /usr/local
install: $(B)/cpulevel
	install -D -m 755 $(B)/cpulevel $(DESTDIR)$(PREFIX)/bin/cpulevel
	install -D -m 644 docs/cpulevel.1 $(DESTDIR)$(PREFIX)/share/man/man1/cpulevel.1

demo:
	scripts/deps demo
	+$(MAKE) --no-print-directory $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc)) all
	scripts/demo $(B)

test:
	scripts/deps
	+$(MAKE) --no-print-directory $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc)) all
	tests/run $(B)

# Unit tests: under the sanitizers of gcc, and as clang compiles them.
UNIT       = $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/test_*.c))
UNIT_FLAGS = $(WARN) -g $(INCLUDE) -iquote tests/unit -D_GNU_SOURCE -MMD -MP
UNIT_SAN   = gcc -O1 -fsanitize=address,undefined -fno-sanitize-recover=all
UNIT_CLANG = clang -O2
UNIT_LIB   = $(FREE_SRC) $(HOSTED_SRC) tests/unit/unit.c

$(B)/unit/san/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(Q)$(UNIT_SAN) $(UNIT_FLAGS) -c -o $@ $<

$(B)/unit/clang/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(Q)$(UNIT_CLANG) $(UNIT_FLAGS) -c -o $@ $<

$(B)/unit/san/libunit.a: $(UNIT_LIB:%.c=$(B)/unit/san/%.o)
$(B)/unit/clang/libunit.a: $(UNIT_LIB:%.c=$(B)/unit/clang/%.o)

$(B)/unit/san/test_%: $(B)/unit/san/tests/unit/test_%.o $(B)/unit/san/libunit.a
	$(Q)$(UNIT_SAN) -o $@ $^ -lcmocka -lsodium

$(B)/unit/clang/test_%: $(B)/unit/clang/tests/unit/test_%.o $(B)/unit/clang/libunit.a
	$(Q)$(UNIT_CLANG) -o $@ $^ -lcmocka -lsodium

UNIT_BIN = $(UNIT:%=$(B)/unit/san/%) $(UNIT:%=$(B)/unit/clang/%)

.SECONDARY:

unit: $(UNIT_BIN)
	@status=0; for t in $(UNIT_BIN); do echo "# $$t"; \
		CMOCKA_MESSAGE_OUTPUT=TAP $$t || status=1; done; exit $$status

clean:
	rm -rf $(B)

format:
	clang-format -i $$(git ls-files "*.c" "*.h")

-include $(patsubst %.c,$(B)/host/%.d,$(FREE_SRC) $(HOSTED_SRC) $(CLI_SRC))
-include $(wildcard $(B)/unit/*/tests/unit/*.d $(B)/unit/*/common/*/*.d)

.PHONY: all image iso install demo test unit clean format
.DELETE_ON_ERROR:
