/* SPDX-License-Identifier: MIT */
/*
 * sealed.h - reads a file and checks the seal beside it, before anything is made of its bytes.
 */
#ifndef SEALED_H
#define SEALED_H

#include "input/file.h"
#include "input/inputs.h"
#include "input/output_file.h"

/* What is known of a file's seal. */
struct seal_found {
	enum err err;                       /* ERR_NONE: it is good, and its key trusted */
	uint8_t key[SEAL_NUMBER];           /* if it is good: the key's number */
	char comment[SEAL_COMMENT_MAX + 1]; /* and the trusted comment */
};

/*
 * Reads a file of at most max bytes and checks its seal, FILE.minisig; standard input ("-") has
 * none.  A pool that has no seal is read all the same, unless trust->checking, with a message that
 * says so; nothing else without a good seal is, unless trust->unsigned_too.  Returns false after a
 * message: ret_seal->err says why, ERR_READ if the file could not be read.
 */
bool sealed_read(const char *path, size_t max, bool pool, const struct trust *trust,
                 struct bytes *ret_bytes, struct seal_found *ret_seal);

/*
 * The same for bytes that have been read, and for their seal; err is ERR_NONE, or says why there is
 * no seal (ERR_NO_SEAL, ERR_READ).  path is for messages.  Frees nothing.
 */
bool sealed_judge(const char *path, bool pool, const struct trust *trust, const struct bytes *bytes,
                  enum err err, const struct bytes *seal, struct seal_found *ret_found);

/*
 * Reads the seal PATH.minisig.  Returns ERR_NO_SEAL if there is none, ERR_READ after a message if
 * it cannot be read.
 */
enum err sealed_seal(const char *path, struct bytes *ret_seal);

/* Returns PATH.minisig, from malloc. */
char *sealed_path(const char *path);

/*
 * Writes a file and its seal, both or neither.  The seal goes first, as on the stick: where there
 * is a report, there is its seal.  seal NULL: there is none, and must be none yet (sealed_free).
 * Returns false after a message, with neither written.
 */
bool sealed_write(const char *path, const struct bytes *bytes, const struct bytes *seal,
                  bool replace, const char *why);

/*
 * Writes a file that a command makes, and its seal with this trusted comment; secret NULL: none, as
 * above.  Returns false after a message, with neither written.
 */
bool sealed_make(const struct output_file *o, const struct bytes *bytes,
                 const struct seal_secret *secret, const char *comment, const char *why);

/*
 * Returns true if there is no PATH.minisig, not even a link that leads nowhere: it would be taken
 * for the seal of a file that is written there without one.  Returns false after a message, why.
 */
bool sealed_free(const char *path, const char *why);

#endif
