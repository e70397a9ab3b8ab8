/* SPDX-License-Identifier: MIT */
/*
 * limits.h - libsodium's files ask for this header and use nothing of it.
 */
#ifndef LIBC_LIMITS_H
#define LIBC_LIMITS_H

#endif
