/* SPDX-License-Identifier: MIT */
/*
 * Where the probe begins.  Its data is unpacked before any other code needs it, that of gnu-efi
 * included, which then corrects the addresses in it.  As in unpack.c, nothing here may need data.
 */
#include <efi.h>

#include "unpack.h"

/* Where the section .data is: see image.lds. */
extern uint8_t plain[], plain_end[];

/* Its size comes first, lowest byte first.  The bytes are put here after the link (efi.mk). */
extern const uint8_t packed[];
__asm__(".section .packed, \"a\"\n"
        ".globl packed\n"
        ".hidden packed\n"
        "packed: .long 0\n"
        ".previous\n");

/* gnu-efi's, which calls efi_main. */
EFI_STATUS EFIAPI _start(EFI_HANDLE image, EFI_SYSTEM_TABLE *table);

EFI_STATUS EFIAPI probe_start(EFI_HANDLE image, EFI_SYSTEM_TABLE *table);

EFI_STATUS EFIAPI probe_start(EFI_HANDLE image, EFI_SYSTEM_TABLE *table)
{
	size_t size = 0;

	for (int i = 4; i-- > 0;)
		size = size << 8 | packed[i];
	/* cppcheck-suppress comparePointers ; the two ends of one section */
	if (!unpack(plain, (size_t)(plain_end - plain), packed + 4, size))
		return EFI_LOAD_ERROR;
	return _start(image, table);
}
