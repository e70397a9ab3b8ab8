/* SPDX-License-Identifier: MIT */
/*
 * machines.h - remembers the key of each machine's TPM when it is seen first.
 *
 * The file has a line for each machine: 32 hexadecimal digits for the machine (identity.h), 64 for
 * the key, and a name in double quotes.  It is the user's to edit: who has replaced a board removes
 * the machine's line.
 */
#ifndef MACHINES_H
#define MACHINES_H

#include "fleet/intern.h"
#include "fleet/visit.h"
#include "input/tpm_check.h"

struct machines {
	const char *path; /* of the file; NULL: only this run's are known */
	size_t count, loaded;
	struct machine_key {
		uint8_t machine[VISIT_MACHINE], key[TPM_KEY];
		char name[REPORT_STRING_MAX + 1];
		const char *from;         /* the report it was seen in first; NULL: the file */
	} * at;                           /* allocated */
	struct intern by_machine, by_key; /* of struct machine_at */
};

/* The first machine_key with these 16 bytes of a machine, or 32 of a key. */
struct machine_at {
	size_t index;
	uint8_t bytes[TPM_KEY];
};

/* Reads the file, if there is one.  Returns false after a message. */
bool machines_load(struct machines *m, const char *path);

/* Returns what is known of a machine, NULL if nothing is. */
const struct machine_key *machines_find(const struct machines *m, const struct visit *v);

/* Returns a machine that has this key, NULL if none is known. */
const struct machine_key *machines_with(const struct machines *m,
                                        const uint8_t key[static TPM_KEY]);

/* Adds a machine that is not known yet.  from must stay. */
void machines_add(struct machines *m, const struct visit *v, const uint8_t key[static TPM_KEY],
                  const char *from);

/* Frees what is in *m. */
void machines_free(struct machines *m);

/* Writes the file if there are new machines.  Returns false after a message. */
bool machines_save(const struct machines *m);

#endif
