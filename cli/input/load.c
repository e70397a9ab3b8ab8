/* SPDX-License-Identifier: MIT */
#include "input/load.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "input/crypto.h"
#include "input/visits.h"

/* Bytes.  A pool of 100,000 hosts with a few hundred answers has a tenth of that. */
#define POOL_TEXT_MAX 0x40000000

static const struct where nowhere;

/* Checks the seal PATH.minisig of size bytes at message. */
static enum err check_seal(const char *path, const struct bytes *message, const struct trust *trust,
                           struct loaded *l)
{
	char *seal_path = allocate(strlen(path) + sizeof(".minisig"));
	const struct seal_public *key;
	struct bytes seal;
	bool missing;
	enum err err;

	sprintf(seal_path, "%s.minisig", path);
	if (file_read_optional(seal_path, SEAL_TEXT_MAX, &seal, &missing)) {
		err = seal_check(seal.at, seal.size, message->at, message->size, trust->key,
		                 trust->count, ed25519_verify, &key, l->comment, l->key);
		free(seal.at);
	} else {
		err = missing ? ERR_NO_SEAL : ERR_READ;
	}
	l->sealed = err == ERR_NONE;
	free(seal_path);
	return err;
}

/* Prints why a seal is not good, and what to do. */
static void print_seal(const char *path, enum err err, const struct trust *trust,
                       const struct loaded *l)
{
	char number[17], name[PRINTABLE_MAX], cause[PRINTABLE_MAX + 64], line[sizeof(cause) + 64];
	const char *before = "", *after = "";

	seal_number(l->key, number);
	if (err == ERR_NO_SEAL)
		snprintf(cause, sizeof(cause), "no seal: %s.minisig not found",
		         printable(name, sizeof(name), base_name(path)));
	else if (err == ERR_READ)
		snprintf(cause, sizeof(cause), "its seal cannot be read");
	else if (err == ERR_WRONG_KEY && trust->count == 0)
		snprintf(cause, sizeof(cause), "sealed by stick %s; pass its public key with --key",
		         number);
	else if (err == ERR_WRONG_KEY)
		snprintf(cause, sizeof(cause),
		         "sealed by stick %s, whose public key is not among the %zu given", number,
		         trust->count);
	else
		snprintf(cause, sizeof(cause), "%s", err_text(err));
	if (trust->unsigned_too)
		before = "accepted unverified: ";
	else if (err == ERR_NO_SEAL)
		after = "; to read it anyway, add --unsigned";
	snprintf(line, sizeof(line), "%s%s%s", before, cause, after);
	trouble(path, line);
}

enum err load_report(const char *path, const struct trust *trust, struct loaded *ret)
{
	struct where where;
	struct bytes b;

	memset(ret, 0, sizeof(*ret));
	if (!file_read(path, REPORT_TEXT_MAX, &b))
		return ERR_READ;
	enum err err = check_seal(path, &b, trust, ret);
	if (err != ERR_NONE) {
		print_seal(path, err, trust, ret);
		if (!trust->unsigned_too) {
			free(b.at);
			return err;
		}
	}
	ret->report = allocate(sizeof(*ret->report));
	ret->name = host_name(path);
	crypto_digest(b.at, b.size, ret->digest);
	err = report_read(ret->report, b.at, b.size, &where);
	free(b.at);
	if (err != ERR_NONE) {
		trouble_at(path, err, &where);
		load_free(ret);
	}
	return err;
}

void load_free(struct loaded *l)
{
	free(l->report);
	free(l->name);
}

bool load_is_pool(const char *path)
{
	static const char magic[] = "cpulevel-pool ";
	char start[sizeof(magic) - 1];
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool is = false;

	if (fd >= 0) {
		is = read(fd, start, sizeof(start)) == (ssize_t)sizeof(start) &&
		     memcmp(start, magic, sizeof(start)) == 0;
		close(fd);
	}
	return is;
}

struct pool *load_pool(const char *path)
{
	struct where where;
	struct bytes b;

	if (!file_read(path, POOL_TEXT_MAX, &b))
		return NULL;
	struct pool *pool = allocate(sizeof(*pool));
	const enum err err = pool_read(pool, b.at, b.size, &where);
	free(b.at);
	if (err == ERR_NONE)
		return pool;
	trouble_at(path, err, &where);
	load_pool_free(pool);
	return NULL;
}

void load_pool_free(struct pool *pool)
{
	if (pool)
		pool_free(pool);
	free(pool);
}

static bool add_report(const char *path, const struct trust *trust, struct pool *pool)
{
	struct pool_host host;
	struct loaded l;

	if (load_report(path, trust, &l) != ERR_NONE)
		return false;
	memset(&host, 0, sizeof(host));
	enum err err = ERR_STRING_LONG;
	if (strlen(l.name) <= POOL_NAME_MAX) {
		strcpy(host.name, l.name);
		memcpy(host.digest, l.digest, sizeof(host.digest));
		host.sealed = l.sealed;
		memcpy(host.key, l.sealed ? l.key : host.key, sizeof(host.key));
		visits_describe(&host.visit, l.report);
		err = pool_add_report(pool, &host, l.report);
	}
	if (err != ERR_NONE)
		trouble_at(path, err, &nowhere);
	load_free(&l);
	return err == ERR_NONE;
}

bool load_into_pool(const char *path, const struct trust *trust, struct pool *pool)
{
	if (!load_is_pool(path))
		return add_report(path, trust, pool);

	struct pool *other = load_pool(path);
	if (!other)
		return false;
	const enum err err = pool_add_pool(pool, other);
	if (err != ERR_NONE)
		trouble_at(path, err, &nowhere);
	load_pool_free(other);
	return err == ERR_NONE;
}

struct pool *load_merged(const char *path, const struct trust *trust, struct cpuid_set *baseline)
{
	struct pool *pool = allocate(sizeof(*pool));
	struct merge *m = allocate(sizeof(*m));
	bool ok = load_into_pool(path, trust, pool);

	if (ok && !pool_merge(pool, m)) {
		trouble(path, err_text(ERR_MANY_LEAVES));
		ok = false;
	}
	if (ok)
		merge_baseline(m, baseline);
	free(m);
	if (ok)
		return pool;
	load_pool_free(pool);
	return NULL;
}

bool load_baseline(const char *path, const struct trust *trust, struct cpuid_set *baseline)
{
	struct pool *pool = load_merged(path, trust, baseline);

	load_pool_free(pool);
	return pool != NULL;
}
