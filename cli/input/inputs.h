/* SPDX-License-Identifier: MIT */
/*
 * inputs.h - the files that a subcommand reads, and the keys whose reports it trusts.
 *
 * All subcommands that read reports have the options --key and --unsigned and file arguments.
 */
#ifndef INPUTS_H
#define INPUTS_H

#include <argp.h>

#include "report/seal.h"

struct trust {
	bool unsigned_too; /* --unsigned: accept reports without a good seal too */
	size_t count;
	struct seal_public *key; /* allocated, for as long as the program runs */
};

struct inputs {
	int min, max; /* allowed number of files; set before parsing */
	int count;
	char **file;
	struct trust trust;
};

/*
 * The children of a subcommand's argp.  At ARGP_KEY_INIT, the subcommand's parser sets
 * child_inputs[0] to a struct inputs that has min and max set and is zero otherwise.
 */
extern const struct argp_child inputs_children[2];

/* The same for a subcommand that has more children. */
extern const struct argp inputs_argp;

/*
 * Returns arg as a decimal number from min to max.  If it is none, ends the program as argp_error
 * does.
 */
unsigned inputs_number(const char *arg, unsigned min, unsigned max, const char *option,
                       const struct argp_state *state);

/* The same for one of VMware's virtual hardware versions. */
unsigned inputs_hw(const char *arg, const struct argp_state *state);

/* Parses the arguments of a subcommand that has no options of its own. */
void inputs_parse(struct inputs *in, const char *files, const char *about, int argc, char **argv);

#endif
