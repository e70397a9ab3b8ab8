/* SPDX-License-Identifier: MIT */
/*
 * limits.h - empty; libsodium's files include it and use nothing of it.
 */
#ifndef LIBC_LIMITS_H
#define LIBC_LIMITS_H

#endif
