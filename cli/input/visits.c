/* SPDX-License-Identifier: MIT */
#include "input/visits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "input/crypto.h"
#include "output/message.h"
#include "report/identity.h"

_Static_assert(VISIT_MACHINE == POOL_DIGEST, "one function computes both");

void visits_describe(struct visit *v, const struct report *r)
{
	struct identity id;

	memset(v, 0, sizeof(*v));
	identity_take(&id, r);
	v->known = id.size > 0;
	if (v->known) {
		crypto_digest(id.bytes, id.size, v->machine);
		strcpy(v->name, identity_name(r));
	}
	v->numbered = r->known[FIELD_SEQUENCE];
	if (v->numbered)
		v->sequence = strtoull(r->field[FIELD_SEQUENCE], NULL, 10);
	if (r->known[FIELD_TIME] && strlen(r->field[FIELD_TIME]) < sizeof(v->time))
		strcpy(v->time, r->field[FIELD_TIME]);
}

/* Prints "cpulevel: NAME: HOSTtext HOST2text2". */
static void print_pair(const struct visitor *v, const char *text, const char *after)
{
	char a[PRINTABLE_MAX], b[PRINTABLE_MAX], line[2 * PRINTABLE_MAX + 256];

	snprintf(line, sizeof(line), "%s %s %s%s", printable(a, sizeof(a), v->host), text,
	         printable(b, sizeof(b), v->by->host), after);
	warn(v->visit->name, line);
}

/* Prints the first of the reports whose machines claim one number, with all of them. */
static void print_shared(const struct visitor *v, const struct visitor *end)
{
	const char **host = allocate((size_t)(end - v) * sizeof(*host));
	char name[PRINTABLE_MAX];
	struct message_parts m;
	size_t count = 0;

	FILE *to = message_begin(&m);
	fprintf(to, "two hosts claim serial number %s: ",
	        printable(name, sizeof(name), v->visit->name));
	for (const struct visitor *w = v; w < end; w++) {
		if (w->fate != VISIT_SHARED)
			continue;
		fprintf(to, "%s%s", count ? ", " : "", printable(name, sizeof(name), w->host));
		host[count++] = w->host;
	}
	fprintf(to, "; %s kept", count == 2 ? "both are" : "all are");
	message_end(&m, count, host);
	free(host);
}

static void print_fate(const struct visitor *v)
{
	switch (v->fate) {
	case VISIT_KEPT:
	case VISIT_SHARED:
		break;
	case VISIT_UNSEALED:
		print_pair(v, "is later than", ", but has no good seal; both are kept");
		break;
	case VISIT_REPLACED:
		print_pair(v, "is replaced by its later report",
		           v->zone    ? " (later by the firmware's clock, if that is UTC: only one "
		                        "of the two says its time zone)"
		           : v->clock ? " (later by the firmware's clock: not two reports of one "
		                        "stick)"
		                      : "");
		break;
	case VISIT_REPEATED:
		print_pair(v, "repeats", "; counted once");
		break;
	}
}

void visits_judge(struct visitor *v, size_t count, visit_same *same)
{
	visit_judge(v, count, same);
	for (size_t i = 0, end; i < count; i = end) {
		bool shared = false;

		for (end = i + 1;
		     end < count && v[i].visit->known && v[end].visit->known &&
		     memcmp(v[i].visit->machine, v[end].visit->machine, VISIT_MACHINE) == 0;)
			end++;
		for (size_t k = i; k < end; k++) {
			print_fate(&v[k]);
			if (v[k].fate == VISIT_SHARED && !shared)
				print_shared(&v[k], &v[end]);
			shared = shared || v[k].fate == VISIT_SHARED;
		}
	}
}

void visits_settle(struct pool *pool)
{
	struct visitor *v = allocate((pool->hosts + 1) * sizeof(*v));

	pool_visitors(pool, v);
	visits_judge(v, pool->hosts, pool_same_answers);
	if (!pool_settle(pool, v))
		out_of_memory();
	free(v);
}

void visits_keep(struct pool *pool)
{
	for (size_t i = 0; i < pool->hosts; i++)
		pool->host[i].visit.known = pool->host[i].visit.shared = false;
}
