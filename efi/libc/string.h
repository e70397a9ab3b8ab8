/* SPDX-License-Identifier: MIT */
/*
 * string.h - what libsodium's files need of a C library's header when they are built for firmware.
 */
#ifndef LIBC_STRING_H
#define LIBC_STRING_H

#include "base/mem.h"

#endif
