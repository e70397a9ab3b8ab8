/* SPDX-License-Identifier: MIT */
#include "output/glance.h"

#include <stdio.h>

void glance_kib(struct text *t, uint64_t kib)
{
	static const char *const quarter[] = { "", ".25", ".5", ".75" };
	static const char *const units[] = { NO_BREAK "KiB", NO_BREAK "MiB", NO_BREAK "GiB" };
	unsigned unit = 0, quarters = 0;

	while (unit < 2 && quarters == 0 && kib >= 1024 && kib % 256 == 0) {
		quarters = kib % 1024 / 256;
		kib /= 1024;
		unit++;
	}
	text_decimal(t, kib);
	text_put(t, quarter[quarters]);
	text_put(t, units[unit]);
}

void glance_cache_name(struct text *t, const struct cache *c)
{
	static const char *const types[] = {
		[CACHE_DATA] = "d",
		[CACHE_CODE] = "i",
		[CACHE_UNIFIED] = "",
		[CACHE_TRACE] = " trace",
	};

	text_put(t, "L");
	text_decimal(t, c->level);
	text_put(t, types[c->type]);
}

void glance_ways(struct text *t, unsigned ways)
{
	if (ways == WAYS_ALL)
		text_put(t, "fully" NO_BREAK "associative");
	else if (ways == 1)
		text_put(t, "direct" NO_BREAK "mapped");
	else {
		text_decimal(t, ways);
		text_put(t, NO_BREAK "ways");
	}
}

/* A trace cache holds micro-operations. */
static void put_size(struct text *t, const struct cache *c, uint64_t count)
{
	if (c->type != CACHE_TRACE) {
		glance_kib(t, c->kib * count);
		return;
	}
	text_decimal(t, c->kib * count);
	text_put(t, "K" NO_BREAK "micro-operations");
}

/* Appends "512 KiB in 16 of 32 KiB, 8 ways, each for 2 processors". */
static void put_cache(struct text *t, const struct machine_cache *c)
{
	if (c->count > 1) {
		put_size(t, &c->cache, c->count);
		text_put(t, " in ");
		text_decimal(t, c->count);
		text_put(t, NO_BREAK "of" NO_BREAK);
	}
	put_size(t, &c->cache, 1);
	if (c->cache.ways) {
		text_put(t, ", ");
		glance_ways(t, c->cache.ways);
	}
	if (!c->count)
		return;
	text_put(t, c->count > 1 ? ", each" NO_BREAK "for" NO_BREAK : ", for" NO_BREAK);
	text_decimal(t, c->least);
	if (c->most != c->least) {
		text_put(t, " to ");
		text_decimal(t, c->most);
	}
	text_put(t, c->most == 1 ? NO_BREAK "processor" : NO_BREAK "processors");
}

void glance_caches(const struct report *r)
{
	static const char *const cores[] = { "", ", P-cores", ", E-cores" };
	struct machine_cache list[MACHINE_CACHES_MAX];
	enum cache_source source;
	const size_t count = caches_take(r, list, &source);

	for (size_t i = 0; i < count; i++) {
		char label[32], words[128];
		struct text name, t;

		text_start(&name, label, sizeof(label));
		glance_cache_name(&name, &list[i].cache);
		text_put(&name, " cache");
		if (list[i].cores != CORES_ALL) {
			name.used -= sizeof(" cache") - 1;
			text_put(&name, cores[list[i].cores]);
		}
		text_start(&t, words, sizeof(words));
		put_cache(&t, &list[i]);
		glance_line(text_string(&name), text_string(&t));
	}
	if (source == CACHE_UNKNOWN)
		glance_line("caches",
		            count ? "there may be others: the report does not describe all"
		                  : "not known: the report does not describe them");
	else if (count == 0)
		glance_line("caches", "CPUID describes none");
}

const char *glance_tlb_type(enum tlb_type type)
{
	static const char *const types[] = {
		[TLB_DATA] = "data", [TLB_CODE] = "instructions", [TLB_UNIFIED] = "shared",
		[TLB_LOAD] = "load", [TLB_STORE] = "store",
	};

	return types[type];
}

void glance_pages(struct text *t, unsigned pages)
{
	static const char *const sizes[] = { "4K", "2M", "4M", "1G" };
	const char *separator = "";

	for (unsigned i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		if (pages >> i & 1) {
			text_put(t, separator);
			text_put(t, sizes[i]);
			separator = "/";
		}
}

static bool same_kind(const struct tlb *a, const struct tlb *b)
{
	return a->level == b->level && a->type == b->type;
}

/* Appends "64 of 4K (4 ways)"; for several that differ in the pages only "64 each of 4K, 2M". */
static size_t put_entries(struct text *t, const struct tlb *list, size_t count)
{
	size_t like = 1;

	while (like < count && same_kind(&list[like], list) && list[like].ways == list->ways &&
	       list[like].entries == list->entries)
		like++;
	text_decimal(t, list->entries);
	text_put(t, like > 1 ? NO_BREAK "each" NO_BREAK "of" NO_BREAK : NO_BREAK "of" NO_BREAK);
	for (size_t i = 0; i < like; i++) {
		text_put(t, i ? "," NO_BREAK : "");
		glance_pages(t, list[i].pages);
	}
	if (list->ways) {
		text_put(t, NO_BREAK "(");
		glance_ways(t, list->ways);
		text_put(t, ")");
	}
	return like;
}

/* A line for each level and type. */
void glance_tlbs(struct text *t, const struct report_kind *k, const struct cpuid_set *set)
{
	struct tlb list[TLBS_MAX];
	enum cache_source source;
	const size_t count = tlb_list(set, list, &source);

	(void)k;
	for (size_t i = 0; i < count;) {
		if (i && same_kind(&list[i], &list[i - 1])) {
			text_put(t, ", ");
		} else {
			text_put(t, i ? "\nL" : "L");
			text_decimal(t, list[i].level);
			text_put(t, NO_BREAK);
			text_put(t, glance_tlb_type((enum tlb_type)list[i].type));
			text_put(t, ": ");
		}
		i += put_entries(t, &list[i], count - i);
	}
	if (source == CACHE_UNKNOWN)
		text_put(t, count ? "\nthere may be others"
		                  : "not known: the report does not describe them");
}
