# SPDX-License-Identifier: MIT
# efi.mk - builds the probe, $(B)/BOOTX64.EFI, signs it, and makes images of a stick and a CD.
#
# Included by the Makefile, which sets B, VERSION, WARN and FREE_SRC.  EFI_ARCH is gnu-efi's name of
# the architecture: x86_64 or ia32.

EFI_ARCH ?= x86_64
EFI_NAME := $(if $(filter ia32,$(EFI_ARCH)),BOOTIA32,BOOTX64).EFI

EFI_CODE_x86_64 := -mno-red-zone
EFI_CODE_ia32   := -m32 -march=i686
EFI_DEFINES_x86_64 := -DGNU_EFI_USE_MS_ABI
# One bit of CPUID depends on the mode in which it is read (SYSCALL on Intel), so the report says
# that the probe ran in 32-bit mode.
EFI_VERSION_ia32 := -32bit
EFI_LD_x86_64 := -m elf_x86_64
EFI_LD_ia32   := -m elf_i386
# With 128-bit products libsodium uses limbs of 51 bits, otherwise of 25.
SODIUM_DEFINES_x86_64 := -DHAVE_TI_MODE=1

EFI_HEADERS ?= /usr/include/efi
EFI_OBJCOPY ?= objcopy
EFI_LD      ?= ld

# Where libsodium's source is; if it is missing, Debian's source package is unpacked there.
SODIUM ?= $(B)/sodium
SODIUM_TOP = $(SODIUM)/src/libsodium

# No red zone: interrupts use the application's stack.  No vector registers: firmware does not
# guarantee them on application processors.
EFI_CODE := $(EFI_CODE_$(EFI_ARCH)) -Os -ffreestanding -fno-stack-protector -fpie \
	-fvisibility=hidden -mgeneral-regs-only -fno-ident -ffunction-sections -fdata-sections \
	-fno-zero-initialized-in-bss -fno-asynchronous-unwind-tables
EFI_CFLAGS := $(WARN) -fshort-wchar $(EFI_CODE)
EFI_CPPFLAGS = -include efi/hidden.h -iquote common -iquote efi -isystem $(EFI_HEADERS) \
	-isystem $(EFI_HEADERS)/$(EFI_ARCH) -isystem efi/libc -isystem $(SODIUM_TOP)/include \
	-isystem $(SODIUM_TOP)/include/sodium $(SODIUM_DEFINES) \
	$(EFI_DEFINES_$(EFI_ARCH)) -DVERSION='"$(VERSION)$(EFI_VERSION_$(EFI_ARCH))"' -MMD -MP

# What libsodium's configure script would define.
SODIUM_DEFINES := -DSODIUM_STATIC -DCONFIGURED=1 -DNATIVE_LITTLE_ENDIAN=1 \
	$(SODIUM_DEFINES_$(EFI_ARCH))

# The files of libsodium that sign and verify; compiled without warnings.
SODIUM_SRC := crypto_sign/ed25519/ref10/sign.c crypto_sign/ed25519/ref10/open.c \
	crypto_core/ed25519/ref10/ed25519_ref10.c crypto_hash/sha512/cp/hash_sha512_cp.c \
	crypto_verify/sodium/verify.c
SODIUM_CPPFLAGS = -include efi/hidden.h -iquote $(SODIUM_TOP)/include/sodium \
	-I $(SODIUM_TOP)/include/sodium -nostdinc -isystem efi/libc -isystem common \
	-isystem $(call EFI_FILE,include) $(SODIUM_DEFINES)

# A test replaces one file of the probe by its own.
EFI_INSTEAD_OF ?=
EFI_PUT        ?=
EFI_SRC := $(filter-out $(EFI_INSTEAD_OF),$(wildcard efi/*.c efi/$(EFI_ARCH)/*.c)) $(EFI_PUT)
EFI_OBJ := $(EFI_SRC:%.c=$(B)/%.o)
EFI_FREE_OBJ := $(FREE_SRC:%.c=$(B)/efi/%.o)
EFI_SODIUM_OBJ := $(SODIUM_SRC:%.c=$(B)/efi/sodium/%.o)

# The compiler knows where the distribution has these files.
EFI_FILE = $(shell $(CC) $(EFI_CODE_$(EFI_ARCH)) -print-file-name=$(1))

# The sections that the UEFI loader and gnu-efi's start-up code use; relocations name no symbols.
EFI_SECTIONS := .text .sdata .data .rodata .dynamic .rel .rela '.rel.*' '.rela.*' .reloc

$(B)/efi/%.o: efi/%.c efi/efi.mk
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(EFI_CFLAGS) $(EFI_CPPFLAGS) -c -o $@ $<

$(B)/tests/efi/%.o: tests/efi/%.c efi/efi.mk
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(EFI_CFLAGS) $(EFI_CPPFLAGS) -c -o $@ $<

$(B)/efi/common/%.o: common/%.c efi/efi.mk
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(EFI_CFLAGS) $(EFI_CPPFLAGS) -c -o $@ $<

$(B)/efi/sign.o $(EFI_SODIUM_OBJ): | $(SODIUM_TOP)

# sign.c has its own function for this one, and says why.
$(B)/efi/sodium/crypto_sign/ed25519/ref10/sign.o: \
	SODIUM_DEFINES += -Dge25519_scalarmult_base=sign_times_base

$(B)/efi/sodium/%.o: efi/efi.mk
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(EFI_CODE) -w $(SODIUM_CPPFLAGS) -c -o $@ $(SODIUM_TOP)/$*.c

$(SODIUM_TOP):
	$(call say,GET,$(SODIUM))
	$(Q)scripts/sodium $(SODIUM)

# Linked in two steps.  The first removes what efi_main does not need.  If the second did that, the
# linker would remove the .reloc section too, and some firmware refuses an image without it.
$(B)/efi/libcpulevel.a: $(EFI_FREE_OBJ)

$(B)/efi/probe.o: $(EFI_OBJ) $(B)/efi/libcpulevel.a $(EFI_SODIUM_OBJ) efi/probe.lds
	$(call say,LD,$@)
	$(Q)$(EFI_LD) $(EFI_LD_$(EFI_ARCH)) -r --gc-sections -e efi_main -Map $(B)/efi/probe.map -o $@ \
		-T efi/probe.lds $(filter %.o,$^) $(filter %.a,$^)

$(B)/efi/probe.so: $(B)/efi/probe.o
	$(Q)$(EFI_LD) $(EFI_LD_$(EFI_ARCH)) -shared -Bsymbolic -nostdlib --no-undefined \
		-z noexecstack --build-id=none \
		-T $(call EFI_FILE,elf_$(EFI_ARCH)_efi.lds) -o $@ \
		$(call EFI_FILE,crt0-efi-$(EFI_ARCH).o) $< $(call EFI_FILE,libgnuefi.a)

$(B)/$(EFI_NAME): $(B)/efi/probe.so
	$(call say,COPY,$@)
	$(Q)SOURCE_DATE_EPOCH=$${SOURCE_DATE_EPOCH:-0} $(EFI_OBJCOPY) --strip-all \
		$(foreach s,$(EFI_SECTIONS),-j $(s)) --target efi-app-$(EFI_ARCH) $< $@

# The probe for 32-bit firmware, by the same rules.
$(B)/ia32/BOOTIA32.EFI: always | $(SODIUM_TOP)
	+$(Q)$(MAKE) --no-print-directory EFI_ARCH=ia32 B=$(B)/ia32 SODIUM=$(SODIUM) $@

# Secure Boot: with SB_KEY and SB_CERT, images get signed copies.  Those are in a directory of their own,
# so that $(B)/BOOTX64.EFI is always the unsigned program, which is reproducible.
ifneq ($(SB_KEY)$(SB_CERT),)
ifeq ($(SB_KEY),)
$(error SB_CERT is given without SB_KEY, the secret key to sign with)
endif
ifeq ($(SB_CERT),)
$(error SB_KEY is given without SB_CERT, the certificate that belongs to the key)
endif
PROBES = $(B)/signed/BOOTX64.EFI $(B)/signed/BOOTIA32.EFI
else
PROBES = $(B)/BOOTX64.EFI $(B)/ia32/BOOTIA32.EFI
endif

$(B)/signed/BOOTX64.EFI: $(B)/BOOTX64.EFI
$(B)/signed/BOOTIA32.EFI: $(B)/ia32/BOOTIA32.EFI
$(B)/signed/%.EFI: always
	$(call say,SIGN,$@)
	@mkdir -p $(@D)
	$(Q)scripts/sign "$(SB_KEY)" "$(SB_CERT)" $(filter %.EFI,$^) $@

IMAGE_FILES = $(if $(KEY),-k "$(KEY)") $(if $(CONF),-c "$(CONF)") $(if $(GOLDEN),-g "$(GOLDEN)")

# Always made: file times do not show that another key or setting was given on the command line.
$(B)/cpulevel.img: $(PROBES) always
	scripts/image -o $@ $(IMAGE_FILES) $(PROBES)

$(B)/cpulevel.iso: $(PROBES) always
	scripts/image -i -o $@ $(IMAGE_FILES) $(PROBES)

always:

.PHONY: always

-include $(EFI_OBJ:.o=.d) $(EFI_FREE_OBJ:.o=.d)
