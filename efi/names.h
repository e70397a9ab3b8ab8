/* SPDX-License-Identifier: MIT */
/*
 * names.h - the report in words, for the screen: the features of each register, by name.
 */
#ifndef NAMES_H
#define NAMES_H

#include "base/text.h"
#include "report/report.h"

/*
 * Appends, for each kind of processors, the registers that show features, in rows of line.h: their
 * names, and <n> for a bit that is set and in no row of the table.  Kinds that do not fit are left
 * out whole, and that is said.
 */
void names_write(struct text *t, const struct report *r);

#endif
