/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "input/capability.h"
#include "input/dump.h"
#include "input/importers.h"

/* Leaves of one processor that differ from the first one's: "CPUID[4] level ...". */
struct other {
	unsigned long number;
	struct cpuid_leaf leaf;
};

struct log {
	struct dump *d;
	bool guest;            /* the guest's leaves are wanted */
	struct cpuid_set set;  /* of hostCPUID, or guestCPUID */
	struct cpuid_set pair; /* of "guest vs. host CPUID" */
	size_t others;
	struct other *other;
	size_t capabilities;
};

/* " level 00000001, 0: 0x000306c3 0x... 0x... 0x...", after the words before " level" */
static bool read_leaf(struct log *g, const char *at, struct cpuid_leaf *l)
{
	const char *start = at;

	*l = (struct cpuid_leaf){ .leaf = 0 };
	if (!dump_hex(&at, &l->leaf) || *at++ != ',')
		return dump_fail(g->d, start, "expected a leaf and a subleaf such as 00000001, 0:");
	dump_blanks(&at);
	if (!dump_hex(&at, &l->subleaf) || *at++ != ':' || l->leaf >= CPUID_MSR ||
	    l->subleaf > 0xff)
		return dump_fail(g->d, start, "expected a leaf and a subleaf such as 00000001, 0:");
	return dump_registers(&at, l->reg, " ") ||
	       dump_fail(g->d, at, "expected EAX, EBX, ECX and EDX; lines of a log may be lost");
}

/* Adds a leaf to a set; the later one counts: a VM that migrated, or was started again. */
static bool put(struct log *g, struct cpuid_set *set, const struct cpuid_leaf *l)
{
	struct cpuid_leaf *own = cpuid_insert(set, l->leaf, l->subleaf);

	if (!own)
		return dump_fail(g->d, NULL, err_text(ERR_MANY_LEAVES));
	*own = *l;
	return true;
}

static bool take_main(struct log *g, const char *at)
{
	struct cpuid_leaf l;

	if (!read_leaf(g, at, &l))
		return false;
	/* Another start of the machine, perhaps on another host. */
	if (l.leaf == 0 && g->set.count)
		g->set.count = g->others = 0;
	return put(g, &g->set, &l);
}

/* What the guest has, and after it what the host has instead, if that differs. */
static bool take_pair(struct log *g, const char *at, bool of_host)
{
	struct cpuid_leaf l;

	return read_leaf(g, at, &l) && ((of_host && g->guest) || put(g, &g->pair, &l));
}

static bool take_other(struct log *g, const char *at)
{
	struct other other;
	char *end;

	other.number = strtoul(at, &end, 10);
	if (end == at || strncmp(end, "] level ", 8) != 0 || other.number > REPORT_NUMBER_MAX)
		return true;
	if (!read_leaf(g, end + 8, &other.leaf))
		return false;
	if (g->others == (size_t)REPORT_PROCESSORS_MAX * 16)
		return dump_fail(g->d, NULL, err_text(ERR_MANY_CPUS));
	g->other = allocate_room(g->other, g->others, sizeof(*g->other));
	g->other[g->others++] = other;
	return true;
}

/* Returns what is after words in the line, or NULL. */
static const char *after(const struct dump *d, const char *words)
{
	const char *at = strstr(d->line, words);

	return at ? at + strlen(words) : NULL;
}

static bool read_line(struct log *g)
{
	const char *at;

	if ((at = after(g->d, g->guest ? "guestCPUID level " : "hostCPUID level ")))
		return take_main(g, at);
	if ((at = after(g->d, "guest vs. host CPUID guest level ")))
		return take_pair(g, at, false);
	if ((at = after(g->d, "guest vs. host CPUID *host level ")))
		return take_pair(g, at, true);
	if (!g->guest && (at = after(g->d, " CPUID[")))
		return take_other(g, at);
	if (!g->guest && strncmp(g->d->line, "CPUID[", 6) == 0)
		return take_other(g, g->d->line + 6);
	return true;
}

/* "Capability Found: cpuid.AVX2 = 1"; without a number it is 1. */
static bool read_capability(struct capability *c)
{
	const char *at = strstr(c->d->line, "Capability Found: ");
	uint32_t number = 1;
	char name[64];

	if (!at)
		return true;
	at += strlen("Capability Found: ");
	const size_t size = strcspn(at, " =");
	if (size >= sizeof(name))
		return true;
	memcpy(name, at, size);
	name[size] = '\0';
	at += size + strspn(at + size, " =");
	if (*at && (!dump_decimal(&at, UINT32_MAX, &number) || (*at && *at != ' ')))
		return dump_fail(c->d, at, "expected a decimal number");
	return capability_take(c, name, number);
}

/* Reads the names of capabilities, if the log has no leaves. */
static void read_capabilities(struct log *g, const struct bytes *b)
{
	struct capability c = { .d = g->d };

	g->d->at = b->at;
	g->d->where.line = 0;
	while (dump_line(g->d) && read_capability(&c))
		;
	if (!c.count && !g->d->failed) {
		g->d->where.line = 0;
		dump_fail(g->d, NULL,
		          g->guest ? "no line in this log has guestCPUID"
		                   : "no line in this log has hostCPUID, or Capability Found");
	}
}

static bool add_set(struct log *g, unsigned long number, const struct cpuid_set *set)
{
	if (!dump_processor(g->d, number))
		return false;
	g->d->set = *set;
	return true;
}

static int by_number(const void *x, const void *y)
{
	const struct other *a = x, *b = y;

	return a->number < b->number ? -1 : a->number > b->number;
}

/* Adds the first processor, and the others as it is but for their own leaves. */
static void add_processors(struct log *g)
{
	struct cpuid_set *own = allocate(sizeof(*own));
	const struct cpuid_set *set = g->set.count ? &g->set : &g->pair;
	bool ok = add_set(g, 0, set);

	if (g->others)
		qsort(g->other, g->others, sizeof(*g->other), by_number);
	for (size_t i = 0, next; ok && i < g->others; i = next) {
		*own = *set;
		for (next = i;
		     ok && next < g->others && g->other[next].number == g->other[i].number; next++)
			ok = put(g, own, &g->other[next].leaf);
		ok = ok && (g->other[i].number == 0 || add_set(g, g->other[i].number, own));
	}
	free(own);
}

static bool read_log(struct report *r, const char *path, struct bytes *b, bool guest)
{
	struct log *g = allocate(sizeof(*g));

	g->d = dump_start(r, path, b);
	g->guest = guest;
	while (dump_line(g->d) && read_line(g))
		;
	if (!g->d->failed && (g->set.count || g->pair.count))
		add_processors(g);
	else if (!g->d->failed)
		read_capabilities(g, b);
	const bool ok = dump_end(g->d);
	free(g->other);
	free(g);
	return ok;
}

bool vmware_log_is(const struct bytes *b)
{
	static const char *const words[] = { "hostCPUID level ", "guestCPUID level ",
		                             "guest vs. host CPUID", "Capability Found: " };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (memmem(b->at, b->size, words[i], strlen(words[i])))
			return true;
	return false;
}

bool vmware_log_read(struct report *r, const char *path, struct bytes *b)
{
	return read_log(r, path, b, false);
}

bool vmware_guest_read(struct report *r, const char *path, struct bytes *b)
{
	return read_log(r, path, b, true);
}
