/* SPDX-License-Identifier: MIT */
/*
 * sys/types.h - libsodium's SHA-512 asks for this header and uses nothing of it.
 */
#ifndef LIBC_SYS_TYPES_H
#define LIBC_SYS_TYPES_H

#endif
