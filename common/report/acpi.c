/* SPDX-License-Identifier: MIT */
#include "report/acpi.h"

#include "base/mem.h"

/* No table of a real machine is longer; a damaged one may say that it is. */
#define SIZE_MAX_SANE 0x100000

/* Local address and flags follow the header of the MADT. */
#define MADT_FIRST   (ACPI_HEADER + 8)
#define LOCAL_APIC   0
#define LOCAL_X2APIC 9

static uint32_t get32(const uint8_t *at)
{
	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
	       (uint32_t)at[3] << 24;
}

static uint64_t get64(const uint8_t *at)
{
	return get32(at) | (uint64_t)get32(at + 4) << 32;
}

uint64_t acpi_root(const uint8_t *rsdp, size_t *width)
{
	if (memcmp(rsdp, "RSD PTR ", 8) != 0)
		return 0;
	*width = rsdp[15] >= 2 && get64(rsdp + 24) ? 8 : 4;
	return *width == 8 ? get64(rsdp + 24) : get32(rsdp + 16);
}

size_t acpi_size(const uint8_t header[static ACPI_HEADER], const char *signature)
{
	const uint32_t size = get32(header + 4);

	if (memcmp(header, signature, 4) != 0 || size < ACPI_HEADER || size > SIZE_MAX_SANE)
		return 0;
	return size;
}

uint64_t acpi_entry(const uint8_t *root, size_t size, size_t width, size_t index)
{
	if (index >= (size - ACPI_HEADER) / width)
		return 0;
	const uint8_t *at = root + ACPI_HEADER + index * width;
	return width == 8 ? get64(at) : get32(at);
}

uint32_t acpi_processors(const uint8_t *madt, size_t size)
{
	uint32_t count = 0;

	for (size_t at = MADT_FIRST; at + 2 <= size && madt[at + 1] >= 2; at += madt[at + 1]) {
		const uint8_t *entry = madt + at, length = entry[1];

		if (at + length > size)
			break;
		if (entry[0] == LOCAL_APIC && length >= 8)
			count += get32(entry + 4) & 1;
		else if (entry[0] == LOCAL_X2APIC && length >= 16)
			count += get32(entry + 8) & 1;
	}
	return count;
}
