/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"
#include "input/formats.h"
#include "input/load.h"

#define EXPORT_FIRST 0x100000
#define EXPORT_MAX   0x40000000

struct arguments {
	struct inputs in;
	const struct format *to;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case 't':
		a->to = format_named(arg);
		if (!a->to || !a->to->write)
			arguments_unknown(state, "--to", "format", arg, format_names(true));
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->in;
		return 0;
	case ARGP_KEY_END:
		if (!a->to)
			arguments_missing(state, "--to");
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
	.args_doc = "--to=FORMAT REPORT",
	.doc = "Prints the CPUID leaves of the processors of a report in another program's format."
	       "\vcpuid-r: the output of \"cpuid -r\", which \"cpuid -f\" reads.\n"
	       "aida64: as AIDA64 and InstLatX64 write it, with the registers that are known.\n"
	       "libvirt: <cpudata>, of the first processor.\n"
	       "json, csv: with what is unknown; csv has a line for each register, in decimal.\n\n"
	       "Other formats cannot say that a bit is unknown: leaves with such bits are left "
	       "out, with a message. import reads all of them again.",
	.children = inputs_children,
};

static bool is_partial(const struct cpuid_leaf *l)
{
	return l->unknown[EAX] | l->unknown[EBX] | l->unknown[ECX] | l->unknown[EDX];
}

/* Takes the leaves with unknown bits out of a report.  Returns how many there were. */
static size_t drop_partial(struct report *r)
{
	struct report *whole = allocate(sizeof(*whole));
	static struct cpuid_set set;
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

/* Writes with more and more room. */
static bool print(const char *path, const struct format *to, const struct loaded *l)
{
	for (size_t size = EXPORT_FIRST; size <= EXPORT_MAX; size *= 4) {
		char *buffer = allocate(size);
		struct text t;

		text_start(&t, buffer, size);
		to->write(&t, l->report, l->name);
		const bool ok = !t.full && output_write(buffer, t.used);
		free(buffer);
		if (!t.full)
			return ok;
	}
	trouble(path, err_text(ERR_FULL));
	return false;
}

int command_export(int argc, char **argv)
{
	struct arguments *a = allocate(sizeof(*a));
	struct loaded l;
	bool ok = false;

	a->in.min = a->in.max = 1;
	arguments_parse(&argp, argc, argv, a);
	if (load_report(a->in.file[0], &a->in.trust, &l) == ERR_NONE) {
		fit(a->in.file[0], a->to, l.report);
		if (l.report->kinds == 0)
			trouble(a->in.file[0], err_text(ERR_NO_KINDS));
		else
			ok = print(a->in.file[0], a->to, &l);
		load_free(&l);
	}
	free(a);
	return ok ? EXIT_YES : EXIT_TROUBLE;
}
