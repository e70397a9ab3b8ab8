# SPDX-License-Identifier: MIT
# make          the tool build/cpulevel and the probe build/BOOTX64.EFI
# make image    a USB image, build/cpulevel.img; KEY=stick.key, CONF=cpulevel.conf
# make demo     boots two unlike machines in QEMU and prints the mask that levels them
# make test     all tests

VERSION = 0.1.0
B       = build
CC      = gcc
CFLAGS  = -O2 -g
WARN    = -std=c11 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
          -Wmissing-prototypes -Wvla -Werror

COMMON_SRC = $(wildcard common/*.c)
CLI_SRC    = $(wildcard cli/*.c)
TOOL_OBJ   = $(patsubst %.c,$(B)/host/%.o,$(COMMON_SRC) $(CLI_SRC))

HOST_FLAGS = $(WARN) $(CFLAGS) -iquote common -D_GNU_SOURCE -DVERSION='"$(VERSION)"' -MMD -MP

all: $(B)/cpulevel $(B)/BOOTX64.EFI

include efi/efi.mk

$(B)/cpulevel: $(TOOL_OBJ)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lsodium

$(B)/host/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(HOST_FLAGS) -c -o $@ $<

image: $(B)/cpulevel.img

demo:
	scripts/deps
	scripts/demo $(B)

test:
	scripts/deps
	tests/run $(B)

clean:
	rm -rf $(B)

format:
	clang-format -i common/*.[ch] cli/*.[ch] efi/*.[ch] tests/*.[ch]

-include $(TOOL_OBJ:.o=.d)

.PHONY: all image demo test clean format
.DELETE_ON_ERROR:
