# SPDX-License-Identifier: MIT
# efi.mk - builds the probe, $(B)/BOOTX64.EFI, signs it, and makes images of a stick and a CD.
#
# Included by the Makefile, which sets B, VERSION, WARN and FREE_SRC.  EFI_ARCH is what the
# probe is built for, by gnu-efi's names: x86_64 or ia32.  EFI_ARCHES are those that "make" builds.

EFI_ARCH   ?= x86_64
EFI_ARCHES ?= x86_64 ia32
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

EFI_OBJCOPY ?= objcopy
EFI_LD      ?= ld

# gnu-efi: its headers, and its start-up code, whose folder or the one above has the library.  That folder is /usr/lib in Debian, Arch and newer Fedora, /usr/lib32 for Debian's 32-bit
# files, and /usr/lib64/gnuefi or /usr/lib/gnuefi in older Fedora.  Some packages have shorter names in
# gnuefi/x64 and gnuefi/ia32.  Only Debian's own package has been tried.
EFI_ROOT    ?=
EFI_HEADERS ?= $(EFI_ROOT)/usr/include/efi
EFI_LIBS    ?= $(addprefix $(EFI_ROOT)/usr/,$(EFI_LIB_$(EFI_ARCH)))
EFI_LIB_x86_64 := lib lib64 lib/x86_64-linux-gnu lib/gnuefi lib64/gnuefi
EFI_LIB_ia32   := lib32 lib lib/i386-linux-gnu lib32/gnuefi lib/gnuefi
EFI_SHORT := $(if $(filter ia32,$(EFI_ARCH)),ia32,x64)

EFI_CRT0 := $(firstword $(wildcard $(EFI_LIBS:%=%/crt0-efi-$(EFI_ARCH).o) \
	$(EFI_LIBS:%=%/$(EFI_SHORT)/crt0.o)))
EFI_DIR  := $(patsubst %/,%,$(dir $(EFI_CRT0)))
EFI_LIB  := $(firstword $(wildcard $(EFI_DIR)/libgnuefi.a $(EFI_DIR)/../libgnuefi.a))
EFI_LACKS := $(if $(wildcard $(EFI_HEADERS)/efi.h),,efi.h) $(if $(EFI_CRT0),,crt0-efi-$(EFI_ARCH).o) \
	$(if $(EFI_LIB),,libgnuefi.a)

define EFI_NOT_FOUND
gnu-efi for $(EFI_ARCH) is incomplete or not installed: no $(strip $(EFI_LACKS))
  efi.h was looked for in:      $(EFI_HEADERS)
  the others were looked for in: $(EFI_LIBS)
If they are elsewhere: make EFI_HEADERS=FOLDER EFI_LIBS="FOLDER..."
If only the 32-bit files are missing: make EFI_ARCHES=x86_64 (no BOOTIA32.EFI is built)

endef

# The unpacked source of libsodium.  If the folder does not exist, Debian's source is fetched into it.
SODIUM ?= $(B)/sodium
SODIUM_TOP = $(SODIUM)/src/libsodium

# For size: -Oz, which gcc has since 12.  clang's calls functions for shifts of 64 bits, and there are none.
EFI_SMALL := $(or $(shell $(CC) -dM -E -x c /dev/null | awk '$$2 == "__GNUC__" && $$3 >= 12 { print "-Oz" }'),-Os)

# No red zone: interrupts use the application's stack.  No vector registers: firmware does not
# guarantee them on application processors.
EFI_CODE := $(EFI_CODE_$(EFI_ARCH)) $(EFI_SMALL) -ffreestanding -fno-stack-protector -fpie \
	-fvisibility=hidden -mgeneral-regs-only -fno-ident -ffunction-sections -fdata-sections \
	-fno-zero-initialized-in-bss -fno-asynchronous-unwind-tables
EFI_CFLAGS := $(WARN) -fshort-wchar $(EFI_CODE)
EFI_CPPFLAGS = -include efi/hidden.h -iquote common -iquote efi -isystem $(EFI_HEADERS) \
	-isystem $(EFI_HEADERS)/$(EFI_ARCH) -isystem efi/libc -isystem $(SODIUM_TOP)/include \
	-isystem $(SODIUM_TOP)/include/sodium $(SODIUM_DEFINES) \
	$(EFI_DEFINES_$(EFI_ARCH)) -iquote $(B)/efi -MMD -MP

# What libsodium's configure script would define.
SODIUM_DEFINES := -DSODIUM_STATIC -DCONFIGURED=1 -DNATIVE_LITTLE_ENDIAN=1 \
	$(SODIUM_DEFINES_$(EFI_ARCH))

# The files of libsodium that sign, verify and hash; compiled without warnings.
SODIUM_SRC := crypto_sign/ed25519/ref10/sign.c crypto_sign/ed25519/ref10/open.c \
	crypto_core/ed25519/ref10/ed25519_ref10.c crypto_hash/sha512/cp/hash_sha512_cp.c \
	crypto_hash/sha256/cp/hash_sha256_cp.c crypto_verify/sodium/verify.c
SODIUM_CPPFLAGS = -include efi/hidden.h -iquote $(SODIUM_TOP)/include/sodium \
	-I $(SODIUM_TOP)/include/sodium -nostdinc -isystem efi/libc -isystem common \
	-isystem $(CC_HEADERS) $(SODIUM_DEFINES)

# TPM=0 builds a probe that asks no TPM, and is smaller by 12 KiB; NETWORK=0 one that sends nothing.
TPM     ?= 1
NETWORK ?= 1
EFI_WITHOUT := $(if $(filter 0,$(TPM)),tpm_sign) $(if $(filter 0,$(NETWORK)),collect remote)

# A test replaces one file of the probe by its own.
EFI_INSTEAD_OF ?=
EFI_PUT        ?=
EFI_PUT        += $(EFI_WITHOUT:%=efi/without/%.c)
EFI_SRC := $(filter-out $(EFI_INSTEAD_OF) $(EFI_WITHOUT:%=efi/%.c),$(wildcard efi/*.c efi/$(EFI_ARCH)/*.c)) $(EFI_PUT)
EFI_OBJ := $(EFI_SRC:%.c=$(B)/%.o)
EFI_FREE_OBJ := $(FREE_SRC:%.c=$(B)/efi/%.o)
EFI_SODIUM_OBJ := $(SODIUM_SRC:%.c=$(B)/efi/sodium/%.o)

# The compiler's own headers.
CC_HEADERS = $(shell $(CC) $(EFI_CODE_$(EFI_ARCH)) -print-file-name=include)

# The sections that the UEFI loader and the start-up code use.  Relocations name no symbols.
EFI_SECTIONS := .text .reloc .data .dynamic .rel .rela .sbat .conf .packed

$(B)/efi/flags: export FLAGS = $(CC) $(EFI_CFLAGS) $(EFI_CPPFLAGS) $(SODIUM_CPPFLAGS)
$(B)/efi/link/flags: export FLAGS = $(EFI_LD) $(EFI_OBJCOPY) $(EFI_CRT0) $(EFI_LIB)
$(B)/efi/release.h: RELEASE = $(VERSION)$(EFI_VERSION_$(EFI_ARCH))
$(B)/efi/flags: | gnu-efi
gnu-efi: | $(B)/packages
	$(if $(strip $(EFI_LACKS)),$(error $(EFI_NOT_FOUND)))@:

$(B)/efi/%.o: efi/%.c $(B)/efi/flags | $(B)/efi/release.h
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(EFI_CFLAGS) $(EFI_CPPFLAGS) -c -o $@ $<

$(B)/tests/efi/%.o: tests/efi/%.c $(B)/efi/flags | $(B)/efi/release.h
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(EFI_CFLAGS) $(EFI_CPPFLAGS) -c -o $@ $<

$(B)/efi/common/%.o: common/%.c $(B)/efi/flags
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(EFI_CFLAGS) $(EFI_CPPFLAGS) -c -o $@ $<

# Of all that the probe does itself, unpacking takes longest.  The 32-bit probe has no room for that.
EFI_FAST_x86_64 := -O2
$(B)/efi/unpack.o: private EFI_CFLAGS += $(EFI_FAST_$(EFI_ARCH))
$(B)/efi/unpack.o: efi/efi.mk

$(B)/efi/sign.o $(EFI_SODIUM_OBJ): | $(SODIUM_TOP)

# sign.c and scalar.c have their own functions for these, and say why.
$(B)/efi/sodium/crypto_sign/ed25519/ref10/%.o: private SODIUM_DEFINES += -Dge25519_scalarmult_base=sign_times_base \
	-Dsc25519_reduce=scalar_reduce -Dsc25519_muladd=scalar_muladd

$(B)/efi/sodium/%.o: $(B)/efi/flags efi/efi.mk
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(EFI_CODE) -w $(SODIUM_CPPFLAGS) -c -o $@ $(SODIUM_TOP)/$*.c

$(SODIUM_TOP): | $(B)/packages
	$(call say,GET,$(SODIUM))
	$(Q)scripts/source libsodium $(SODIUM) || \
		{ echo 'make: SODIUM=DIR names an unpacked source of libsodium 1.0.18' >&2; exit 2; }

# Linked in two steps.  The first removes what efi_main does not need.  If the second did that, the
# linker would remove the .reloc section too, and some firmware refuses an image without it.
$(B)/efi/libcpulevel.a: $(EFI_FREE_OBJ)

$(B)/efi/probe.o: $(EFI_OBJ)

# The probe with settings in it ("make netboot"), and the folder that it goes to.
NETBOOT ?= $(B)/netboot
$(B)/efi/netboot.o: $(filter-out $(B)/efi/embedded.o,$(EFI_OBJ)) $(B)/netboot/embedded.o

# All programs that are linked like the probe, and those that only tests and scripts start.
EFI_TESTS  := quirk timed idle
EFI_LINKED := probe netboot $(EFI_TESTS)

# What a test starts in place of the probe.  It is made of the same files, but for main.c.
$(B)/efi/quirk.o: $(B)/tests/efi/quirk.o $(B)/tests/efi/quirk_forms.o $(filter-out $(B)/efi/main.o,$(EFI_OBJ))

# For scripts/bench-boot: the probe that says when its steps begin and end, and a program that does nothing.
$(B)/efi/timed.o: $(B)/tests/efi/timed.o $(EFI_OBJ)
$(B)/efi/timed.o $(B)/efi/timed.so: EFI_ENTRY := timed_start
$(B)/efi/timed.o: EFI_WRAP = $(shell sed -n 's/^STEP[_VOID]*.\([a-z_]*\),.*/--wrap=\1/p' tests/efi/timed.c) $(addprefix --wrap=,console_start power_do)
$(B)/efi/idle.o: $(B)/tests/efi/idle.o $(filter-out $(B)/efi/main.o,$(EFI_OBJ))

EFI_ENTRY := probe_start
$(EFI_LINKED:%=$(B)/efi/%.o): $(B)/efi/libcpulevel.a $(EFI_SODIUM_OBJ) efi/probe.lds
	$(call say,LD,$@)
	$(Q)$(EFI_LD) $(EFI_LD_$(EFI_ARCH)) -r --gc-sections $(EFI_WRAP) -e $(EFI_ENTRY) -u efi_main -Map $(@:.o=.map) -o $@ \
		-T efi/probe.lds $(filter %.o,$^) $(filter %.a,$^)

$(B)/efi/%.so: $(B)/efi/%.o efi/image.lds $(B)/efi/link/flags
	$(Q)$(EFI_LD) $(EFI_LD_$(EFI_ARCH)) -shared -Bsymbolic -nostdlib --no-undefined -e $(EFI_ENTRY) \
		-z noexecstack --build-id=none -T efi/image.lds -o $@ $(EFI_CRT0) $< $(EFI_LIB)

# .data, which is constants but for a few bytes, is packed after the link: to a third, by a program of
# our own that runs here.  In the PE file it is .bss, which has memory but no bytes; .packed, the last
# section, has them, and start.c unpacks them before anything needs them.  Code is never packed, so that
# nothing is both written and executed.  Loaders leave .data alone: the PE file has no relocations but
# crt0's empty one, and gnu-efi's start-up code applies those of .rela or .rel after that.
PACK ?= $(B)/pack
PACK_SRC := efi/unpack.c $(wildcard efi/pack/*.c)
$(B)/pack: $(PACK_SRC:%.c=$(B)/host/%.o) $(B)/host/link/flags
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^)

# Private, lest the flags that it depends on be these too, and all be built again next time.
$(B)/host/efi/%.o: private INCLUDE = -iquote efi

$(B)/efi/%.packed: $(B)/efi/%.so $(PACK)
	$(Q)$(EFI_OBJCOPY) -O binary -j .data $< $(@:.packed=.data)
	$(Q)$(PACK) $(@:.packed=.data) $@

$(B)/$(EFI_NAME): $(B)/efi/probe.so $(B)/efi/probe.packed
$(NETBOOT)/$(EFI_NAME): $(B)/efi/netboot.so $(B)/efi/netboot.packed
$(EFI_TESTS:%=$(B)/%.efi): $(B)/%.efi: $(B)/efi/%.so $(B)/efi/%.packed
$(B)/$(EFI_NAME) $(NETBOOT)/$(EFI_NAME) $(EFI_TESTS:%=$(B)/%.efi):
	$(call say,COPY,$@)
	$(Q)SOURCE_DATE_EPOCH=$${SOURCE_DATE_EPOCH:-0} $(EFI_OBJCOPY) --strip-all \
		$(foreach s,$(EFI_SECTIONS),-j $(s)) --rename-section .data=.bss,alloc \
		--update-section .packed=$(filter %.packed,$^) --target efi-app-$(EFI_ARCH) $< $@
	$(Q)scripts/nx $@

# The probe for 32-bit firmware, by the same rules.
$(B)/ia32/BOOTIA32.EFI: always $(PACK) | $(SODIUM_TOP) $(B)/packages
	+$(Q)$(MAKE) --no-print-directory EFI_ARCH=ia32 B=$(B)/ia32 SODIUM=$(SODIUM) PACK=$(PACK) $@

# One program for the network, which needs no file beside it: settings from CONF and COLLECT, and the
# certificates of CA, are in it.  They are read as the probe will read them.
$(B)/netboot/embedded.o: efi/embedded.c $(NETBOOT)/cpulevel.conf $(B)/efi/flags always
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(EFI_CFLAGS) $(EFI_CPPFLAGS) -DEMBEDDED_CONF='"$(NETBOOT)/cpulevel.conf"' \
		$(if $(CA),-DEMBEDDED_CA='"$(CA)"') -c -o $@ $<

ifneq ($(EFI_ARCH),ia32)
$(NETBOOT)/cpulevel.conf: export COLLECT := $(COLLECT)
$(NETBOOT)/cpulevel.conf: $(B)/cpulevel always
	$(if $(COLLECT)$(CONF),,$(error make netboot needs COLLECT=http://HOST/PATH/, or CONF=cpulevel.conf))@mkdir -p $(@D)
	$(Q){ $(if $(CONF),cat "$(CONF)" && echo &&) printf '%s\n' "$${COLLECT:+collect $$COLLECT}"; } >$@
	$(Q)$(B)/cpulevel check --conf $@ $(if $(CA),--ca "$(CA)") >/dev/null

$(NETBOOT)/BOOTIA32.EFI: $(NETBOOT)/cpulevel.conf always $(PACK) | $(SODIUM_TOP) $(B)/packages
	+$(Q)$(MAKE) --no-print-directory EFI_ARCH=ia32 B=$(B)/ia32 NETBOOT=$(NETBOOT) SODIUM=$(SODIUM) PACK=$(PACK) $@
endif

# Secure Boot: with SB_KEY and SB_CERT, images get signed copies.  Those are in a directory of their own,
# so that $(B)/BOOTX64.EFI is always the unsigned program, which is reproducible.
ifneq ($(SB_KEY)$(SB_CERT),)
ifeq ($(SB_KEY),)
$(error SB_CERT is given without SB_KEY, the secret key to sign with)
endif
ifeq ($(SB_CERT),)
$(error SB_KEY is given without SB_CERT, the certificate that belongs to the key)
endif
PROBES := signed/BOOTX64.EFI signed/BOOTIA32.EFI
else
PROBES := BOOTX64.EFI ia32/BOOTIA32.EFI
endif
PROBES := $(addprefix $(B)/,$(if $(filter ia32,$(EFI_ARCHES)),$(PROBES),$(filter-out %IA32.EFI,$(PROBES))))

$(B)/signed/BOOTX64.EFI: $(B)/BOOTX64.EFI
$(B)/signed/BOOTIA32.EFI: $(B)/ia32/BOOTIA32.EFI
$(B)/signed/%.EFI: always
	$(call say,SIGN,$@)
	@mkdir -p $(@D)
	$(Q)scripts/sign "$(SB_KEY)" "$(SB_CERT)" $(filter %.EFI,$^) $@

# What a legacy BIOS runs from the stick.
$(B)/mbr.bin: scripts/bootcode scripts/mbr.S
	$(call say,AS,$@)
	@mkdir -p $(@D)
	$(Q)scripts/bootcode $@

IMAGE_FILES = -t $(B)/cpulevel $(if $(SECTOR),-s "$(SECTOR)") $(if $(KEY),-k "$(KEY)") $(if $(CONF),-c "$(CONF)") $(if $(GOLDEN),-g "$(GOLDEN)") $(if $(CA),-a "$(CA)")

# Always made: file times do not show that another key or setting was given on the command line.
$(B)/cpulevel.img: $(PROBES) $(B)/cpulevel always
	scripts/image -o $@ $(IMAGE_FILES) $(PROBES)

$(B)/cpulevel.iso: $(PROBES) $(B)/cpulevel always
	scripts/image -i -o $@ $(IMAGE_FILES) $(PROBES)

.PHONY: gnu-efi

-include $(PACK_SRC:%.c=$(B)/host/%.d) $(EFI_OBJ:.o=.d) $(EFI_FREE_OBJ:.o=.d)
