/* SPDX-License-Identifier: MIT */
/*
 * library.h - loads a shared library when it is needed.
 *
 * For libraries that few commands call, and that take as long to load as all else that a short
 * command does.
 */
#ifndef LIBRARY_H
#define LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

/* A function, and where its address goes in a structure of such addresses. */
struct library_function {
	const char *name;
	size_t at;
};

/*
 * Sets the addresses in *to to those of the functions.  name is the library's with the number of
 * its interface, "libfoo.so.1".  Returns false after a message, which ends in what, if it cannot be
 * loaded or lacks a function.
 */
bool library_load(const char *name, const struct library_function *functions, size_t count,
                  void *to, const char *what);

#endif
