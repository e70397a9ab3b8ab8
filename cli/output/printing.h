/* SPDX-License-Identifier: MIT */
/*
 * printing.h - in which form a subcommand prints its result: the options that all of them share.
 */
#ifndef PRINTING_H
#define PRINTING_H

#include <argp.h>

enum printing {
	PRINT_TEXT,
	PRINT_JSON,
	PRINT_CSV,
	PRINT_NOTHING, /* --quiet: only the exit status and errors */
};

/*
 * The options --color and --quiet; the same with --json; the same with --json and --csv.  The input
 * is an enum printing, zero at first.
 */
extern const struct argp printing_argp, printing_json_argp, printing_table_argp;

#endif
