/* SPDX-License-Identifier: MIT */
#include "input/sealed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"
#include "input/crypto.h"
#include "input/formats.h"
#include "input/new_files.h"
#include "output/message.h"

/* Bytes of why a seal is not good: a name and words. */
#define CAUSE_MAX (PRINTABLE_MAX + 64)

char *sealed_path(const char *path)
{
	const size_t size = strlen(path) + sizeof(".minisig");
	char *seal = allocate(size);

	snprintf(seal, size, "%s.minisig", path);
	return seal;
}

enum err sealed_seal(const char *path, struct bytes *ret_seal)
{
	bool missing;

	if (strcmp(path, "-") == 0)
		return ERR_NO_SEAL;
	char *seal = sealed_path(path);
	const bool ok = file_read_beside(seal, SEAL_TEXT_MAX, ret_seal, &missing);
	free(seal);
	return ok ? ERR_NONE : missing ? ERR_NO_SEAL : ERR_READ;
}

/* Writes why a seal is not good. */
static void write_cause(char *cause, size_t size, const char *path, bool pool,
                        const struct trust *trust, const struct seal_found *found)
{
	const char *const by = pool ? "with key" : "by stick";
	const enum err err = found->err;
	char number[17], name[PRINTABLE_MAX];

	seal_number(found->key, number);
	if (err == ERR_NO_SEAL && strcmp(path, "-") == 0)
		snprintf(cause, size, "no seal: standard input has none");
	else if (err == ERR_NO_SEAL)
		snprintf(cause, size, "no seal: %s.minisig not found",
		         printable(name, sizeof(name), base_name(path)));
	else if (err == ERR_READ)
		snprintf(cause, size, "its seal cannot be read");
	else if (err == ERR_WRONG_KEY && trust->count == 0)
		snprintf(cause, size, "sealed %s %s; pass its public key with --key", by, number);
	else if (err == ERR_WRONG_KEY)
		snprintf(cause, size, "sealed %s %s, whose public key is not among the %zu given",
		         by, number, trust->count);
	else
		snprintf(cause, size, "%s", err_text(err));
}

/* Says that a report is read all the same. */
static void warn_accepted(const char *path, const char *cause, enum err err)
{
	static const char before[] = "accepted unverified: ";
	char line[sizeof(before) + CAUSE_MAX], sum[sizeof(line)];

	snprintf(line, sizeof(line), "%s%s", before, cause);
	/* The cause has the name of the seal that is not there. */
	snprintf(sum, sizeof(sum), "%s%s", before, err == ERR_NO_SEAL ? "no seal" : cause);
	message_warn_sum(path, line, sum);
}

/* Prints why a seal is not good, and what to do. */
static void print_refused(const char *path, bool pool, const struct trust *trust,
                          const struct seal_found *found)
{
	char cause[CAUSE_MAX], line[sizeof(cause) + 128];
	const char *before = "", *after = "";

	write_cause(cause, sizeof(cause), path, pool, trust, found);
	if (trust->unsigned_too && !trust->checking) {
		warn_accepted(path, cause, found->err);
		return;
	}
	if (trust->unsigned_too)
		before = "not verified: ";
	else if (found->err == ERR_NO_SEAL && pool)
		after = "; merge --sign KEY makes sealed pools";
	else if (found->err == ERR_NO_SEAL && trust->checking)
		after = "; to check its format only, add --unsigned";
	else if (found->err == ERR_NO_SEAL)
		after = has_end(path, ".txt") || strcmp(path, "-") == 0
		                ? "; to read it anyway, add --unsigned"
		                : "; to read it anyway, add --unsigned (the name "
		                  "of a pool ends in .pool)";
	snprintf(line, sizeof(line), "%s%s%s", before, cause, after);
	trouble(path, line);
}

/*
 * Returns what a file without a seal is instead of a report, and what to do; NULL: perhaps a
 * report. Its content is looked at only to word a message.
 */
static const char *what_else(const struct bytes *b)
{
	static const struct {
		const char *start, *message;
	} known[] = {
		{ "\x1f\x8b", "a gzip file; unpack it first" },
		{ "PK\x03\x04", "a zip file; unpack it first" },
		{ "\xfd"
		  "7zXZ",
		  "an xz file; unpack it first" },
	};
	static const char comment[] = "untrusted comment: ";
	const char *line;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (b->size > strlen(known[i].start) &&
		    memcmp(b->at, known[i].start, strlen(known[i].start)) == 0)
			return known[i].message;
	if (b->size < sizeof(comment) || memcmp(b->at, comment, sizeof(comment) - 1) != 0)
		return NULL;
	line = memchr(b->at, '\n', b->size);
	if (line && (size_t)(b->at + b->size - line) > 9 &&
	    (memcmp(line + 1, "RWRTY0Iy", 8) == 0 || memcmp(line + 1, "RWQAAEIy", 8) == 0))
		return "a secret key, not a report";
	if (line && (size_t)(b->at + b->size - line) < 64)
		return "a public key, not a report; pass it with --key";
	return "a seal, not a report; give the file without .minisig";
}

/* Says of a file without a seal that it is no report.  Returns false if it may be one. */
static bool print_other(const char *path, const struct trust *trust, const struct bytes *b)
{
	const struct format *f = format_of(b);
	const char *other = what_else(b);
	char message[160];

	if (f && trust->unsigned_too)
		return false;
	if (f)
		snprintf(message, sizeof(message),
		         "in the format %s, which has no seal; to read it anyway, add --unsigned",
		         f->name);
	if (f || other)
		trouble(path, f ? message : other);
	return f || other;
}

bool sealed_judge(const char *path, bool pool, const struct trust *trust, const struct bytes *bytes,
                  enum err err, const struct bytes *seal, struct seal_found *ret_found)
{
	const struct seal_public *key;

	memset(ret_found, 0, sizeof(*ret_found));
	ret_found->err = err != ERR_NONE ? err
	                                 : seal_check(seal->at, seal->size, bytes->at, bytes->size,
	                                              trust->key, trust->count, ed25519_verify,
	                                              &key, ret_found->comment, ret_found->key);
	if (ret_found->err == ERR_NONE)
		return true;
	if (pool && ret_found->err == ERR_NO_SEAL && !trust->checking) {
		const char *words = trust->claims_void
		                            ? "this pool has no seal; its hosts count as unsigned"
		                            : "this pool has no seal; what it says is not verified";
		message_warn_sum(path, words, words);
		return true;
	}
	if (ret_found->err == ERR_NO_SEAL && print_other(path, trust, bytes))
		return false;
	print_refused(path, pool, trust, ret_found);
	return trust->unsigned_too;
}

bool sealed_read(const char *path, size_t max, bool pool, const struct trust *trust,
                 struct bytes *ret_bytes, struct seal_found *ret_seal)
{
	struct bytes seal = { NULL, 0 };

	memset(ret_seal, 0, sizeof(*ret_seal));
	ret_seal->err = ERR_READ;
	if (!file_read(path, max, ret_bytes))
		return false;
	const enum err err = sealed_seal(path, &seal);
	const bool ok = sealed_judge(path, pool, trust, ret_bytes, err, &seal, ret_seal);
	free(seal.at);
	if (!ok)
		free(ret_bytes->at);
	return ok;
}

bool sealed_free(const char *path, const char *why)
{
	struct stat st;
	char *seal = sealed_path(path);
	const bool ok = lstat(seal, &st) != 0;

	if (!ok)
		trouble(seal, why);
	free(seal);
	return ok;
}

bool sealed_write(const char *path, const struct bytes *bytes, const struct bytes *seal,
                  bool replace, const char *why)
{
	char *seal_path = sealed_path(path);
	const struct new_file list[] = {
		{ seal_path, seal ? seal->at : NULL, seal ? seal->size : 0, 0644 },
		{ path, bytes->at, bytes->size, 0644 },
	};
	const bool ok = seal ? new_files_write(list, 2, replace)
	                     : sealed_free(path, why) && new_files_write(list + 1, 1, replace);

	free(seal_path);
	return ok;
}

/* Returns true if both names may be written to; otherwise says what would allow it. */
static bool names_free(const struct output_file *o)
{
	char *seal_path = sealed_path(o->path);
	const struct output_file seal = { seal_path, o->force };
	const bool ok = output_file_free(o) && output_file_free(&seal);

	free(seal_path);
	return ok;
}

bool sealed_make(const struct output_file *o, const struct bytes *bytes,
                 const struct seal_secret *secret, const char *comment, const char *why)
{
	char buffer[SEAL_TEXT_MAX];
	struct text t;

	if (!secret)
		return output_file_free(o) && sealed_write(o->path, bytes, NULL, o->force, why);
	if (!names_free(o))
		return false;
	text_start(&t, buffer, sizeof(buffer));
	const enum err err = seal_write(&t, secret, ed25519_sign, ed25519_verify, bytes->at,
	                                bytes->size, comment);
	if (err != ERR_NONE) {
		trouble(o->path, err_text(err));
		return false;
	}
	const struct bytes seal = { buffer, t.used };
	return sealed_write(o->path, bytes, &seal, o->force, why);
}
