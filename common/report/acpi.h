/* SPDX-License-Identifier: MIT */
/*
 * acpi.h - counts the processors that ACPI's tables list.
 *
 * ACPI Specification 6.5, chapter 5.  These functions follow no address: the caller does, and
 * passes what is there.
 */
#ifndef ACPI_H
#define ACPI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ACPI_RSDP   36 /* bytes of the root pointer; 20 if its revision is 0 */
#define ACPI_HEADER 36 /* bytes with which every table begins */

/*
 * Returns the address of the table that lists the others, and sets *width to the size of an address
 * in it: 8 for the XSDT, 4 for the RSDT.  Returns 0 if it is no root pointer.
 */
uint64_t acpi_root(const uint8_t *rsdp, size_t *width);

/* Returns the size of a table, or 0 if its header does not have this signature of four letters. */
size_t acpi_size(const uint8_t header[static ACPI_HEADER], const char *signature);

/* Returns address number index of the XSDT or RSDT of this size, 0 after the last one. */
uint64_t acpi_entry(const uint8_t *root, size_t size, size_t width, size_t index);

/* Returns how many processors the MADT lists as enabled. */
uint32_t acpi_processors(const uint8_t *madt, size_t size);

#endif
