/* SPDX-License-Identifier: MIT */
#include "output/caveats.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "output/glance.h"
#include "output/message.h"
#include "output/print.h"

/* So many hosts are named, and the others counted. */
#define HOSTS_NAMED 6

/* Leaves that are in none of a host's sets, as a list that is written. */
struct gaps {
	char *at;
	size_t used;
	bool many; /* there are two items, or one of several leaves */
};

/* Appends "7", "8-c", "14.1", "4.1+" (and all subleaves after it).  Returns false without room. */
static bool put_gap(struct gaps *g, uint32_t leaf, uint32_t subleaf, uint32_t last_leaf,
                    uint32_t last_subleaf)
{
	const bool whole = subleaf == 0, end = last_subleaf == CPUID_SUBLEAF_MAX;
	char item[64];
	int size;

	if (whole && leaf == last_leaf)
		size = snprintf(item, sizeof(item), "%" PRIx32, leaf);
	else if (whole)
		size = snprintf(item, sizeof(item), "%" PRIx32 "-%" PRIx32, leaf, last_leaf);
	else if (subleaf == last_subleaf)
		size = snprintf(item, sizeof(item), "%" PRIx32 ".%" PRIx32, leaf, subleaf);
	else if (end)
		size = snprintf(item, sizeof(item), "%" PRIx32 ".%" PRIx32 "+", leaf, subleaf);
	else
		size = snprintf(item, sizeof(item), "%" PRIx32 ".%" PRIx32 "-%" PRIx32, leaf,
		                subleaf, last_subleaf);
	if (g->used + (size_t)size + sizeof(", ...") > CAVEAT_UNKNOWN_MAX) {
		strcpy(g->at + g->used, ", ...");
		return false;
	}
	g->many = g->many || g->used || leaf != last_leaf;
	g->used += (size_t)snprintf(g->at + g->used, CAVEAT_UNKNOWN_MAX - g->used, "%s%s",
	                            g->used ? ", " : "", item);
	return true;
}

/* True if some leaf has bits that are unknown: it was made of names. */
static bool has_unknown_bits(const struct cpuid_set *set)
{
	uint32_t bits = 0;

	for (const struct cpuid_leaf *l = set->at; l < set->at + set->count; l++)
		for (unsigned reg = 0; reg < CPUID_REGS; reg++)
			bits |= l->unknown[reg];
	return bits;
}

/* Writes what a set does not contain, "leaves 7, 14.1"; nothing if there is no such leaf. */
static void put_unknown(char text[static CAVEAT_UNKNOWN_MAX], const struct cpuid_set *set)
{
	char list[CAVEAT_UNKNOWN_MAX] = "";
	struct gaps g = { .at = list };
	uint32_t leaf = 0, subleaf = 0;
	bool more = cpuid_next_unknown(set, &leaf, &subleaf), room = true;

	while (more && room) {
		const uint32_t first = leaf, first_sub = subleaf;
		uint32_t last = leaf, last_sub = subleaf;

		/* Of a leaf that is not there nothing is; runs of leaves or of subleaves. */
		for (;;) {
			leaf = first_sub == 0 ? leaf + 1 : leaf;
			subleaf = first_sub == 0 ? 0 : subleaf + 1;
			more = cpuid_next_unknown(set, &leaf, &subleaf);
			const bool follows = first_sub == 0
			                             ? leaf == last + 1 && subleaf == 0
			                             : leaf == last && subleaf == last_sub + 1;
			if (!more || !follows)
				break;
			last = leaf;
			last_sub = subleaf;
		}
		room = put_gap(&g, first, first_sub, last, last_sub);
	}
	const bool bits = has_unknown_bits(set);
	if (g.used || bits)
		snprintf(text, CAVEAT_UNKNOWN_MAX, "%s%s%.*s",
		         bits ? "what is not named in it" : "",
		         !g.used  ? ""
		         : bits   ? "; leaves "
		         : g.many ? "leaves "
		                  : "leaf ",
		         CAVEAT_UNKNOWN_MAX - 36, list);
}

void caveat_take(struct caveat *c, const char *host, const struct report *r)
{
	*c = (struct caveat){ .host = host };
	if (r->kinds == 0)
		return;
	c->guest = cpuid_guest(&r->kind[0].set, c->hypervisor);
	c->boot_only = report_boot_only(r);
	for (size_t i = 0; i < r->kinds && !*c->unknown; i++)
		put_unknown(c->unknown, &r->kind[i].set);
}

static void take_host(struct caveat *c, const struct pool_host *host)
{
	*c = (struct caveat){ .host = host->name, .guest = host->guest == GUEST_IS };
	memcpy(c->hypervisor, host->hypervisor, sizeof(c->hypervisor));
}

void caveat_take_host(struct caveat *c, const struct pool_host *host)
{
	take_host(c, host);
	for (size_t i = 0; i < host->answers && !*c->unknown; i++)
		put_unknown(c->unknown, &host->answer[i]->set);
}

static int by_guest(const void *x, const void *y)
{
	const struct caveat *a = x, *b = y;

	return a->guest != b->guest ? (int)b->guest - (int)a->guest
	                            : strcmp(a->hypervisor, b->hypervisor);
}

static int by_unknown(const void *x, const void *y)
{
	const struct caveat *a = x, *b = y;

	return strcmp(a->unknown, b->unknown);
}

static int by_host(const void *x, const void *y)
{
	const struct caveat *a = x, *b = y;

	return strcmp(a->host, b->host);
}

/* Begins a sentence about hosts, whose names are sorted. */
static FILE *begin(struct message_parts *m, struct caveat *c, size_t count)
{
	FILE *to = message_begin(m);
	char name[PRINTABLE_MAX];

	qsort(c, count, sizeof(*c), by_host);
	for (size_t i = 0; i < count && i < HOSTS_NAMED; i++)
		fprintf(to, "%s%s", i ? ", " : "", printable(name, sizeof(name), c[i].host));
	if (count > HOSTS_NAMED)
		fprintf(to, " and %zu more", count - HOSTS_NAMED);
	fputs(": ", to);
	return to;
}

static void end(struct message_parts *m, const struct caveat *c, size_t count)
{
	const char **host = allocate(count * sizeof(*host));

	for (size_t i = 0; i < count; i++)
		host[i] = c[i].host;
	message_end(m, count, host);
	free(host);
}

/* " (KVMKVMKVM)", or nothing. */
static const char *hypervisor(char text[static PRINTABLE_MAX], const struct caveat *c)
{
	char name[64];

	snprintf(text, PRINTABLE_MAX, " (%s)", printable(name, sizeof(name), c->hypervisor));
	return *c->hypervisor ? text : "";
}

static void print_guests(struct caveat *c, size_t count)
{
	char text[PRINTABLE_MAX];
	struct message_parts m;

	if (!c->guest)
		return;
	FILE *to = begin(&m, c, count);
	fprintf(to, "running in a VM%s: these values come from the hypervisor",
	        hypervisor(text, c));
	end(&m, c, count);
}

static void print_unknown(struct caveat *c, size_t count)
{
	struct message_parts m;

	if (!*c->unknown)
		return;
	fprintf(begin(&m, c, count), "not in the report, so unknown: %s", c->unknown);
	end(&m, c, count);
}

static int by_boot_only(const void *x, const void *y)
{
	const struct caveat *a = x, *b = y;

	return (int)b->boot_only - (int)a->boot_only;
}

static void print_boot_only(struct caveat *c, size_t count)
{
	struct message_parts m;

	if (!c->boot_only)
		return;
	fputs("only the boot processor was read", begin(&m, c, count));
	end(&m, c, count);
}

typedef int compares(const void *x, const void *y);

/* Prints a sentence about each run of equal hosts. */
static void print_runs(struct caveat *list, size_t count, compares *compare,
                       void (*print)(struct caveat *c, size_t count))
{
	qsort(list, count, sizeof(*list), compare);
	for (size_t i = 0, next; i < count; i = next) {
		for (next = i + 1; next < count && compare(&list[i], &list[next]) == 0;)
			next++;
		print(&list[i], next - i);
	}
}

void caveats_print(struct caveat *list, size_t count)
{
	print_runs(list, count, by_guest, print_guests);
	print_runs(list, count, by_boot_only, print_boot_only);
	print_runs(list, count, by_unknown, print_unknown);
}

void caveats_print_pool(const struct pool *pool)
{
	struct caveat *list = allocate(pool->hosts * sizeof(*list));

	/* Most hosts have the answers of an earlier one. */
	char(*unknown)[CAVEAT_UNKNOWN_MAX] = allocate(pool->answers * sizeof(*unknown));
	bool *known = allocate(pool->answers);
	for (size_t i = 0; i < pool->hosts; i++) {
		const struct pool_host *h = &pool->host[i];

		take_host(&list[i], h);
		for (size_t k = 0; k < h->answers && !*list[i].unknown; k++) {
			const size_t n = h->answer[k]->index;

			if (!known[n])
				put_unknown(unknown[n], &h->answer[k]->set);
			known[n] = true;
			memcpy(list[i].unknown, unknown[n], sizeof(list[i].unknown));
		}
	}
	free(unknown);
	free(known);
	caveats_print(list, pool->hosts);
	free(list);
}

void caveat_show(const struct caveat *c)
{
	char name[64], words[CAVEAT_UNKNOWN_MAX + 24];

	if (c->guest)
		printf("%-18s %s%sthese values come from the hypervisor\n", "running in a VM",
		       printable(name, sizeof(name), c->hypervisor), *c->hypervisor ? ": " : "");
	if (*c->unknown) {
		snprintf(words, sizeof(words), "not in the report: %s", c->unknown);
		glance_line("unknown", words);
	}
}
