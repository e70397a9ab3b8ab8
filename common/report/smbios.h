/* SPDX-License-Identifier: MIT */
/*
 * smbios.h - reads vendor, product and serial numbers from the SMBIOS tables.
 *
 * Structures of types 0 to 4 of DMTF DSP0134 (SMBIOS 3.x).  Firmware gets lengths and string
 * numbers wrong, so all are checked; a bad structure ends the walk.
 */
#ifndef SMBIOS_H
#define SMBIOS_H

#include "report/report.h"

/*
 * Sets *table to the physical address of the structures and *table_size to their size.  entry is
 * the entry point, size bytes long: "_SM3_" (24 bytes) or "_SM_" (31 bytes).  Returns false if it
 * is neither or if its checksum is wrong.
 */
bool smbios_entry(const uint8_t *entry, size_t size, uint64_t *table, size_t *table_size);

/*
 * Sets the system, board, chassis and BIOS fields of a report, and how many processors SMBIOS says
 * that there are, from size bytes of structures.  A
 * string that is absent or empty leaves its field unknown.  Strings are not judged: "To be filled
 * by O.E.M." is copied.
 */
void smbios_identify(struct report *r, const uint8_t *table, size_t size);

#endif
