/* SPDX-License-Identifier: MIT */
/*
 * inputs.h - the files that a subcommand reads, and whose reports it believes.
 *
 * The options --key and --unsigned and the file arguments, for all subcommands that read reports.
 */
#ifndef INPUTS_H
#define INPUTS_H

#include <argp.h>

#include "report/seal.h"

struct trust {
	bool unsigned_too; /* --unsigned: reports without a good seal as well */
	size_t count;
	struct seal_public *key; /* allocated, for as long as the program runs */
};

struct inputs {
	int min, max; /* how many files there must be; set before parsing */
	int count;
	char **file;
	struct trust trust;
};

/*
 * The children of a subcommand's argp.  At ARGP_KEY_INIT its parser sets child_inputs[0] to a
 * struct inputs, zeroed but for min and max.
 */
extern const struct argp_child inputs_children[2];

/* Reads a decimal number from min to max; anything else ends the program as argp_error does. */
unsigned inputs_number(const char *arg, unsigned min, unsigned max, const char *option,
                       const struct argp_state *state);

/* The same for a virtual hardware version of VMware's, one of those that there are. */
unsigned inputs_hw(const char *arg, const struct argp_state *state);

/* Parses a subcommand that has no other options than these. */
void inputs_parse(struct inputs *in, const char *files, const char *about, int argc, char **argv);

#endif
