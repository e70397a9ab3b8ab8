/* SPDX-License-Identifier: MIT */
/*
 * mask_dialect.h - the dialects of cpulevel mask, and what cannot be said in each.
 */
#ifndef MASK_DIALECT_H
#define MASK_DIALECT_H

#include "mask/kvm_plan.h"

/* Who reads a plan for KVM, and which part of it cannot be said to them. */
struct mask_consumer {
	enum kvm_reader reader;
	bool only_adds; /* no feature can be turned off */
	bool no_width;  /* of physical addresses */
	bool no_vendor;
	size_t longest; /* the most characters; 0: any number */
	const char *const
		*obsolete; /* models that it offers to nobody by default; NULL ends them */
};

struct mask_dialect {
	const char *name;
	mask_write *write;
	const char *about;
	const char *product; /* in messages; NULL: none is about it */
	/* For dialects that need a plan; else NULL. */
	const struct mask_consumer *consumer;
	const char *comment, *comment_end; /* around one line; NULL: it has no comments */
};

extern const struct mask_dialect mask_dialects[];
extern const size_t mask_dialect_count;

/* Returns the dialect of this name, or NULL. */
const struct mask_dialect *mask_dialect_find(const char *name);

/*
 * Says on standard error what of m->plan the dialect cannot say.  Returns false after a message if
 * the dialect can hide nothing of what the hosts do not share.
 */
bool mask_dialect_check(const struct mask_dialect *d, const struct mask *m);

#endif
