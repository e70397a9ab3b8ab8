/* SPDX-License-Identifier: MIT */
/*
 * mask_make.h - makes a mask in one dialect: what cpulevel mask prints and the page shows.
 */
#ifndef MASK_MAKE_H
#define MASK_MAKE_H

#include "command/mask_dialect.h"
#include "command/mask_evc.h"
#include "command/mask_kvm.h"

/* The size of a buffer for any mask. */
#define MASK_TEXT_MAX 65536

struct mask_job {
	const struct mask_dialect *dialect;
	struct mask mask;
	struct mask_evc evc; /* mode NULL: the mask of hosts */
	struct mask_kvm kvm;
};

/* Makes *j a job with the defaults of cpulevel mask; the caller sets the dialect. */
void mask_job_start(struct mask_job *j);

/*
 * Sets the hosts: seen is what a guest may see, baseline that of m, their merge.  All three must
 * stay.
 */
void mask_job_hosts(struct mask_job *j, const struct merge *m, const struct cpuid_set *seen,
                    const struct cpuid_set *baseline);

/*
 * Appends the mask.  Says as messages what an administrator should know of it.  Returns false after
 * a message if there is no such mask.  j is used up; the caller frees j->kvm.offer
 * (capabilities_free).
 */
bool mask_make(struct text *t, struct mask_job *j, const struct pool *pool);

#endif
