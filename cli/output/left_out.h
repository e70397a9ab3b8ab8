/* SPDX-License-Identifier: MIT */
/*
 * left_out.h - says which files could not be used, in every output that is made without them.
 *
 * A mask that was made without a host may show its guests what that host lacks.
 */
#ifndef LEFT_OUT_H
#define LEFT_OUT_H

#include "fleet/pool.h"

/*
 * Appends "2 files were left out, as they could not be used: a.txt, b.txt", without a line end;
 * nothing for no file.  Names are printable.
 */
void left_out_write(struct text *t, const struct pool_name *name, size_t count);

/* The size of a buffer for that sentence. */
#define LEFT_OUT_MAX 2048

/* Print the sentence about a pool, if there is one, on standard error or on standard output. */
void left_out_print(const struct pool *pool);
void left_out_show(const struct pool *pool);

/* The same about files of which there is no pool. */
void left_out_print_names(const struct pool_name *name, size_t count);
void left_out_show_names(const struct pool_name *name, size_t count);

#endif
