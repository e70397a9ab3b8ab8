/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "command/fits_print.h"
#include "output/color.h"
#include "output/left_out.h"
#include "output/print.h"

enum fit fits_of(const struct fits *f, size_t host, size_t need)
{
	return (enum fit)f->fit[host * f->need.count + need];
}

size_t fits_able(const struct fits *f)
{
	size_t able = 0;

	for (size_t i = 0; i < f->pool->hosts; i++)
		able += f->worst[i] == FIT_YES;
	return able;
}

const char *fits_compared(const struct requirement *r)
{
	static const char *const words[] = { [MASK_VAL] = "equal to",
		                             [MASK_MAX] = "at most",
		                             [MASK_MIN] = "at least",
		                             [MASK_MATCH] = "equal to" };

	return words[r->value.op];
}

void fits_write_need(FILE *to, const struct requirement *r, const struct pool_host *h)
{
	const enum feature_id id = requirement_row(r, &h->answer[0]->set);
	const char *bare = r->of.name + strlen("cpuid.");

	if (id == F_NONE)
		fprintf(to, "vendor %s", bare);
	else if (strcmp(feature_name(id), bare) == 0)
		fprintf(to, "%s", bare);
	else
		fprintf(to, "%s (%s)", feature_name(id), r->of.name);
	if (r->of.kind == MASK_NAMED_NUMBER || r->value.op != MASK_MIN || r->value.number != 1)
		fprintf(to, " %s %llu", fits_compared(r), (unsigned long long)r->value.number);
}

/* Prints the requirements of a host with this fit, after words. */
static void print_needs(const struct fits *f, size_t host, enum fit which, const char *words)
{
	char *list = NULL;
	size_t size, count = 0;
	FILE *to = stream_open(&list, &size);

	for (size_t i = 0; i < f->need.count; i++)
		if (fits_of(f, host, i) == which) {
			fprintf(to, "%s", count++ ? ", " : "");
			fits_write_need(to, &f->need.at[i], &f->pool->host[host]);
		}
	stream_close(to);
	print_wrapped(4, words, list, ',');
	free(list);
}

static void print_host(const struct fits *f, size_t host)
{
	static const struct {
		enum tone tone;
		const char *words;
	} outcome[] = { [FIT_YES] = { TONE_GOOD, "can take it" },
		        [FIT_UNKNOWN] = { TONE_ODD, "not known" },
		        [FIT_NO] = { TONE_BAD, "cannot take it" } };
	const uint8_t worst = f->worst[host];
	char name[PRINTABLE_MAX];

	printf("%s: %s%s%s\n", printable(name, sizeof(name), f->pool->host[host].name),
	       color_on(outcome[worst].tone), outcome[worst].words, color_off());
	print_needs(f, host, FIT_NO, "lacks");
	print_needs(f, host, FIT_UNKNOWN, "not known:");
}

/* Prints the names of the requirements of a kind that is not judged. */
static void print_kind(const struct requirements *need, enum mask_named_kind kind,
                       const char *words)
{
	char *list = NULL;
	size_t size, count = 0;
	FILE *to = stream_open(&list, &size);

	for (size_t i = 0; i < need->count; i++) {
		char name[PRINTABLE_MAX];

		if (need->at[i].of.kind == kind)
			fprintf(to, "%s%s", count++ ? ", " : "",
			        printable(name, sizeof(name), need->at[i].of.name));
	}
	stream_close(to);
	print_wrapped(0, words, list, ',');
	free(list);
}

void fits_print_file(const struct fits *f)
{
	const struct requirements *need = &f->need;
	char name[PRINTABLE_MAX];

	printf("%s: %zu requirement%s%s", printable(name, sizeof(name), f->file), need->count,
	       need->count == 1 ? "" : "s",
	       need->offline ? " to power the VM on (it was not running)" : "");
	if (need->lists > 1)
		printf(", of %zu lists together", need->lists);
	putchar('\n');
	print_kind(need, MASK_NAMED_OTHER, "not judged, as CPUID does not say:");
	print_kind(need, MASK_NAMED_UNKNOWN, "not judged, as the name is unknown:");
}

void fits_print(const struct fits *f)
{
	fits_print_file(f);
	for (size_t i = 0; i < f->pool->hosts; i++)
		print_host(f, i);
	printf("%zu of %zu host%s can take this VM\n", fits_able(f), f->pool->hosts,
	       f->pool->hosts == 1 ? "" : "s");
	left_out_show(f->pool);
}
