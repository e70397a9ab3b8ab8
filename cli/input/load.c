/* SPDX-License-Identifier: MIT */
#include "input/load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "input/crypto.h"
#include "input/formats.h"
#include "input/json.h"
#include "input/tpm_check.h"
#include "output/message.h"
#include "report/report_word.h"

/* Bytes, so that a file without an end is not read for ever: those of some 40 million hosts. */
#define POOL_TEXT_MAX 0x400000000

const char *load_what(const struct bytes *b)
{
	static const struct {
		const char *start, *what;
	} known[] = { { REPORT_MAGIC " ", "a report" }, { POOL_MAGIC " ", "a pool" } };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		const size_t size = strlen(known[i].start);

		if (b->size >= size && memcmp(b->at, known[i].start, size) == 0)
			return known[i].what;
	}
	return NULL;
}

/*
 * Says what a file is that could not be read as a report.  Its content is looked at here, after it
 * was refused, and only to word the message.
 */
static void print_not_report(const char *path, const struct bytes *b)
{
	const char *what = load_what(b);

	if (!what || strcmp(what, "a pool") != 0)
		return;
	trouble(path, strcmp(path, "-") == 0
	                      ? "a pool; this command reads reports"
	                      : "begins as a pool does; if it is one of yours, use --pool, or give "
	                        "it a name that ends in .pool; not all commands read pools");
}

static void start(struct loaded *ret, const char *path)
{
	if (!ret->lent)
		ret->report = allocate(sizeof(*ret->report));
	ret->tpm = false;
	ret->name = host_name(strcmp(path, "-") == 0 ? "stdin" : path);
}

enum err load_parse(const char *path, const struct bytes *b, const struct trust *trust,
                    struct loaded *ret)
{
	struct where where;

	start(ret, path);
	crypto_digest(b->at, b->size, ret->digest);
	ret->tpm = trust->checking && tpm_check_needed(path);
	if (ret->tpm)
		crypto_sha256(ret->sha256, (const uint8_t *)b->at, b->size);
	const enum err err = report_read(ret->report, b->at, b->size, &where);
	if (err != ERR_NONE) {
		trouble_at(path, err, &where);
		if (err == ERR_NOT_REPORT)
			print_not_report(path, b);
		load_free(ret);
	}
	return err;
}

/*
 * Ends the loading of what another program wrote, whose digest is that of the report that import
 * would write.  Returns ERR_READ if there is none, after a message.
 */
static enum err end_imported(const char *path, bool ok, struct loaded *ret)
{
	const struct bytes spelled = ok ? format_spell(path, ret->report) : (struct bytes){ 0 };
	char message[REPORT_STRING_MAX + 32];

	if (!spelled.at) {
		load_free(ret);
		ret->seal.err = ERR_READ;
		return ERR_READ;
	}
	crypto_digest(spelled.at, spelled.size, ret->digest);
	free(spelled.at);
	snprintf(message, sizeof(message), "imported from %s", ret->report->field[FIELD_ORIGIN]);
	message_warn_sum(path, message, message);
	return ERR_NONE;
}

/* True if files of other programs are taken as well: what is said of them is not checked. */
static bool takes_others(const struct trust *trust)
{
	return trust->unsigned_too && !trust->checking;
}

static enum err load_folder(const char *path, struct loaded *ret)
{
	ret->seal.err = ERR_NO_SEAL;
	start(ret, path);
	return end_imported(path, format_read_folder(ret->report, path), ret);
}

/* Returns the format of a file that is no report, or NULL. */
static const struct format *other_format(struct bytes *b)
{
	json_plain(b);
	const struct format *f = format_of(b);
	return f && f->read ? f : NULL;
}

static enum err load(const char *path, const struct trust *trust, struct loaded *ret)
{
	const bool others = takes_others(trust);
	struct bytes b;
	enum err err = ERR_READ;

	if (inputs_pool_name(path)) {
		trouble(path,
		        "a pool, by its name; this command reads reports: a pool has CPUID leaves "
		        "only");
		ret->seal.err = ERR_READ;
		return ERR_READ;
	}
	if (others && format_is_folder(path))
		return load_folder(path, ret);
	if (!sealed_read(path, others ? FORMAT_MAX : REPORT_TEXT_MAX, false, trust, &b, &ret->seal))
		return ret->seal.err;
	const struct format *other = others && ret->seal.err != ERR_NONE ? other_format(&b) : NULL;
	if (other) {
		start(ret, path);
		err = end_imported(path, format_read(other, ret->report, path, &b), ret);
	} else if (b.size > REPORT_TEXT_MAX) {
		trouble(path, "the file is too long (limit: 3145728 bytes)");
		ret->seal.err = ERR_READ;
	} else {
		err = load_parse(path, &b, trust, ret);
	}
	free(b.at);
	return err;
}

enum err load_report(const char *path, const struct trust *trust, struct loaded *ret)
{
	*ret = (struct loaded){ .lent = false };
	return load(path, trust, ret);
}

enum err load_report_into(const char *path, const struct trust *trust, struct report *room,
                          struct loaded *ret)
{
	*ret = (struct loaded){ .report = room, .lent = true };
	return load(path, trust, ret);
}

bool load_host(struct drift_host *to, const char *path, const struct report *r)
{
	const enum err err = r->kinds == 0        ? ERR_NO_KINDS
	                     : !drift_take(to, r) ? ERR_MANY_LEAVES
	                                          : ERR_NONE;

	if (err != ERR_NONE)
		trouble(path, err_text(err));
	return err == ERR_NONE;
}

void load_free(struct loaded *l)
{
	if (!l->lent)
		free(l->report);
	free(l->name);
}

struct pool *load_pool(const char *path, const struct trust *trust, struct seal_found *ret_seal)
{
	struct where where;
	struct bytes b;

	if (!sealed_read(path, POOL_TEXT_MAX, true, trust, &b, ret_seal))
		return NULL;
	struct pool *pool = allocate(sizeof(*pool));
	const enum err err = pool_read(pool, b.at, b.size, &where);
	free(b.at);
	if (err == ERR_NONE && pool->no_machines)
		trouble(path,
		        "a pool of version 1, which does not say which hosts are one machine: a "
		        "machine that was read twice counts twice; merge its reports again");
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
