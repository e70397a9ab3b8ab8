/* SPDX-License-Identifier: MIT */
/*
 * output_file.h - where a subcommand writes its result: standard output, or a file (-o, --force).
 */
#ifndef OUTPUT_FILE_H
#define OUTPUT_FILE_H

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>

struct output_file {
	const char *path; /* NULL: standard output */
	bool force;       /* overwrite the file if it exists */
};

/* The options --output and --force.  The input of this argp is a struct output_file. */
extern const struct argp output_file_argp;

/* Returns false after a message if the file exists and may not be overwritten. */
bool output_file_free(const struct output_file *o);

/* Writes size bytes.  Returns false after a message. */
bool output_file_write(const struct output_file *o, const char *at, size_t size);

#endif
