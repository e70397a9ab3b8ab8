/* SPDX-License-Identifier: MIT */
/*
 * fits_print.h - prints which hosts can take a VM, and what the others lack.
 */
#ifndef FITS_PRINT_H
#define FITS_PRINT_H

#include <stdio.h>

#include "fleet/pool.h"
#include "input/requirements.h"

struct fits {
	const char *file; /* of the requirements */
	struct requirements need;
	struct pool *pool;
	uint8_t *fit;   /* enum fit: need.count of each host; allocated */
	uint8_t *worst; /* the worst of each host; allocated */
};

/* Returns whether a host fits in a requirement. */
enum fit fits_of(const struct fits *f, size_t host, size_t need);

/* Returns how many hosts can take the VM. */
size_t fits_able(const struct fits *f);

/* Prints what was read, and what of it is not judged; the same and the hosts. */
void fits_print_file(const struct fits *f);
void fits_print(const struct fits *f);
void fits_json(const struct fits *f, int exit_status);
void fits_csv(const struct fits *f);

/* Writes what a requirement demands: "AVX", "MONITOR (cpuid.MWAIT)", "NUMLEVELS at least 13". */
void fits_write_need(FILE *to, const struct requirement *r, const struct pool_host *h);

/* Returns how the number of a requirement is compared: "at least". */
const char *fits_compared(const struct requirement *r);

#endif
