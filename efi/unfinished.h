/* SPDX-License-Identifier: MIT */
/*
 * unfinished.h - finds out whether an earlier visit of this machine did not end.
 *
 * Such a visit left a report with less (store.h) and no full one: the firmware did not return from
 * what it was asked next, or somebody switched the machine off.
 */
#ifndef UNFINISHED_H
#define UNFINISHED_H

#include "report/report.h"
#include "store.h"

/*
 * Returns the number of the latest such visit, 0 if there is none, and sets name to that of its
 * report, or to "".  The report's name has this ending, STORE_BOOT or STORE_BARE.  mine identifies
 * this machine; if nothing does, any machine of its type counts.
 */
uint32_t unfinished_find(char name[static STORE_NAME_MAX + 1], const char *ending,
                         const struct report *mine, const struct firmware *fw,
                         const struct volume *stick);

#endif
