/* SPDX-License-Identifier: MIT */
/*
 * arguments.h - the arguments of a subcommand: its options by argp, and what is wrong with them.
 *
 * An error is one line with its cause, and one that says how to see the help.  What is unknown is
 * compared with what there is.
 */
#ifndef ARGUMENTS_H
#define ARGUMENTS_H

#include <argp.h>
#include <stdbool.h>

/*
 * The same as argp_parse, with the options that every command has: -h (--help) and -V (--version).
 * Ends the program if an option is wrong.
 */
void arguments_parse(const struct argp *argp, int argc, char **argv, void *input);

/*
 * While set, arguments_parse parses nothing, but prints the options and ends the program: for
 * completion in a shell.
 */
extern bool arguments_list;

/* Prints a cause, and how to see the help, and ends the program. */
_Noreturn void arguments_wrong(const struct argp_state *state, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The same: what is missing, and then what a command line looks like. */
_Noreturn void arguments_missing(const struct argp_state *state, const char *what);

/*
 * The same for the value of an option that is none of those in list, "a, b, c": "--for: unknown
 * dialect: NAME", and those that are near, or all.
 */
_Noreturn void arguments_unknown(const struct argp_state *state, const char *option,
                                 const char *kind, const char *name, const char *list);

/*
 * Prints "cpulevel: NAME: MESSAGE", and those of the list that are near, or else "; known KINDs:"
 * and all.
 */
void trouble_unknown(const char *name, const char *message, const char *kind, const char *list);

#endif
