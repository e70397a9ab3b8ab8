/* SPDX-License-Identifier: MIT */
#include "base/program.h"
#include "input/pool_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static bool write_seal(const struct output_file *seal, const char *pool_path, const char *at,
                       size_t size, const struct pool *pool, const struct seal_secret *secret)
{
	char buffer[SEAL_TEXT_MAX], comment[SEAL_COMMENT_MAX + 1], name[PRINTABLE_MAX - 64];
	struct text t;

	snprintf(comment, sizeof(comment), "cpulevel pool %s hosts %zu program " PROGRAM,
	         printable(name, sizeof(name), base_name(pool_path)), pool->hosts);
	text_start(&t, buffer, sizeof(buffer));
	const enum err err =
		seal_write(&t, secret, ed25519_sign, ed25519_verify, at, size, comment);
	if (err != ERR_NONE) {
		trouble_at(seal->path, err, &nowhere);
		return false;
	}
	return output_file_write(seal, buffer, t.used);
}

static bool write_file(const struct output_file *o, const char *at, size_t size,
                       const struct pool *pool, const struct seal_secret *secret)
{
	const size_t length = strlen(o->path) + sizeof(".minisig");
	char *path = allocate(length);
	const struct output_file seal = { path, o->force };
	bool ok;

	snprintf(path, length, "%s.minisig", o->path);
	if (!output_file_free(o)) {
		ok = false;
	} else if (secret) {
		ok = write_seal(&seal, o->path, at, size, pool, secret);
	} else {
		ok = sealed_free(o->path, "the seal of an earlier pool; remove it, or seal the "
		                          "new pool with --sign");
	}
	ok = ok && output_file_write(o, at, size);
	free(path);
	return ok;
}

bool pool_file_write(const struct output_file *o, const struct pool *pool,
                     const struct seal_secret *secret)
{
	const size_t size = pool_size(pool);
	char *buffer = allocate(size);
	struct text t;

	text_start(&t, buffer, size);
	pool_write(&t, pool, PROGRAM);
	const bool ok = o->path ? write_file(o, buffer, t.used, pool, secret)
	                        : output_write(buffer, t.used);
	free(buffer);
	return ok;
}
