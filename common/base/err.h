/* SPDX-License-Identifier: MIT */
/*
 * err.h - what is wrong with data from outside, and where.
 *
 * common/ does not print: it returns the cause and the place, and the caller shows both.
 */
#ifndef ERR_H
#define ERR_H

#include <stddef.h>

enum err {
#define ERR(name, message) ERR_##name,
#include "base/err.def"
#undef ERR
	ERR_COUNT,
};

/* A place in a text: line and column count from 1; both are 0 if the cause has no place. */
struct where {
	size_t line, column;
};

/* Returns the message in err.def: a clause without capital and full stop.  ERR_COUNT is an unknown
 * error. */
const char *err_text(enum err err);

#endif
