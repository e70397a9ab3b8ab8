/* SPDX-License-Identifier: MIT */
/*
 * mask_value.h - reads the values of VMware's feature masks and requirements: "Bool:Min:1".
 *
 * VMware's API calls them opaque.  The words and what they do are from its vmFeature tests, which
 * were published with pyVmomi, and from Broadcom KB 390336.
 */
#ifndef MASK_VALUE_H
#define MASK_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum mask_op {
	MASK_VAL,   /* a mask: the number */
	MASK_MAX,   /* a mask: the host's number, at most this one */
	MASK_MIN,   /* a mask: the host's, at least this one; a requirement: at least this one */
	MASK_MATCH, /* a requirement: this number */
};

struct mask_value {
	enum mask_op op;
	uint64_t number;
};

/*
 * Reads a word and a number, in any case, decimal or with 0x; "Bool:" or "Num:" may be in front.
 * Returns false if all of text is not such a value.
 */
bool mask_value_read(struct mask_value *v, const char *text, size_t size);

/* Returns the word of an operation, "Val". */
const char *mask_op_name(enum mask_op op);

#endif
