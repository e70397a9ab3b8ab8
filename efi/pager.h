/* SPDX-License-Identifier: MIT */
/*
 * pager.h - shows a text page by page.
 */
#ifndef PAGER_H
#define PAGER_H

#include "base/text.h"
#include "firmware.h"

/*
 * Shows the rows at the beginning of a text (line.h) where the cursor is.  If there are more than
 * this number, the last one says how many are left, and which key shows them.
 */
void pager_begin(const struct firmware *fw, const struct text *text, size_t rows);

/*
 * Shows a text until Q or ten minutes without a key.  other names what R shows instead, or is NULL.
 * Returns true if R was pressed.
 */
bool pager_show(const struct firmware *fw, const struct text *text, const char *other);

#endif
