/* SPDX-License-Identifier: MIT */
/*
 * sys/types.h - empty; libsodium's SHA-512 includes it and uses nothing of it.
 */
#ifndef LIBC_SYS_TYPES_H
#define LIBC_SYS_TYPES_H

#endif
