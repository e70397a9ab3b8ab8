/* SPDX-License-Identifier: MIT */
/*
 * cli.h - what the subcommands of cpulevel share: exit codes and messages.
 */
#ifndef CLI_H
#define CLI_H

#include <stdio.h>

#include "base/err.h"
#include "base/text.h"

/* 0 yes; 1 no: a difference, a bad signature; 2 trouble: usage, unreadable input. */
enum { EXIT_YES = 0, EXIT_NO = 1, EXIT_TROUBLE = 2 };

/* A subcommand.  Returns an exit code.  argv[0] is "cpulevel NAME". */
typedef int command(int argc, char **argv);

command command_diff, command_export, command_import, command_keygen, command_mask, command_merge,
	command_show, command_verify, command_features, command_explain, command_level;
command command_mask_explain, command_mask_merge, command_evc, command_drift, command_fits;
command command_challenge, command_take, command_check, command_probe, command_setup, command_page,
	command_gate, command_image, command_write;

/* All subcommands, in the order of the help. */
struct subcommand {
	const char *name;
	command *run;
	const char *about;
};

extern const struct subcommand subcommands[];
extern const size_t subcommand_count;

/*
 * Returns a copy of string in buffer in which each byte that is not printable ASCII is '?'.
 * Everything from a file, and every file name, goes to the terminal in this way.
 */
const char *printable(char *buffer, size_t size, const char *string);

/* The size of a buffer for any name or string of a report. */
#define PRINTABLE_MAX 256

/* Prints "cpulevel: PATH: MESSAGE" on standard error; unprintable bytes of path become '?'. */
void trouble(const char *path, const char *message);

/* The same for what is no error, so that --quiet drops it. */
void warn(const char *path, const char *message);

/* The same as trouble for a place in a file: "cpulevel: PATH:LINE:COLUMN: MESSAGE". */
void trouble_at(const char *path, enum err err, const struct where *where);
void trouble_place(const char *path, const struct where *where, const char *message);

/* The same for a failed system call, with its reason. */
void trouble_errno(const char *path, const char *what);

/* Returns zeroed memory.  If there is none, prints a message and ends the program. */
void *allocate(size_t size);

/* Prints a message and ends the program: there is no memory. */
_Noreturn void out_of_memory(void);

/*
 * Returns a stream that makes *text, from malloc, of *size bytes and a NUL, which are set once it
 * is closed.  No memory ends the program, as above.
 */
FILE *stream_open(char **text, size_t *size);
void stream_close(FILE *stream);

/* The same as array_room (fleet/array.h), but prints a message and ends the program on failure. */
void *allocate_room(void *at, size_t count, size_t size);

/*
 * The same for an array of the arguments, which lasts as long as the program and is never
 * freed: it is kept where what looks for leaks finds it.
 */
void *allocate_lasting(void *at, size_t count, size_t size);

#endif
