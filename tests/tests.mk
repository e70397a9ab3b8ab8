# SPDX-License-Identifier: MIT
# tests.mk - what the tests build, and each of it once.  Included by the Makefile.
#
# $(B)/san      the tool and common/ under gcc's AddressSanitizer and UndefinedBehaviorSanitizer
# $(B)/clang    all, by clang
# $(B)/unit/    the unit tests, linked with the libraries of both
# $(B)/fuzz/    the tool and common/ for clang's libFuzzer, with its sanitizers; a program for each harness

SAN_FLAGS = -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
# Linked otherwise, gcc's UndefinedBehaviorSanitizer does not write into files.
SAN_LINK  = -static-libasan -static-libubsan

in_san   = CFLAGS='$(SAN_FLAGS)' LDFLAGS='$(SAN_LINK)' B=$(B)/san
in_clang = CC=clang B=$(B)/clang

# Two groups of tests may ask for the same at the same time.
build_once = +$(Q)mkdir -p $(B) && flock $(B)/lock \
	$(MAKE) --no-print-directory WERROR=1 SODIUM=$(SODIUM) $(in_$(1)) $(2)

libraries = $(1)/libfleet.a $(1)/libcpulevel.a
$(B)/san/libfleet.a: always
	$(call build_once,san,$(call libraries,$(B)/san))
$(B)/clang/libfleet.a: always
	$(call build_once,clang,$(call libraries,$(B)/clang))
$(B)/san/libcpulevel.a: $(B)/san/libfleet.a ;
$(B)/clang/libcpulevel.a: $(B)/clang/libfleet.a ;

$(B)/san/cpulevel: always
	$(call build_once,san,$@)
$(B)/clang/all: always
	$(call build_once,clang,all)

UNIT       = $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/test_*.c))
# Tables of tests leave out what is zero.
UNIT_FLAGS = $(WARN) -Wno-missing-field-initializers -g $(INCLUDE) -iquote efi -iquote tests/unit -D_GNU_SOURCE -MMD -MP
UNIT_SAN   = gcc $(SAN_FLAGS)
UNIT_CLANG = clang -O2
# So that a test can have an allocation fail.
UNIT_LINK  = -lcmocka -lsodium -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=free
# Beside the libraries; of the probe that which needs no firmware.
UNIT_OBJ   = tests/unit/unit.o tests/unit/tpm_fake.o efi/unpack.o efi/pack/pack.o efi/scalar.o

$(B)/unit/san/flags: export FLAGS = $(UNIT_SAN) $(UNIT_FLAGS)
$(B)/unit/clang/flags: export FLAGS = $(UNIT_CLANG) $(UNIT_FLAGS)

$(B)/unit/san/%.o: %.c $(B)/unit/san/flags
	@mkdir -p $(@D)
	$(Q)$(UNIT_SAN) $(UNIT_FLAGS) -c -o $@ $<

$(B)/unit/clang/%.o: %.c $(B)/unit/clang/flags
	@mkdir -p $(@D)
	$(Q)$(UNIT_CLANG) $(UNIT_FLAGS) -c -o $@ $<

$(B)/unit/san/test_%: $(B)/unit/san/tests/unit/test_%.o $(UNIT_OBJ:%=$(B)/unit/san/%) $(call libraries,$(B)/san)
	$(Q)$(UNIT_SAN) -o $@ $^ $(UNIT_LINK)

$(B)/unit/clang/test_%: $(B)/unit/clang/tests/unit/test_%.o $(UNIT_OBJ:%=$(B)/unit/clang/%) \
		$(call libraries,$(B)/clang)
	$(Q)$(UNIT_CLANG) -o $@ $^ $(UNIT_LINK)

.SECONDARY: $(foreach cc,san clang,$(UNIT:%=$(B)/unit/$(cc)/tests/unit/%.o))

UNIT_BIN = $(UNIT:%=$(B)/unit/san/%) $(UNIT:%=$(B)/unit/clang/%)

unit: $(UNIT_BIN)
	@status=0; for t in $(UNIT_BIN); do echo "# $$t"; \
		CMOCKA_MESSAGE_OUTPUT=TAP $$t || status=1; done; exit $$status

# The reader that tests/readers compares with the one in Python.
$(B)/unit/respell: $(B)/unit/san/tests/respell.o $(call libraries,$(B)/san)
	$(Q)$(UNIT_SAN) -o $@ $^

# The probe's own code in a process, under the posed firmware of tests/posed.  Not in it: start.c, which
# unpacks the data of an EFI image; sbat.c, which has no code; mem.c, whose functions are the C library's
# here, which the sanitizer watches; native.c, whose instructions a process may not execute: the processors
# are recorded ones.  Of x86_64/fault.c one function reads the processor's own table and is replaced.
POSED       = $(B)/posed
POSED_EFI   = $(filter-out efi/start.c efi/sbat.c efi/mem.c efi/native.c efi/scalar.c,$(wildcard efi/*.c efi/x86_64/*.c))
POSED_SRC   = $(POSED_EFI) $(wildcard tests/posed/*.c) tests/unit/tpm_fake.c
POSED_OBJ   = $(POSED_SRC:%.c=$(POSED)/%.o)
POSED_FLAGS = $(WARN) -Wno-missing-field-initializers -fshort-wchar -DGNU_EFI_USE_MS_ABI -D_GNU_SOURCE \
              -iquote common -iquote efi -iquote tests/unit -iquote tests/posed -iquote $(B)/host \
              -isystem $(EFI_HEADERS) -isystem $(EFI_HEADERS)/x86_64 -isystem $(SODIUM_TOP)/include \
              -isystem $(SODIUM_TOP)/include/sodium $(SODIUM_DEFINES) -MMD -MP
# libFuzzer's, see below, have other flags.
POSED_CC     = $(UNIT_SAN)
# Not under the sanitizers, which the unit tests have scalar.c under: keys are a third of the time.
POSED_SODIUM = $(SODIUM_SRC:%.c=$(POSED)/sodium/%.o) $(POSED)/sodium/scalar.o

$(POSED)/flags: export FLAGS = $(POSED_CC) $(POSED_FLAGS)

$(POSED_OBJ) $(POSED)/tests/fuzz/probe.o: $(POSED)/%.o: %.c $(POSED)/flags | $(SODIUM_TOP) $(B)/host/release.h
	@mkdir -p $(@D)
	$(Q)$(POSED_CC) $(POSED_FLAGS) -c -o $@ $<

# As in the probe, but for the host.
$(POSED)/sodium/crypto_sign/ed25519/ref10/%.o: SODIUM_DEFINES += -Dge25519_scalarmult_base=sign_times_base \
	-Dsc25519_reduce=scalar_reduce -Dsc25519_muladd=scalar_muladd
$(POSED)/sodium/scalar.o: efi/scalar.c $(POSED)/flags | $(SODIUM_TOP)
	@mkdir -p $(@D)
	$(Q)gcc $(POSED_FLAGS) -O2 -c -o $@ $<
$(POSED)/sodium/%.o: $(POSED)/flags | $(SODIUM_TOP)
	@mkdir -p $(@D)
	$(Q)gcc -O2 -w -fvisibility=hidden -I $(SODIUM_TOP)/include/sodium -I $(SODIUM_TOP)/include $(SODIUM_DEFINES) -c -o $@ $(SODIUM_TOP)/$*.c

$(POSED)/posed: $(POSED_OBJ) $(POSED_SODIUM) $(call libraries,$(B)/san)
	$(Q)$(UNIT_SAN) -Wl,--wrap=fault_gate -o $@ $^

# The harnesses are one program, which looks under which name it is started.  It has the whole tool, but
# the main function is libFuzzer's.  Zero may be added to a null pointer: C2y says so (N3322), and no compiler
# did otherwise.
FUZZ_FLAGS = -O1 -gline-tables-only -fno-omit-frame-pointer -fno-sanitize-recover=all \
	-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize=pointer-overflow \
	-fsanitize-coverage-ignorelist=tests/fuzz/uncounted \
	-Dmain=tool_main -Wno-missing-prototypes -iquote efi -iquote tests/fuzz -iquote tests/unit
FUZZ_LINK  = -fsanitize=fuzzer,address,undefined -Wl,--wrap=fault_gate
FUZZ_SRC   = $(filter-out tests/fuzz/probe.c,$(wildcard tests/fuzz/*.c)) efi/unpack.c efi/pack/pack.c
# The whole probe under the posed firmware, and the tool, which has a function of one of its names too.
FUZZ_POSED = $(filter-out $(FUZZ_SRC:%.c=$(POSED)/%.o) $(POSED)/tests/posed/main.o,$(POSED_OBJ)) \
	$(POSED)/tests/fuzz/probe.o $(POSED_SODIUM)
# gnu-efi's offsets of fields are members of a null pointer.  Compiling takes longer than what is saved by
# -O1 in the visits of a run.
POSED_FUZZ = clang $(FUZZ_FLAGS) -O0 -fno-sanitize=null -iquote cli -Dfile_read=files_read

in_fuzz = CC=clang POSED_CC='$(POSED_FUZZ)' CFLAGS='$(FUZZ_FLAGS)' LDFLAGS='$(FUZZ_LINK)' B=$(B)/fuzz

$(B)/fuzz/all: always
	$(call build_once,fuzz,$(B)/fuzz/harness)
	$(Q)sed -n 's/^HARNESS(\([a-z_]*\),.*/\1/p' tests/fuzz/harness.def | \
		while read -r name; do ln -sfn harness $(B)/fuzz/$$name; done
$(B)/harness: $(FUZZ_SRC:%.c=$(B)/host/%.o) $(FUZZ_POSED) $(CLI_SRC:%.c=$(B)/host/%.o) $(PAGE) $(B)/libfleet.a \
		$(B)/libcpulevel.a $(B)/host/link/flags
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $(filter %.o %.a,$^) $(LIBS) -pthread

# Makes many reports, and times the bare checks of their seals.
$(B)/tests/fleet: tests/fleet.c $(B)/libfleet.a $(B)/libcpulevel.a $(B)/host/flags
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(HOST_FLAGS) -o $@ $(filter %.c %.a,$^) -lsodium

# The first process of an emulated host, with Linux's headers beside musl's.
$(B)/tests/supported: tests/supported.c
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)musl-gcc -std=gnu11 -O1 -Wall -Wextra $(if $(WERROR),-Werror) -static -idirafter /usr/include \
		-idirafter /usr/include/x86_64-linux-gnu -o $@ $<

.PHONY: unit

-include $(FUZZ_SRC:%.c=$(B)/host/%.d)
-include $(wildcard $(POSED)/efi/*.d $(POSED)/tests/*/*.d $(B)/unit/*/tests/*.d $(B)/unit/*/tests/unit/*.d $(B)/unit/*/efi/*.d $(B)/unit/*/efi/pack/*.d)
