/* SPDX-License-Identifier: MIT */
/*
 * string.h - what libsodium's files need of this header: memcpy and the like.
 */
#ifndef LIBC_STRING_H
#define LIBC_STRING_H

#include "base/mem.h"

#endif
