/* SPDX-License-Identifier: MIT */
/*
 * hidden.h - makes all symbols hidden, so that no global offset table is needed.
 *
 * The compiler includes it before each file.  -fvisibility=hidden alone covers definitions only,
 * not declarations.
 */
#pragma GCC visibility push(hidden)
