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
CC      = gcc
CFLAGS  = -O2 -g
WARN    = -std=c11 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
          -Wmissing-prototypes -Wvla -Werror

# make V=1 shows the commands.
Q   = $(if $(V),,@)
say = $(if $(V),,@printf '  %-4s %s\n' '$(1)' '$(2)')

COMMON_SRC = $(wildcard common/*.c)
CLI_SRC    = $(wildcard cli/*.c)
TOOL_OBJ   = $(patsubst %.c,$(B)/host/%.o,$(COMMON_SRC) $(CLI_SRC))

HOST_FLAGS = $(WARN) $(CFLAGS) -iquote common -D_GNU_SOURCE -DVERSION='"$(VERSION)"' -MMD -MP

all:

include efi/efi.mk

all: $(B)/cpulevel $(PROBES)

$(B)/cpulevel: $(TOOL_OBJ)
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
UNIT_FLAGS = $(WARN) -g -iquote common -iquote tests/unit -D_GNU_SOURCE -MMD -MP
UNIT_SAN   = gcc -O1 -fsanitize=address,undefined -fno-sanitize-recover=all
UNIT_CLANG = clang -O2

$(B)/unit/san/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(Q)$(UNIT_SAN) $(UNIT_FLAGS) -c -o $@ $<

$(B)/unit/clang/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(Q)$(UNIT_CLANG) $(UNIT_FLAGS) -c -o $@ $<

$(B)/unit/san/test_%: $(patsubst %.c,$(B)/unit/san/%.o,$(COMMON_SRC) tests/unit/unit.c) \
                      $(B)/unit/san/tests/unit/test_%.o
	$(Q)$(UNIT_SAN) -o $@ $^ -lcmocka -lsodium

$(B)/unit/clang/test_%: $(patsubst %.c,$(B)/unit/clang/%.o,$(COMMON_SRC) tests/unit/unit.c) \
                        $(B)/unit/clang/tests/unit/test_%.o
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

-include $(TOOL_OBJ:.o=.d) $(wildcard $(B)/unit/*/*/*.d $(B)/unit/*/*/*/*.d)

.PHONY: all image iso install demo test unit clean format
.DELETE_ON_ERROR:
