/* SPDX-License-Identifier: MIT */
/*
 * child.h - runs another program and reads what it writes.
 */
#ifndef CHILD_H
#define CHILD_H

#include "input/file.h"

enum child_end {
	CHILD_DONE,
	CHILD_ABSENT, /* it is not installed */
	CHILD_FAILED,
	CHILD_TOLD, /* a message has been printed */
};

/*
 * Runs argv[0], which is looked for in PATH, with this environment and nothing else, without
 * standard input, and with the descriptor fd (-1: none) besides.  Reads what it writes, at most max
 * bytes; path is what that is called in messages.  On CHILD_DONE the caller frees ret->at; on
 * CHILD_FAILED error is the first line that the program wrote to standard error, made printable.
 */
enum child_end child_run(char *argv[], char *environment[], int fd, const char *path, size_t max,
                         struct bytes *ret, char *error, size_t size);

#endif
