# SPDX-License-Identifier: MIT
# tests.mk - the unit tests, as gcc's sanitizers and as clang compile them.  Included by the Makefile.

UNIT       = $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/test_*.c))
# Tables of tests leave out what is zero.
UNIT_FLAGS = $(WARN) -Wno-missing-field-initializers -g $(INCLUDE) -iquote efi -iquote tests/unit -D_GNU_SOURCE -MMD -MP
UNIT_SAN   = gcc -O1 -fsanitize=address,undefined -fno-sanitize-recover=all
UNIT_CLANG = clang -O2
# Of the probe that which needs no firmware.
UNIT_LIB   = $(FREE_SRC) $(HOSTED_SRC) efi/unpack.c efi/pack/pack.c efi/scalar.c tests/unit/unit.c

$(B)/unit/san/flags: export FLAGS = $(UNIT_SAN) $(UNIT_FLAGS)
$(B)/unit/clang/flags: export FLAGS = $(UNIT_CLANG) $(UNIT_FLAGS)

$(B)/unit/san/%.o: %.c $(B)/unit/san/flags
	@mkdir -p $(@D)
	$(Q)$(UNIT_SAN) $(UNIT_FLAGS) -c -o $@ $<

$(B)/unit/clang/%.o: %.c $(B)/unit/clang/flags
	@mkdir -p $(@D)
	$(Q)$(UNIT_CLANG) $(UNIT_FLAGS) -c -o $@ $<

$(B)/unit/san/libunit.a: $(UNIT_LIB:%.c=$(B)/unit/san/%.o)
$(B)/unit/clang/libunit.a: $(UNIT_LIB:%.c=$(B)/unit/clang/%.o)

$(B)/unit/san/test_%: $(B)/unit/san/tests/unit/test_%.o $(B)/unit/san/libunit.a
	$(Q)$(UNIT_SAN) -o $@ $^ -lcmocka -lsodium

$(B)/unit/clang/test_%: $(B)/unit/clang/tests/unit/test_%.o $(B)/unit/clang/libunit.a
	$(Q)$(UNIT_CLANG) -o $@ $^ -lcmocka -lsodium

.SECONDARY: $(foreach cc,san clang,$(UNIT:%=$(B)/unit/$(cc)/tests/unit/%.o))

UNIT_BIN = $(UNIT:%=$(B)/unit/san/%) $(UNIT:%=$(B)/unit/clang/%)

unit: $(UNIT_BIN)
	@status=0; for t in $(UNIT_BIN); do echo "# $$t"; \
		CMOCKA_MESSAGE_OUTPUT=TAP $$t || status=1; done; exit $$status

.PHONY: unit

-include $(wildcard $(B)/unit/*/tests/unit/*.d $(B)/unit/*/common/*/*.d $(B)/unit/*/efi/*.d)
