/* SPDX-License-Identifier: MIT */
#include "output/mask_notes.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli.h"
#include "fleet/explain.h"
#include "mask/mask_bits.h"
#include "table/feature_microcode.h"
#include "table/vmware.h"

/* So many hosts are named, and the others counted. */
#define HOSTS_NAMED 4

typedef bool chooses(enum feature_id id);

static bool is_unverified(enum feature_id id)
{
	return !vmware_verified(id);
}

/* Prints the hidden features that are chosen, after some words.  Returns how many there are. */
static size_t print_hidden(const struct mask *m, chooses *choose, const char *words)
{
	size_t count = 0;

	for (unsigned i = F_NONE + 1; i < F_COUNT; i++) {
		const enum feature_id id = (enum feature_id)i;

		if (choose(id) && mask_vmx_hides(m, id))
			fprintf(stderr, "%s %s", count++ ? "," : words, feature_name(id));
	}
	return count;
}

/* True if a host lacks a hidden feature that a microcode update adds, and others have it. */
static bool lacks_update(const struct mask *m, const struct pool_host *host)
{
	for (unsigned i = F_NONE + 1; i < F_COUNT; i++) {
		const enum feature_id id = (enum feature_id)i;
		const struct place at = feature_place(id);

		if (feature_from_microcode(id) && mask_vmx_hides(m, id) &&
		    feature_value(m->seen, id) && !explain_has(host, &at))
			return true;
	}
	return false;
}

static void print_hosts(const struct mask *m, const struct pool *pool)
{
	size_t count = 0;

	for (const struct pool_host *h = pool->host; h < pool->host + pool->hosts; h++) {
		char name[PRINTABLE_MAX];

		if (!lacks_update(m, h))
			continue;
		if (count++ < HOSTS_NAMED)
			fprintf(stderr, "%s %s", count > 1 ? "," : "",
			        printable(name, sizeof(name), h->name));
	}
	if (count > HOSTS_NAMED)
		fprintf(stderr, " and %zu more", count - HOSTS_NAMED);
}

static bool comes_with_microcode(enum feature_id id)
{
	return feature_from_microcode(id);
}

void mask_notes_print(const struct mask *m, const struct pool *pool)
{
	bool any = false;

	for (const struct pool_host *h = pool->host; h < pool->host + pool->hosts; h++)
		any |= lacks_update(m, h);
	if (any) {
		fprintf(stderr, "mitigations differ: to keep them, update the microcode (BIOS) of");
		print_hosts(m, pool);
		print_hidden(m, comes_with_microcode, "; hidden:");
		fputc('\n', stderr);
	}
	if (print_hidden(m, is_unverified, "hidden to be safe:"))
		fprintf(stderr, " (not known whether VMware shows it to guests)\n");
}
