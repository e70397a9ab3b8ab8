/* SPDX-License-Identifier: MIT */
/*
 * evc_print.h - prints EVC modes, in what two differ, and which one hosts qualify for.
 */
#ifndef EVC_PRINT_H
#define EVC_PRINT_H

#include "fleet/evc.h"
#include "fleet/pool.h"

/* Says if a feature belongs in a list.  ctx is a struct evc, evc_pair or evc_missing. */
typedef bool evc_pick(const void *ctx, enum feature_id id);

/* Of a mode: what it guarantees, and what guests see of it if the host has it. */
evc_pick evc_is_guaranteed, evc_is_allowed;

struct evc_pair {
	const struct evc *a, *b;
};

/* Of a pair: what only the first shows, and what it requires and the second only allows. */
evc_pick evc_only_first, evc_need_differs;

struct evc_missing {
	const struct evc *mode;
	const struct pool *pool;
	const struct cpuid_set *baseline;
	bool unknown; /* of those that are not in the baseline, those that no host is known to lack
	               */
};

evc_pick evc_is_missing;

/* What hosts need for a mode, and CPUID does not say. */
#define EVC_NOT_CHECKED 2
extern const char *const evc_not_checked[EVC_NOT_CHECKED];

/* Which mode hosts qualify for. */
struct evc_hosts {
	const char *file;
	const struct pool *pool;
	const struct cpuid_set *baseline;
	const struct evc *highest, *next; /* as evc_highest returns them */
	bool above;
};

/* Returns the value of what is not a feature; NULL: the mode has none. */
const char *evc_value_in(const struct evc *mode, const char *name);

/* Returns true if two modes differ in features. */
bool evc_differ(const struct evc *a, const struct evc *b);

void evc_print_modes(const struct evc *modes, size_t count);
void evc_print_mode(const struct evc *mode);
void evc_print_difference(const struct evc *a, const struct evc *b);
void evc_print_hosts(const struct evc_hosts *h);

/* Print the same as JSON documents. */
void evc_json_modes(const struct evc *modes, size_t count);
void evc_json_mode(const struct evc *mode);
void evc_json_difference(const struct evc *a, const struct evc *b, int exit_status);
void evc_json_hosts(const struct evc_hosts *h, int exit_status);

#endif
