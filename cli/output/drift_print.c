/* SPDX-License-Identifier: MIT */
#include "output/drift_print.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output/color.h"
#include "output/drift_setup.h"
#include "output/print.h"
#include "table/feature_names.h"
#include "table/feature_unit.h"
#include "table/msr.h"

#define WORDS    42 /* the column of values, if names are not longer */
#define INDENTED 8  /* the column of what did not fit into the line before */

static const char *field(char buffer[static PRINTABLE_MAX], const struct report *r,
                         enum report_field field)
{
	return printable(buffer, PRINTABLE_MAX, r->known[field] ? r->field[field] : "unknown");
}

/* "Intel(R) Atom(TM) CPU C2750 (GenuineIntel 000406d8)"; the brand may be missing. */
static void describe_processor(char words[static PRINTABLE_MAX], const struct cpuid_set *set)
{
	char brand[49], vendor[13], all[sizeof(brand) + sizeof(vendor) + 16];
	const char *start = brand;

	cpuid_brand(set, brand);
	cpuid_vendor(set, vendor);
	while (*start == ' ')
		start++;
	snprintf(all, sizeof(all), "%s%s(%s %08" PRIx32 ")", start, *start ? " " : "", vendor,
	         cpuid_value(set, 1, 0, EAX));
	printable(words, PRINTABLE_MAX, all);
}

/* ", microcode 1f"; of a hybrid processor ", microcode 1f, 20", a revision for each kind. */
static void describe_microcode(char *words, size_t size, const struct report *r)
{
	uint64_t last = 0;
	bool any = false;

	*words = '\0';
	for (size_t i = 0; i < r->kinds; i++) {
		const struct control_value *microcode = &r->kind[i].control.microcode;

		if (!microcode->known || (any && microcode->value == last))
			continue;
		const int used = snprintf(words, size, "%s%" PRIx64, any ? ", " : ", microcode ",
		                          microcode->value);
		if ((size_t)used >= size)
			return;
		words += used;
		size -= (size_t)used;
		last = microcode->value;
		any = true;
	}
}

void drift_describe_about(char about[static DRIFT_ABOUT_MAX], const struct report *r)
{
	char vendor[PRINTABLE_MAX], product[PRINTABLE_MAX], processor[PRINTABLE_MAX];

	describe_processor(processor, &r->kind[0].set);
	snprintf(about, DRIFT_ABOUT_MAX, "%s, %s, %s", field(vendor, r, FIELD_SYSTEM_VENDOR),
	         field(product, r, FIELD_SYSTEM_PRODUCT), processor);
}

void drift_describe_revisions(char revisions[static DRIFT_ABOUT_MAX], const struct report *r)
{
	char version[PRINTABLE_MAX], date[PRINTABLE_MAX];

	const int used =
		snprintf(revisions, DRIFT_ABOUT_MAX, "BIOS %s of %s",
	                 field(version, r, FIELD_BIOS_VERSION), field(date, r, FIELD_BIOS_DATE));
	describe_microcode(revisions + used, DRIFT_ABOUT_MAX - (size_t)used, r);
}

void drift_link(const struct fleet *f)
{
	size_t *next = allocate((2 * f->count + 1) * sizeof(*next)), *cluster = next + f->count;

	for (size_t i = 0; i < f->count; i++) {
		next[i] = cluster[i] = f->count;
		f->at[i]->group_hosts = f->at[i]->cluster_hosts = 0;
	}
	for (size_t i = f->count; i-- > 0;) {
		struct drifter *d = f->at[i];

		d->group_next = next[d->group];
		next[d->group] = i;
		f->at[d->group]->group_hosts++;
		d->cluster_next = cluster[d->cluster];
		cluster[d->cluster] = i;
		f->at[d->cluster]->cluster_hosts++;
	}
	free(next);
}

size_t drift_cluster_size(const struct fleet *f, size_t cluster)
{
	return f->at[cluster]->cluster_hosts;
}

size_t drift_majority(const struct fleet *f, size_t first, bool *alone)
{
	size_t best = first, most = 0;

	for (size_t i = first; i < f->count; i = f->at[i]->group_next) {
		const size_t size = f->at[i]->cluster_hosts;

		if (size && size == most)
			*alone = false;
		if (size <= most)
			continue;
		most = size;
		best = i;
		*alone = true;
	}
	return best;
}

static void print_names(const struct fleet *f, size_t cluster)
{
	const char *comma = "";

	for (size_t i = cluster; i < f->count; i = f->at[i]->cluster_next) {
		char name[PRINTABLE_MAX];

		printf("%s%s", comma, printable(name, sizeof(name), f->at[i]->name));
		comma = ", ";
	}
}

void drift_switch_write(struct text *t, enum feature_id id, size_t row, const struct drifter *odd,
                        const struct drifter *other)
{
	struct msr_finding f;
	char number[16];

	if (!msr_switch(&f, row) || f.id != id ||
	    !((odd->host->switched ^ other->host->switched) >> row & 1))
		return;
	const bool here = odd->host->switched >> row & 1;
	const struct drift_host *host = here ? odd->host : other->host;
	snprintf(number, sizeof(number), "%" PRIX32, f.number);
	text_put(t, "switched off by firmware ");
	text_put(t, here ? "here" : "on the others");
	text_put(t, " (MSR ");
	text_put(t, number);
	text_put(t, "H ");
	text_put(t, msr_name(f.number));
	text_put(t, host->locked >> row & 1 ? "), locked until reset" : ")");
}

/* Prints the setup options of a feature, and which register says that firmware switched it off. */
static void print_causes(enum feature_id id, const struct drift_setup *s, const struct drifter *odd,
                         const struct drifter *other)
{
	struct msr_finding f;

	if (!drift_setup_causes(s, 8, id))
		print_setup(8, "in setup, look for", id);
	for (size_t row = 0; msr_switch(&f, row); row++) {
		char words[128];
		struct text t;

		text_start(&t, words, sizeof(words));
		drift_switch_write(&t, id, row, odd, other);
		if (t.used)
			printf("        %s\n", text_string(&t));
	}
}

void drift_value_write(struct text *t, const struct drift *d, const struct drifter *host,
                       bool first)
{
	feature_unit_value(t, &host->host->bounds.low, d->id, (uint32_t)(first ? d->a : d->b));
	text_put(t, (first ? d->a_some : d->b_some) ? " on some processors" : "");
}

static void print_feature(const struct drift *d, const struct drifter *odd,
                          const struct drifter *other)
{
	char place[PLACE_MAX], values[256];
	struct text t;

	print_place(place, &d->differ.at);
	text_start(&t, values, sizeof(values));
	drift_value_write(&t, d, odd, true);
	text_put(&t, ", elsewhere ");
	drift_value_write(&t, d, other, false);
	const char *name = d->id == F_NONE ? "(no name)" : feature_name(d->id);
	int column = printf("    %-20s %s", name, place);
	print_part(&column, column < WORDS ? WORDS - column : 1, text_string(&t), INDENTED);
	print_part(&column, 2, d->id == F_NONE ? "" : feature_about(d->id), INDENTED);
	putchar('\n');
}

static void print_counts(const char *where, const struct topology *topology)
{
	char buffer[128];
	struct text t;

	text_start(&t, buffer, sizeof(buffer));
	topology_write(&t, topology);
	printf("        %s %s\n", where, text_string(&t));
}

/* "processors           8, elsewhere 16: Hyper-Threading off here", and all counts. */
static void print_topology(const struct drift *d, const struct topology *odd,
                           const struct topology *other)
{
	char buffer[64];
	struct text t;

	text_start(&t, buffer, sizeof(buffer));
	topology_write_cause(&t, odd, other);
	printf("    %-20s %" PRIu64 ", elsewhere %" PRIu64, drift_counted(d->counted), d->a, d->b);
	if (t.used)
		printf(": %s %s", text_string(&t),
		       odd->processors < other->processors ? "here" : "elsewhere");
	putchar('\n');
	if (!odd->known && !other->known)
		return;
	print_counts("here", odd);
	print_counts("elsewhere", other);
}

static void print_drift(const struct drift *d, const struct drift_setup *s,
                        const struct drifter *odd, const struct drifter *other)
{
	switch (d->what) {
	case DRIFT_FEATURE:
		print_feature(d, odd, other);
		print_causes(d->id, s, odd, other);
		break;
	case DRIFT_SWITCH:
		printf("    %-20s usable      %s, elsewhere %s  %s\n", feature_name(d->id),
		       d->a ? "no" : "yes", d->b ? "no" : "yes", feature_about(d->id));
		print_causes(d->id, s, odd, other);
		break;
	case DRIFT_PROCESSORS:
		print_topology(d, &odd->host->topology, &other->host->topology);
		print_causes(d->id, s, odd, other);
		break;
	case DRIFT_END:
		break;
	}
}

static bool same_revisions(const struct fleet *f, size_t a, size_t b)
{
	return strcmp(f->at[a]->revisions, f->at[b]->revisions) == 0;
}

/* Returns true if identical hosts of a group have different revisions. */
static bool revisions_differ(const struct fleet *f, size_t first)
{
	for (size_t i = first; i < f->count; i = f->at[i]->group_next)
		if (!same_revisions(f, i, f->at[i]->cluster))
			return true;
	return false;
}

/* A host of a group, and the first one that has its revisions. */
struct revised {
	const char *revisions;
	size_t host, first;
};

static int by_number(size_t a, size_t b)
{
	return (a > b) - (a < b);
}

static int by_revisions(const void *x, const void *y)
{
	const struct revised *a = x, *b = y;
	const int order = strcmp(a->revisions, b->revisions);

	return order ? order : by_number(a->host, b->host);
}

static int by_first(const void *x, const void *y)
{
	const struct revised *a = x, *b = y;
	const int order = by_number(a->first, b->first);

	return order ? order : by_number(a->host, b->host);
}

/* Prints each of the revisions, and all hosts of the group that have them. */
static void print_revisions(const struct fleet *f, size_t first)
{
	struct revised *r = allocate(f->at[first]->group_hosts * sizeof(*r));
	size_t count = 0;
	int column = 0;

	for (size_t i = first; i < f->count; i = f->at[i]->group_next)
		r[count++] = (struct revised){ f->at[i]->revisions, i, i };
	qsort(r, count, sizeof(*r), by_revisions);
	for (size_t i = 1; i < count; i++)
		if (strcmp(r[i - 1].revisions, r[i].revisions) == 0)
			r[i].first = r[i - 1].first;
	qsort(r, count, sizeof(*r), by_first);
	printf("  different revisions:\n");
	for (size_t i = 0; i < count; i++) {
		char name[PRINTABLE_MAX];

		if (r[i].host == r[i].first)
			column = printf("%s    %s", i ? "\n" : "", r[i].revisions) - (i > 0);
		column += printf("%c", r[i].host == r[i].first ? ':' : ',');
		print_part(&column, 1, printable(name, sizeof(name), f->at[r[i].host]->name),
		           INDENTED);
	}
	putchar('\n');
	free(r);
}

static void print_cluster(const struct fleet *f, struct drift_setup *s, size_t cluster,
                          size_t reference, size_t hosts)
{
	const struct drifter *odd = f->at[cluster], *other = f->at[reference];

	printf("  %s", cluster == reference ? "" : color_on(TONE_ODD));
	print_names(f, cluster);
	printf("%s", cluster == reference ? "" : color_off());
	printf(": %zu of %zu\n", drift_cluster_size(f, cluster), hosts);
	if (cluster == reference)
		return;
	drift_setup_sides(s, cluster);
	for (struct drift d = { .what = DRIFT_FEATURE }; drift_next(&d, odd->host, other->host);)
		print_drift(&d, s, odd, other);
	drift_setup_no_cause(s, cluster, reference);
	if (strcmp(odd->revisions, other->revisions) != 0) {
		int column = printf("    also different: %s, elsewhere", odd->revisions);

		print_part(&column, 1, other->revisions, INDENTED);
		putchar('\n');
	}
}

static void print_single(const struct fleet *f, size_t first)
{
	char name[PRINTABLE_MAX];

	printf("1 host (%s), nothing to compare it with\n",
	       printable(name, sizeof(name), f->at[first]->name));
}

/* Prints the clusters but for the majority, if there is one; hosts: how many the group has. */
static void print_clusters(const struct fleet *f, struct drift_setup *s, size_t first, size_t hosts)
{
	bool alone = true;
	const size_t reference = drift_majority(f, first, &alone);
	const size_t odd = hosts - drift_cluster_size(f, reference);

	if (odd == 0) {
		printf("%zu hosts, %sall identical%s\n", hosts, color_on(TONE_GOOD), color_off());
		return;
	}
	if (alone)
		printf("%zu hosts, %sDRIFT%s: %zu differ%s from the other %zu\n", hosts,
		       color_on(TONE_BAD), color_off(), odd, odd == 1 ? "s" : "", hosts - odd);
	else
		printf("%zu hosts, %sDRIFT%s: no majority\n", hosts, color_on(TONE_BAD),
		       color_off());
	for (size_t i = first; i < f->count; i = f->at[i]->group_next)
		if (f->at[i]->cluster == i && !(alone && i == reference))
			print_cluster(f, s, i, reference, hosts);
}

bool drift_group_differs(const struct fleet *f, size_t first)
{
	return f->at[first]->cluster_hosts < f->at[first]->group_hosts;
}

void drift_print(const struct fleet *f, size_t first)
{
	struct drift_setup s;
	const size_t hosts = f->at[first]->group_hosts;

	printf("%s:\n  ", f->at[first]->about);
	if (hosts == 1) {
		print_single(f, first);
		return;
	}
	drift_setup_start(&s, f, first);
	print_clusters(f, &s, first, hosts);
	if (revisions_differ(f, first))
		print_revisions(f, first);
	drift_setup_rest(&s, "");
	drift_setup_free(&s);
}
