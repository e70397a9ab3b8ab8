/* SPDX-License-Identifier: MIT */
/*
 * stick_files.h - the files that a user puts on a stick.
 */
#ifndef STICK_FILES_H
#define STICK_FILES_H

#include <argp.h>

struct stick_files {
	const char *secret, *conf, *golden, *ca; /* NULL: none */
};

/* The options of these files.  The input of this argp is a struct stick_files. */
extern const struct argp stick_files_argp;

#endif
