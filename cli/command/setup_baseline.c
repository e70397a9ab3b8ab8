/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"
#include "command/setup_report.h"
#include "compare/differ.h"
#include "fleet/explain.h"
#include "input/gather.h"
#include "input/visits.h"
#include "output/caveats.h"
#include "output/left_out.h"
#include "output/option_print.h"
#include "output/print.h"
#include "table/feature_names.h"
#include "table/feature_setup.h"

/* So many hosts are named that a feature cannot be had on. */
#define NAMED 6

/* A host lacks a feature, and has an option of it whose value is another one elsewhere. */
struct step {
	size_t host;
	const struct setup_option *option;
	const struct option_at
		*like; /* a host that has the feature and the wanted value; NULL: none */
	enum feature_id id;
};

/* Why setup is no way to have a feature on a host. */
enum obstacle { OBSTACLE_NONE, OBSTACLE_UNKNOWN, OBSTACLE_ABSENT, OBSTACLE_SAME };

struct work {
	struct pool pool;
	struct merge merge;
	struct cpuid_set baseline;
	struct explained explained; /* of these; has: for the feature at hand */
	struct host_setups setups;
	bool noted; /* all is in steps already */
	size_t count;
	struct step *steps; /* allocated */
	uint8_t *obstacle;  /* of each host, for the feature at hand */
};

/* Returns the most frequent value of an option on the hosts that have a feature, NULL if none. */
static const struct option_at *find_wanted(const struct work *w, const struct setup_option *o)
{
	const struct option_at **list = options_by_value(o), *best = NULL;
	size_t most = 0;

	if (!list)
		out_of_memory();
	for (size_t i = 0, size; i < o->hosts; i += size) {
		const struct option_at *first = NULL;
		size_t count = 0;

		size = options_of_value(&list[i], o->hosts - i);
		for (size_t k = i; k < i + size; k++) {
			if (list[k]->question->value.known == SETUP_UNKNOWN ||
			    w->explained.has[list[k]->host] != HOST_HAS)
				continue;
			first = first ? first : list[k];
			count++;
		}
		if (count > most || (count && count == most && first < best)) {
			most = count;
			best = first;
		}
	}
	free(list);
	return best;
}

/* Notes what to do about an option of a feature on the hosts that lack the feature. */
static void take_option(struct work *w, const struct setup_option *o, const struct place *at)
{
	const struct option_at *like = find_wanted(w, o);

	for (const struct option_at *has = o->at; has < o->at + o->hosts; has++) {
		const size_t host = has->host;

		if (w->explained.has[host] != HOST_LACKS)
			continue;
		if (like && option_same_value(&has->question->value, &like->question->value)) {
			if (w->obstacle[host] != OBSTACLE_NONE)
				w->obstacle[host] = OBSTACLE_SAME;
			continue;
		}
		w->obstacle[host] = OBSTACLE_NONE;
		if (w->noted)
			continue;
		w->steps = allocate_room(w->steps, w->count, sizeof(*w->steps));
		w->steps[w->count++] = (struct step){ host, o, like, feature_of(at) };
	}
}

static const char *words_of(enum obstacle obstacle)
{
	switch (obstacle) {
	case OBSTACLE_NONE:
		break;
	case OBSTACLE_UNKNOWN:
		return "setup not known";
	case OBSTACLE_ABSENT:
		return "no such option in its report";
	case OBSTACLE_SAME:
		return "set as on hosts that have it";
	}
	return "";
}

/* Finds what to do about a feature that some hosts lack. */
static void take_feature(struct work *w, const struct place *at)
{
	const struct options *all = &w->setups.options;

	for (size_t i = 0; i < w->pool.hosts; i++) {
		const struct option_host *h = w->setups.host[i];

		w->obstacle[i] = OBSTACLE_NONE;
		if (w->explained.has[i] != HOST_HAS)
			w->obstacle[i] = h->there && !h->none ? OBSTACLE_ABSENT : OBSTACLE_UNKNOWN;
	}
	for (const struct setup_option *o = all->option; o < all->option + all->count; o++)
		if (feature_setup_names(feature_of(at), o->at->question->prompt))
			take_option(w, o, at);
}

/* Moves to the next feature that hosts lack which others have.  Returns false if there is none. */
static bool next_lost(struct differ *d, const struct work *w)
{
	struct reason reason;

	while (explain_next_lost(&w->explained, d)) {
		if (d->id == F_NONE)
			continue;
		explain_place(&w->explained, &d->at, &reason);
		if (reason.kind == REASON_HOSTS)
			return true;
	}
	return false;
}

static int by_host(const void *a, const void *b)
{
	const struct step *x = a, *y = b;

	if (x->host != y->host)
		return x->host < y->host ? -1 : 1;
	if (x->option != y->option)
		return x->option < y->option ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

/* Prints one option, and the features of the steps from here on that are about it.  Returns how
 * many these are. */
static size_t print_step(const struct step *t, size_t left)
{
	const struct setup_question *q = option_on(t->option, t->host);
	char buffer[OPTION_SENTENCE_MAX];
	struct text text;
	size_t same = 0;

	text_start(&text, buffer, sizeof(buffer));
	option_put_name(&text, t->option);
	text_put(&text, ": ");
	option_put_value(&text, q, &q->value);
	if (t->like) {
		text_put(&text, " -> ");
		option_put_value(&text, t->like->question, &t->like->question->value);
	} else {
		text_put(&text, " now; hosts that have the feature lack the option");
	}
	text_put(&text, ", for");
	while (same < left && t[same].host == t->host && t[same].option == t->option) {
		text_put(&text, same ? ", " : " ");
		text_put(&text, feature_name(t[same++].id));
	}
	print_wrapped(4, "", text_string(&text), ' ');
	return same;
}

static void print_steps(const struct work *w)
{
	for (size_t i = 0; i < w->count;) {
		const struct step *t = &w->steps[i];
		const char *bios = w->setups.host[t->host]->bios;
		char name[PRINTABLE_MAX], version[PRINTABLE_MAX];

		if (i == 0 || t[-1].host != t->host)
			printf("%s, BIOS %s:\n",
			       printable(name, sizeof(name), w->pool.host[t->host].name),
			       *bios ? printable(version, sizeof(version), bios) : "unknown");
		i += print_step(t, w->count - i);
	}
}

/* Prints the hosts on which setup is no way to a feature. */
static void print_obstacles(const struct work *w, enum feature_id id)
{
	size_t count = 0;
	int column = 0;

	for (size_t i = 0; i < w->pool.hosts; i++) {
		char name[PRINTABLE_MAX], words[2 * PRINTABLE_MAX];

		if (w->obstacle[i] == OBSTACLE_NONE)
			continue;
		column += count ? 0 : printf("    %s:", feature_name(id));
		if (count++ >= NAMED)
			continue;
		snprintf(words, sizeof(words), "%s (%s)",
		         printable(name, sizeof(name), w->pool.host[i].name),
		         words_of((enum obstacle)w->obstacle[i]));
		print_part(&column, 1, words, 8);
	}
	if (count > NAMED)
		printf(" and %zu more", count - NAMED);
	putchar('\n');
}

/* Notes what to do about all features; when that is noted, names those that setup cannot bring. */
static void take_features(struct work *w)
{
	bool first = true;

	for (struct differ d = { .id = F_NONE }; next_lost(&d, w);) {
		bool any = false;

		take_feature(w, &d.at);
		for (size_t i = 0; i < w->pool.hosts; i++)
			any |= w->obstacle[i] != OBSTACLE_NONE;
		if (!w->noted || !any)
			continue;
		if (first)
			printf("not to be gained by the setup options in these reports:\n");
		first = false;
		print_obstacles(w, d.id);
	}
	w->noted = true;
}

static int print_baseline(struct work *w)
{
	take_features(w);
	if (w->count)
		qsort(w->steps, w->count, sizeof(*w->steps), by_host);
	else
		printf("no setup option in these reports would add a feature to the baseline of "
		       "%zu host%s\n",
		       w->pool.hosts, w->pool.hosts == 1 ? "" : "s");
	print_steps(w);
	take_features(w);
	if (!output_write("", 0))
		return EXIT_TROUBLE;
	return w->count ? EXIT_NO : EXIT_YES;
}

int setup_baseline(struct inputs *in, const struct setup_asked *asked)
{
	struct work *w = allocate(sizeof(*w));
	int result = EXIT_TROUBLE;

	(void)asked;
	pool_start(&w->pool);
	if (gather(in, &w->pool, &w->setups)) {
		visits_settle(&w->pool);
		caveats_print_pool(&w->pool);
		left_out_print(&w->pool);
		w->obstacle = allocate(w->pool.hosts);
		host_setups_join(&w->setups, &w->pool);
		if (pool_merge(&w->pool, &w->merge)) {
			merge_baseline(&w->merge, &w->baseline);
			if (!explained_start(&w->explained, &w->pool, &w->merge, &w->baseline))
				out_of_memory();
			result = inputs_exit(in, print_baseline(w));
			left_out_show(&w->pool);
		} else {
			trouble(in->file[0], err_text(ERR_MANY_LEAVES));
		}
	}
	explained_free(&w->explained);
	host_setups_free(&w->setups);
	pool_free(&w->pool);
	free(w->steps);
	free(w->obstacle);
	free(w);
	return result;
}
