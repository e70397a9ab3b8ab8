/* SPDX-License-Identifier: MIT */
/*
 * inputs.h - the files that a subcommand reads, and the keys whose reports it trusts.
 *
 * All subcommands that read reports have the options --key and --unsigned and file arguments.
 */
#ifndef INPUTS_H
#define INPUTS_H

#include "fleet/pool.h"
#include "output/arguments.h"
#include "report/seal.h"

struct trust {
	bool unsigned_too; /* --unsigned: accept files without a good seal too */
	bool checking;     /* for verify: a file without a good seal is named, never accepted */
	bool claims_void;  /* for merge --sign: hosts of a pool that is not verified are unsigned */
	size_t count;
	struct seal_public *key; /* allocated, for as long as the program runs */
	size_t pools;
	const char **pool; /* the files of --pool, allocated too */
};

struct inputs {
	int min, max; /* allowed number of files; set before parsing */
	bool foreign; /* a folder means all files in it, not only reports; set before parsing */
	int count;
	const char **file; /* allocated; those of --pool first */
	struct trust trust;
	bool strict; /* --strict: a file that cannot be used is the end */
	size_t left_outs;
	struct pool_name *left_out; /* of files that could not be used; allocated */
};

/*
 * Notes that a file could not be used, which a message has said.  Returns false if that is the end,
 * after a message.
 */
bool inputs_leave_out(struct inputs *in, const char *path);

/* Returns false after a message if no file could be used. */
bool inputs_any_used(const struct inputs *in);

/* Returns an exit code, or EXIT_TROUBLE if a file was left out. */
int inputs_exit(const struct inputs *in, int code);

/* True for the name of what belongs to the file before it, as in a glob of a stick's files. */
bool inputs_is_beside(const char *path);

/* Returns true if a file of a folder is read as a report: NAME.txt, without a dot at its beginning.
 */
bool inputs_report_name(const char *name);

/* Adds a file, or the reports (all files, if foreign) in a folder and its folders.  Ends the
 * program on failure. */
void inputs_add(struct inputs *in, const char *path);

/*
 * The children of the argp of a subcommand that reads reports, and of one that reads pools as well
 * (--pool).  At ARGP_KEY_INIT, the subcommand's parser sets child_inputs[0] to a struct inputs that
 * has min and max set and is zero otherwise.
 */
extern const struct argp_child inputs_children[2], inputs_pool_children[2];

/* The same as these and inputs_trust_children for a subcommand that has more children. */
extern const struct argp inputs_argp, inputs_pool_argp, inputs_trust_argp;

/*
 * The child of a subcommand whose files are no inputs: --key and --unsigned alone.  child_inputs[0]
 * is a struct trust.
 */
extern const struct argp_child inputs_trust_children[2];

/*
 * The child with --strict of a subcommand that reads several files itself; its input is a struct
 * inputs, of which count is set before inputs_leave_out.
 */
extern const struct argp inputs_strict_argp;

/*
 * Says if a file of a subcommand that reads pools is one: it was given with --pool, its name ends
 * in ".pool", or it is "-" and begins as a pool does.  The content of a file never decides: whoever
 * can write a report's file could then put a pool, which needs no seal, in its place.  Standard
 * input has no seal, whatever it is.
 */
bool inputs_is_pool(const char *path, const struct trust *trust);

/* The same by the name alone. */
bool inputs_pool_name(const char *path);

/*
 * Options end at the first operand.  If one of those from state->next on looks like an option, ends
 * the program as arguments_wrong does: it was meant as one, or it is a file's name that was not.
 * For the parser of a subcommand that takes its operands itself.
 */
void inputs_operands(const struct argp_state *state);

/*
 * Returns arg as a decimal number from min to max.  If it is none, ends the program as
 * arguments_wrong does.
 */
unsigned inputs_number(const char *arg, unsigned min, unsigned max, const char *option,
                       const struct argp_state *state);

/* The same for one of VMware's virtual hardware versions. */
unsigned inputs_hw(const char *arg, const struct argp_state *state);

#endif
