/* SPDX-License-Identifier: MIT */
/*
 * sealing.h - seals a report with the key of the stick, or of the server that HTTP Boot used.
 *
 * The secret key is in memory only while this runs.
 */
#ifndef SEALING_H
#define SEALING_H

#include "beside.h"
#include "report/seal.h"

#define SEALING_WHY_MAX 199

/*
 * Writes the seal of a report.  Sets *public to the public half of that key and key to its
 * number, or key to "" if the key could not be read.  Returns false if there is no usable key: why
 * is then a clause that says so, and seal is empty.
 */
bool sealing_write(struct text *seal, struct seal_public *public, char key[static 17],
                   char why[static SEALING_WHY_MAX + 1], const struct beside *from,
                   const struct text *report, const char *comment);

#endif
