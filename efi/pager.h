/* SPDX-License-Identifier: MIT */
/*
 * pager.h - a text page by page, for whoever stands in front of the box.
 */
#ifndef PAGER_H
#define PAGER_H

#include "base/text.h"
#include "firmware.h"

/*
 * Shows a text of lines, those longer than the console folded.  Space goes on, B goes back, Q
 * leaves, and so do ten minutes without a key.
 */
void pager_show(const struct firmware *fw, const struct text *text);

#endif
