/* SPDX-License-Identifier: MIT */
/*
 * pager.h - shows a text page by page.
 */
#ifndef PAGER_H
#define PAGER_H

#include <stdbool.h>

#include "base/text.h"
#include "firmware.h"

/*
 * Shows the lines of a text, and breaks those that are longer than a row.  Space shows the next
 * page, B the previous one.  Returns after Q, or after ten minutes without a key.  other, if it is
 * not NULL, says what R shows; returns true after R.
 */
bool pager_show(const struct firmware *fw, const struct text *text, const char *other);

#endif
