/* SPDX-License-Identifier: MIT */
/*
 * err.h - what was wrong with data from outside, and where.
 *
 * common/ never prints: it returns the cause and the place, and the caller says both.
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

/* A place in a text: both from 1; 0 where the cause has no place. */
struct where {
	size_t line, column;
};

/* Returns the message of err.def: a clause without capital and full stop. */
const char *err_text(enum err err);

#endif
