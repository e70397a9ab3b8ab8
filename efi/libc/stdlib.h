/* SPDX-License-Identifier: MIT */
/*
 * stdlib.h - what libsodium's files need of this header: NULL and size_t.
 */
#ifndef LIBC_STDLIB_H
#define LIBC_STDLIB_H

#include <stddef.h>

#endif
