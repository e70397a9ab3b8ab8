/* SPDX-License-Identifier: MIT */
/*
 * stdlib.h - what libsodium's files need of a C library's header when they are built for firmware:
 * of this one, nothing but NULL and size_t.
 */
#ifndef LIBC_STDLIB_H
#define LIBC_STDLIB_H

#include <stddef.h>

#endif
