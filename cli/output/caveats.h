/* SPDX-License-Identifier: MIT */
/*
 * caveats.h - says of hosts that their CPUID leaves are a virtual machine's, one processor's, or
 * not all known.
 *
 * Every command that reads reports or pools says it once for each host, with the same words.
 */
#ifndef CAVEATS_H
#define CAVEATS_H

#include <stdio.h>

#include "fleet/pool.h"

#define CAVEAT_UNKNOWN_MAX 128

struct caveat {
	const char *host;
	bool guest;
	bool boot_only; /* its report has the boot processor only */
	char hypervisor[13];
	char unknown[CAVEAT_UNKNOWN_MAX]; /* "leaves 4.1+, 7": what its report does not contain */
};

/* Set what is to be said of a host: by a report, or of one of a pool. */
void caveat_take(struct caveat *c, const char *host, const struct report *r);
void caveat_take_host(struct caveat *c, const struct pool_host *host);

/* Prints sentences about the hosts, each about all hosts of which it is true.  Sorts the list. */
void caveats_print(struct caveat *list, size_t count);

/* The same for the hosts of a pool. */
void caveats_print_pool(const struct pool *pool);

/* Prints lines about one host on standard output, each after a label. */
void caveat_show(const struct caveat *c);

#endif
