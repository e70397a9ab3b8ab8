/* SPDX-License-Identifier: MIT */
#include "base/program.h"
#include "input/pool_file.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli.h"
#include "input/crypto.h"
#include "input/file.h"
#include "input/sealed.h"

static const struct where nowhere;

bool pool_file_key(const char *path, struct seal_secret *ret_secret)
{
	struct bytes b;

	if (!file_read(path, SEAL_TEXT_MAX, &b))
		return false;
	const enum err err = seal_secret_read(ret_secret, b.at, b.size);
	crypto_wipe(b.at, b.size);
	free(b.at);
	if (err != ERR_NONE)
		trouble_at(path, err, &nowhere);
	return err == ERR_NONE;
}

static bool write_file(const struct output_file *o, const struct bytes *b, const struct pool *pool,
                       const struct seal_secret *secret)
{
	char comment[SEAL_COMMENT_MAX + 1], name[PRINTABLE_MAX - 64];

	snprintf(comment, sizeof(comment), "cpulevel pool %s hosts %zu program " PROGRAM,
	         printable(name, sizeof(name), base_name(o->path)), pool->hosts);
	return sealed_make(o, b, secret, comment,
	                   "the seal of an earlier pool; remove it, or seal the new pool with "
	                   "--sign");
}

bool pool_file_write(const struct output_file *o, const struct pool *pool,
                     const struct seal_secret *secret)
{
	const size_t size = pool_size(pool);
	char *buffer = allocate(size);
	struct text t;

	text_start(&t, buffer, size);
	pool_write(&t, pool, PROGRAM);
	const struct bytes b = { buffer, t.used };
	const bool ok = o->path ? write_file(o, &b, pool, secret) : output_write(b.at, b.size);
	free(buffer);
	return ok;
}
