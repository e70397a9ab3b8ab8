/* SPDX-License-Identifier: MIT */
/*
 * cli.h - what the subcommands of cpulevel share: exit codes, and how trouble is said.
 */
#ifndef CLI_H
#define CLI_H

#include "base/err.h"
#include "base/text.h"

/* 0 yes; 1 no: a difference, a bad signature; 2 trouble: usage, unreadable input. */
enum { EXIT_YES = 0, EXIT_NO = 1, EXIT_TROUBLE = 2 };

#define PROGRAM "cpulevel " VERSION

/* A subcommand: argv[0] is "cpulevel NAME".  Returns an exit code. */
typedef int command(int argc, char **argv);

command command_diff, command_export, command_import, command_keygen, command_mask, command_merge,
	command_show, command_verify, command_features, command_explain, command_level;
command command_mask_explain, command_mask_merge, command_evc, command_drift;

/*
 * Returns string in buffer with each byte that is not printable ASCII as '?': what comes from a
 * file or a file name reaches the terminal only so.
 */
const char *printable(char *buffer, size_t size, const char *string);

/* As long a buffer as any name or string of a report needs. */
#define PRINTABLE_MAX 256

/* Says "cpulevel: PATH: MESSAGE" on standard error; unprintable bytes of path become '?'. */
void trouble(const char *path, const char *message);

/* The same for a place in a file: "cpulevel: PATH:LINE:COLUMN: MESSAGE". */
void trouble_at(const char *path, enum err err, const struct where *where);
void trouble_place(const char *path, const struct where *where, const char *message);

/* The same for a failed system call, with its reason. */
void trouble_errno(const char *path, const char *what);

/* Allocates zeroed memory; says so and ends the program if there is none. */
void *allocate(size_t size);

/* Returns array_room (fleet/array.h) of an array; says so and ends the program if there is none. */
void *allocate_room(void *at, size_t count, size_t size);

#endif
