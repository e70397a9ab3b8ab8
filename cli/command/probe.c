/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"
#include "base/program.h"
#include "input/crypto.h"
#include "input/formats.h"
#include "input/output_file.h"
#include "input/pool_file.h"
#include "input/running.h"
#include "input/sealed.h"
#include "output/caveats.h"

enum { OPTION_NO_MSR = 0x100 };

struct arguments {
	struct output_file output;
	bool sign, no_msr;
	struct seal_secret secret;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case OPTION_NO_MSR:
		a->no_msr = true;
		return 0;
	case 's':
		if (!pool_file_key(arg, &a->secret))
			exit(EXIT_TROUBLE);
		a->sign = true;
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->output;
		return 0;
	case ARGP_KEY_ARG:
		arguments_wrong(state, "takes no files: it reads the machine that it runs on");
		return 0;
	case ARGP_KEY_END:
		if (a->sign && !a->output.path)
			arguments_wrong(state,
			                "--sign needs --output: the seal goes to FILE.minisig");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option options[] = {
	{ "sign", 's', "KEY", 0,
	  "Seal the report with this secret key (see keygen): the seal goes to FILE.minisig", 0 },
	{ "no-msr", OPTION_NO_MSR, NULL, 0, "Read no model-specific registers", 0 },
	{ 0 },
};

static const struct argp_child children[] = {
	{ &output_file_argp, 0, NULL, 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "",
	.doc = "Reads the CPUID leaves of the machine that it runs on, on every processor where it "
	       "may run, and writes a report. Model-specific registers are read where "
	       "/dev/cpu/N/msr can be (root, module msr), the machine's names where root can read "
	       "them. The values are those that the operating system, its microcode and perhaps a "
	       "hypervisor leave; the stick reads them before there is one.",
	.children = children,
};

static bool write_files(const struct arguments *a, const struct bytes *b)
{
	char comment[SEAL_COMMENT_MAX + 1], name[PRINTABLE_MAX - 64];

	if (!a->output.path)
		return output_write(b->at, b->size);
	snprintf(comment, sizeof(comment),
	         "cpulevel report %s read under an operating system program " PROGRAM,
	         printable(name, sizeof(name), base_name(a->output.path)));
	return sealed_make(&a->output, b, a->sign ? &a->secret : NULL, comment,
	                   "the seal of an earlier report; remove it, or use --sign");
}

int command_probe(int argc, char **argv)
{
	struct arguments *a = allocate(sizeof(*a));
	struct report *r = allocate(sizeof(*r));
	struct caveat caveat;
	bool ok = false;

	arguments_parse(&argp, argc, argv, a);
	if (running_read(r, !a->no_msr)) {
		struct bytes b = format_spell("this machine", r);

		ok = b.at && write_files(a, &b);
		free(b.at);
	}
	crypto_wipe(&a->secret, sizeof(a->secret));
	if (ok) {
		trouble("this machine", r->field[FIELD_ORIGIN]);
		caveat_take(&caveat, "this machine", r);
		caveats_print(&caveat, 1);
	}
	free(r);
	free(a);
	return ok ? EXIT_YES : EXIT_TROUBLE;
}
