/* SPDX-License-Identifier: MIT */
/*
 * vendors.h - the vendors of the processors in a pool.
 */
#ifndef VENDORS_H
#define VENDORS_H

#include <jansson.h>

#include "base/text.h"
#include "fleet/pool.h"

/* Warns on standard error if the hosts have different vendors. */
void vendors_warn(const struct merge *m);

/* Appends the vendors of all hosts: "GenuineIntel, AuthenticAMD".  Returns how many there are. */
size_t vendors_write(struct text *t, const struct pool *pool);

/* Returns the same as a list. */
json_t *vendors_json(const struct pool *pool);

#endif
