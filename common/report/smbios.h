/* SPDX-License-Identifier: MIT */
/*
 * smbios.h - who a machine says it is.
 *
 * Reads the structures of DMTF DSP0134 (SMBIOS 3.x) of types 0, 1 and 2.  Firmware gets lengths
 * and string numbers wrong; every one is checked and a bad structure ends the walk.
 */
#ifndef SMBIOS_H
#define SMBIOS_H

#include "report/report.h"

/*
 * Finds the structure table from an entry point of size bytes or more: "_SM3_" (24 bytes) or
 * "_SM_" (31 bytes).  Returns false if it is neither or its checksum is wrong.  *table is the
 * physical address, *table_size the number of bytes that may be read there.
 */
bool smbios_entry(const uint8_t *entry, size_t size, uint64_t *table, size_t *table_size);

/*
 * Sets the system, board and BIOS fields of a report from size bytes of structures.  A string that
 * is absent or empty leaves its field unknown; nothing else is judged: "To be filled by O.E.M." is
 * what the machine says.
 */
void smbios_identify(struct report *r, const uint8_t *table, size_t size);

#endif
