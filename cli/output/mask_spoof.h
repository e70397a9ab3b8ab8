/* SPDX-License-Identifier: MIT */
/*
 * mask_spoof.h - says in words what a mask makes of the vendor, the brand string or a register.
 */
#ifndef MASK_SPOOF_H
#define MASK_SPOOF_H

#include "mask/mask_lines.h"

/*
 * Sets words to what a line makes of the vendor, the brand string, the signature or the highest
 * leaf: "vendor \"GenuineIntel\"".  Returns false if it sets none of these.
 */
bool mask_spoof_words(char *words, size_t size, const struct mask_lines *lines,
                      const struct mask_line *l);

/*
 * Prints that, or the names of the bits if a line sets all bits of a register.  Returns false, and
 * prints nothing, if it does neither.
 */
bool mask_spoof_print(const struct mask_lines *lines, const struct mask_line *l);

#endif
