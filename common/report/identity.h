/* SPDX-License-Identifier: MIT */
/*
 * identity.h - which machine a report is of: vendor, product, serial numbers and UUID.
 *
 * Firmware is not trusted to have them right.  A placeholder counts as unknown, and a machine for
 * which nothing is known is identical to no other.
 */
#ifndef IDENTITY_H
#define IDENTITY_H

#include "report/report.h"

#define IDENTITY_MAX 800

struct identity {
	size_t size;              /* in bytes; 0: the machine cannot be identified */
	char bytes[IDENTITY_MAX]; /* equal for reports of one machine */
};

/*
 * Sets *id from a report.  A machine is identified by a serial number of the system or the board,
 * or a UUID.  The serial number of its chassis is not enough: machines in one chassis share it.
 */
void identity_take(struct identity *id, const struct report *r);

/* Returns true if both are known and equal. */
bool identity_same(const struct identity *a, const struct identity *b);

/*
 * Returns what to call the machine by: its first number that is no placeholder, "" if there is
 * none.
 */
const char *identity_name(const struct report *r);

/* Returns true for a string that vendors leave in place of a number, and for a blank one. */
bool identity_placeholder(const char *string);

#endif
