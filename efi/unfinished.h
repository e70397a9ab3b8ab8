/* SPDX-License-Identifier: MIT */
/*
 * unfinished.h - finds out whether an earlier visit of this machine did not end.
 *
 * Such a visit left a report of the boot processor (store.h) and no full one: the firmware did not
 * return from asking another processor, or somebody switched the machine off.
 */
#ifndef UNFINISHED_H
#define UNFINISHED_H

#include "report/report.h"
#include "store.h"

/*
 * Returns the number of the latest such visit, 0 if there is none, and sets name to that of its
 * report, or to "".  mine identifies this machine; if nothing does, any machine of its type counts.
 */
uint32_t unfinished_find(char name[static STORE_NAME_MAX + 1], const struct report *mine,
                         const struct firmware *fw, const struct volume *stick);

#endif
