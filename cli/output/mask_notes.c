/* SPDX-License-Identifier: MIT */
#include "output/mask_notes.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli.h"
#include "fleet/explain.h"
#include "mask/mask_bits.h"
#include "output/message.h"
#include "table/feature_microcode.h"
#include "table/vmware.h"

/* So many hosts are named, and the others counted. */
#define HOSTS_NAMED 4

/* Processors of one vendor, family, model and stepping. */
struct like {
	const struct cpuid_set *set; /* of the first answer */
	bool has[F_COUNT];           /* which features from microcode some answer has */
};

/* The hosts, and what processors they have: few kinds, also in a large fleet. */
struct notes {
	const struct pool *pool;
	size_t count;
	struct like *like; /* allocated */
};

typedef bool chooses(const struct notes *n, enum feature_id id);

/* Prints the hidden features that are chosen, after some words.  Returns how many there are. */
static size_t print_hidden(const struct mask *m, const struct notes *n, chooses *choose,
                           const char *words)
{
	size_t count = 0;

	for (unsigned i = F_NONE + 1; i < F_COUNT; i++) {
		const enum feature_id id = (enum feature_id)i;

		if (mask_vmx_hides(m, id) && choose(n, id))
			fprintf(message_out(), "%s %s", count++ ? "," : words, feature_name(id));
	}
	return count;
}

static bool is_unverified(const struct notes *n, enum feature_id id)
{
	(void)n;
	return !vmware_verified(id);
}

/* True if two processors have the same vendor, family, model and stepping. */
static bool is_same_processor(const struct cpuid_set *a, const struct cpuid_set *b)
{
	static const struct place places[] = {
		{ 0, 0, EBX, 0, 31 },
		{ 0, 0, ECX, 0, 31 },
		{ 0, 0, EDX, 0, 31 },
		{ 1, 0, EAX, 0, 31 },
	};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (place_value(a, &places[i]) != place_value(b, &places[i]))
			return false;
	return true;
}

static struct like *find_like(const struct notes *n, const struct cpuid_set *set)
{
	for (size_t i = 0; i < n->count; i++)
		if (is_same_processor(n->like[i].set, set))
			return &n->like[i];
	return NULL;
}

static void take_answer(struct notes *n, const struct cpuid_set *set)
{
	struct like *like = find_like(n, set);

	if (!like) {
		n->like = allocate_room(n->like, n->count, sizeof(*n->like));
		like = &n->like[n->count++];
		*like = (struct like){ .set = set };
	}
	for (unsigned i = F_NONE + 1; i < F_COUNT; i++)
		if (feature_from_microcode((enum feature_id)i) &&
		    feature_value(set, (enum feature_id)i))
			like->has[i] = true;
}

/*
 * True if a microcode update would give a host a feature that it lacks: another host with the same
 * processor has it.  Of other processors nobody knows whether there is such an update.
 */
static bool lacks_update(const struct like *like, const struct pool_host *host, enum feature_id id)
{
	const struct place at = feature_place(id);

	return like && like->has[id] && explain_has(host, &at) == HOST_LACKS;
}

static bool comes_with_update(const struct notes *n, enum feature_id id)
{
	const struct pool *p = n->pool;

	if (!feature_from_microcode(id))
		return false;
	for (const struct pool_host *h = p->host; h < p->host + p->hosts; h++)
		if (lacks_update(find_like(n, &h->answer[0]->set), h, id))
			return true;
	return false;
}

static bool is_unknown(const struct notes *n, enum feature_id id)
{
	const struct place at = feature_place(id);

	return explain_all_have(n->pool, &at) == HOST_UNKNOWN;
}

static bool lacks_any_update(const struct mask *m, const struct notes *n,
                             const struct pool_host *host)
{
	const struct like *like = find_like(n, &host->answer[0]->set);

	for (unsigned i = F_NONE + 1; i < F_COUNT; i++)
		if (like && like->has[i] && mask_vmx_hides(m, (enum feature_id)i) &&
		    lacks_update(like, host, (enum feature_id)i))
			return true;
	return false;
}

void mask_notes_print(const struct mask *m, const struct pool *p)
{
	struct notes n = { .pool = p };
	size_t count = 0;

	for (size_t i = 0; i < p->answers; i++)
		take_answer(&n, &p->answer[i]->set);
	for (const struct pool_host *h = p->host; h < p->host + p->hosts; h++) {
		char name[PRINTABLE_MAX];

		if (lacks_any_update(m, &n, h) && count++ < HOSTS_NAMED)
			fprintf(message_out(), "%s %s",
			        count > 1
			                ? ","
			                : "mitigations differ: to keep them, update the microcode "
			                  "(BIOS) of",
			        printable(name, sizeof(name), h->name));
	}
	if (count > HOSTS_NAMED)
		fprintf(message_out(), " and %zu more", count - HOSTS_NAMED);
	if (count && print_hidden(m, &n, comes_with_update, "; hidden:"))
		fputc('\n', message_out());
	if (print_hidden(m, &n, is_unverified, "hidden to be safe:"))
		fprintf(message_out(), " (not known whether a running VM requires it)\n");
	if (print_hidden(m, &n, is_unknown, "hidden to be safe:"))
		fprintf(message_out(), " (not known whether all hosts have it)\n");
	free(n.like);
}
