/* SPDX-License-Identifier: MIT */
/*
 * hidden.h - everything is linked into one image, so nothing needs a global offset table.
 *
 * Included before each file by the compiler; -fvisibility=hidden says this of definitions only.
 */
#pragma GCC visibility push(hidden)
