/* SPDX-License-Identifier: MIT */
/*
 * vendors.h - whose processors the hosts of a pool have.
 */
#ifndef VENDORS_H
#define VENDORS_H

#include "base/text.h"
#include "fleet/pool.h"

/* Says loudly on standard error, if vendors differ, what that means; else nothing. */
void vendors_warn(const struct merge *m);

/* Appends the vendors of all hosts, "GenuineIntel, AuthenticAMD"; returns how many there are. */
size_t vendors_write(struct text *t, const struct pool *pool);

#endif
