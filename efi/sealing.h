/* SPDX-License-Identifier: MIT */
/*
 * sealing.h - seals a report with the stick's key, which is in memory for that long only.
 */
#ifndef SEALING_H
#define SEALING_H

#include "files.h"
#include "report/seal.h"

#define SEALING_WHY_MAX 199

/*
 * Writes the seal of a report and, in public, the public half of the stick's key; key is its
 * number, "" if it could not be read.  Returns false if there is no usable key; why is then the
 * clause that says it, and seal holds nothing.
 */
bool sealing_write(struct text *seal, struct seal_public *public, char key[static 17],
                   char why[static SEALING_WHY_MAX + 1], const struct volume *stick,
                   const struct text *report, const char *comment);

#endif
