/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "input/crew.h"
#include "input/formats.h"
#include "input/gather.h"
#include "input/load.h"
#include "output/left_out.h"

#define EXPORT_FIRST 0x100000
#define EXPORT_MAX   0x40000000

struct arguments {
	struct inputs in;
	const struct format *to;
	bool pool;    /* one of the files is a pool */
	bool printed; /* a table, with its heading */
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case 't':
		a->to = format_named(arg);
		if (!a->to || !a->to->write)
			arguments_unknown(state, "--to", "format", arg, format_names(true));
		/* A table may be about several hosts. */
		a->in.max = a->to->write == own_csv_write ? INT_MAX : 1;
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->in;
		return 0;
	case ARGP_KEY_END:
		if (!a->to)
			arguments_missing(state, "--to");
		for (int i = 0; i < a->in.count; i++)
			a->pool |= inputs_is_pool(a->in.file[i], &a->in.trust);
		if (a->pool && a->to->write != own_csv_write)
			arguments_wrong(state, "a pool can only be exported to csv");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option options[] = {
	{ "to", 't', "FORMAT", 0, "See below", 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "--to=FORMAT REPORT\n--to=csv REPORT|POOL...",
	.doc = "Prints the CPUID leaves of the processors of a report in another program's format."
	       "\vcpuid-r: the output of \"cpuid -r\", which \"cpuid -f\" reads.\n"
	       "aida64: as AIDA64 and InstLatX64 write it, with the registers that are known.\n"
	       "libvirt: <cpudata>, of the first processor.\n"
	       "json, csv: with what is unknown; csv has a line for each register, in decimal. "
	       "With a pool among the files, csv has what merge keeps: a machine once, and the "
	       "different processors of each host, without what does not describe the machine.\n\n"
	       "Other formats cannot say that a bit is unknown: leaves with such bits are left "
	       "out, with a message. import reads all of them again.",
	.children = inputs_pool_children,
};

static bool is_partial(const struct cpuid_leaf *l)
{
	return l->unknown[EAX] | l->unknown[EBX] | l->unknown[ECX] | l->unknown[EDX];
}

/* Takes the leaves with unknown bits out of a report.  Returns how many there were. */
static size_t drop_partial(struct report *r)
{
	struct report *whole = allocate(sizeof(*whole));
	static _Thread_local struct cpuid_set set;
	size_t dropped = 0;

	report_start(whole);
	for (size_t i = 0; i < r->processors; i++) {
		size_t kept = 0;

		report_processor_set(r, i, &set);
		for (size_t k = 0; k < set.count; k++)
			if (!is_partial(&set.at[k]))
				set.at[kept++] = set.at[k];
		dropped += set.count - kept;
		set.count = kept;
		report_add(whole, r->processor[i].number, &r->kind[r->processor[i].kind].control,
		           &set);
	}
	if (dropped)
		*r = *whole;
	free(whole);
	return dropped;
}

/* Says what a format cannot hold, and leaves it out. */
static void fit(const char *path, const struct format *to, struct report *r)
{
	char message[128];
	const size_t dropped =
		to->write == own_json_write || to->write == own_csv_write ? 0 : drop_partial(r);

	if (dropped) {
		snprintf(message, sizeof(message),
		         "%zu leaves are left out, because some of their bits are unknown",
		         dropped);
		trouble(path, message);
	}
	if (to->write == cpudata_write && r->kinds > 1)
		trouble(path, "several kinds of processors; only the first one is written");
}

/* Spells with more and more room.  Returns false after a message. */
static bool spell(const char *path, const struct format *to, const struct loaded *l,
                  struct bytes *ret)
{
	for (size_t size = EXPORT_FIRST; size <= EXPORT_MAX; size *= 4) {
		char *buffer = allocate(size);
		struct text t;

		text_start(&t, buffer, size);
		to->write(&t, l->report, l->name);
		if (!t.full) {
			*ret = (struct bytes){ buffer, t.used };
			return true;
		}
		free(buffer);
	}
	trouble(path, err_text(ERR_FULL));
	return false;
}

static void work(const void *ctx, void *room, size_t job, void *slot)
{
	const struct arguments *a = ctx;
	const char *path = a->in.file[job];
	struct loaded l;

	if (load_report_into(path, &a->in.trust, room, &l) != ERR_NONE)
		return;
	fit(path, a->to, l.report);
	if (l.report->kinds == 0)
		trouble(path, err_text(ERR_NO_KINDS));
	else
		spell(path, a->to, &l, slot);
	load_free(&l);
}

/* Of several tables only the first has a heading. */
static bool take(void *ctx, size_t job, void *slot)
{
	struct arguments *a = ctx;
	const struct bytes *b = slot;
	const char *start = b->at;

	if (!b->at)
		return inputs_leave_out(&a->in, a->in.file[job]);
	if (a->printed)
		start = (const char *)memchr(b->at, '\n', b->size) + 1;
	a->printed = true;
	const bool ok = output_write(start, b->size - (size_t)(start - b->at));
	free(b->at);
	return ok;
}

static void drop(void *slot)
{
	free(((struct bytes *)slot)->at);
}

/* The rows of a processor of a host. */
#define ROWS_MAX (CPUID_SET_MAX * CPUID_REGS * (2 * REPORT_STRING_MAX + 128))

/* Prints what a pool has of a host.  Registers that are no CPUID are in no table. */
static bool print_host(const struct pool_host *h, char *buffer)
{
	static struct cpuid_set set;
	struct text t;
	bool ok = true;

	for (size_t i = 0; i < h->answers && ok; i++) {
		const struct cpuid_set *all = &h->answer[i]->set;

		set.count = 0;
		for (const struct cpuid_leaf *l = all->at; l < all->at + all->count; l++)
			if (l->leaf < CPUID_MSR)
				set.at[set.count++] = *l;
		text_start(&t, buffer, ROWS_MAX);
		own_csv_rows(&t, h->name, i, &set);
		ok = output_write(buffer, t.used);
	}
	return ok;
}

/* Prints the hosts of all files, merged into one pool.  Returns an exit code. */
static int export_pool(struct inputs *in)
{
	struct pool *pool = allocate(sizeof(*pool));
	char *buffer = allocate(ROWS_MAX);
	struct text t;

	bool ok = gather_hosts(in, pool);
	if (ok) {
		text_start(&t, buffer, ROWS_MAX);
		own_csv_head(&t);
		ok = output_write(buffer, t.used);
	}
	for (size_t i = 0; ok && i < pool->hosts; i++)
		ok = print_host(&pool->host[i], buffer);
	load_pool_free(pool);
	free(buffer);
	return inputs_exit(in, ok ? EXIT_YES : EXIT_TROUBLE);
}

/* Prints the reports, each as it is read.  Returns an exit code. */
static int export_reports(struct arguments *a)
{
	const struct crew crew = { .verb = "exporting",
		                   .count = (size_t)a->in.count,
		                   .slot_size = sizeof(struct bytes),
		                   .room_size = sizeof(struct report),
		                   .ctx = a,
		                   .work = work,
		                   .take = take,
		                   .drop = drop };

	const bool ok = crew_run(&crew) && inputs_any_used(&a->in);
	left_out_print_names(a->in.left_out, a->in.left_outs);
	return inputs_exit(&a->in, ok ? EXIT_YES : EXIT_TROUBLE);
}

int command_export(int argc, char **argv)
{
	struct arguments *a = allocate(sizeof(*a));

	a->in.min = 1;
	a->in.max = 1;
	arguments_parse(&argp, argc, argv, a);
	const int result = a->pool ? export_pool(&a->in) : export_reports(a);
	free(a);
	return result;
}
