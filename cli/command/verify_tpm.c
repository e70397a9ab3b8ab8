/* SPDX-License-Identifier: MIT */
#include "command/verify_tpm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli.h"
#include "input/authenticode.h"
#include "input/crypto.h"
#include "input/visits.h"

enum { OPTION_PROBE = 0x301, OPTION_MACHINES };

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct verify_tpm *v = state->input;

	switch (key) {
	case OPTION_PROBE:
		v->probe = true;
		if (!authenticode_of(arg, v->program))
			exit(EXIT_TROUBLE);
		return 0;
	case OPTION_MACHINES:
		v->machines.path = arg;
		return 0;
	case ARGP_KEY_INIT:
		v->machines.path = getenv("CPULEVEL_MACHINES");
		return 0;
	case ARGP_KEY_END:
		if (v->machines.path && !machines_load(&v->machines, v->machines.path))
			exit(EXIT_TROUBLE);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option options[] = {
	{ "machines", OPTION_MACHINES, "FILE", 0,
	  "Remember in FILE the key of each machine's TPM, and say if it changes. Default: "
	  "CPULEVEL_MACHINES",
	  0 },
	{ "probe", OPTION_PROBE, "FILE", 0,
	  "The TPM's log must say that this program, BOOTX64.EFI, was started last", 0 },
	{ 0 },
};

const struct argp verify_tpm_argp = { .options = options, .parser = parse };

static void short_key(char name[static TPM_KEY_NAME + 1], const uint8_t key[static TPM_KEY])
{
	for (size_t i = 0; i < TPM_KEY_NAME / 2; i++)
		snprintf(name + 2 * i, 3, "%02x", key[i]);
}

/* Sets what the log says of the last program.  Returns an exit code. */
static int judge_program(struct tpm_verdict *to, const struct verify_tpm *v,
                         const struct tpm_checked *c)
{
	to->program = c->program_known ? PROGRAM_KNOWN
	              : c->log         ? PROGRAM_UNNAMED
	              : c->a->log_size ? PROGRAM_BAD_LOG
	                               : PROGRAM_NO_LOG;
	if (c->program_known)
		memcpy(to->hash, c->program, sizeof(to->hash));
	to->probe_asked = v->probe;
	to->is_probe =
		v->probe && c->program_known && memcmp(v->program, c->program, TPM_SHA256) == 0;
	return v->probe && !to->is_probe ? EXIT_NO : EXIT_YES;
}

/* Sets whether the machine has this key as before, and remembers a new one.  Returns an exit code.
 */
static int judge_machine(struct tpm_verdict *to, struct verify_tpm *v, const struct tpm_checked *c,
                         const struct visit *visit, const char *path)
{
	const struct machine_key *known = machines_find(&v->machines, visit);

	to->machine = MACHINE_UNNAMED;
	if (!visit->known)
		return EXIT_YES;
	if (!known) {
		machines_add(&v->machines, visit, c->key, path);
		to->machine = v->machines.path ? MACHINE_REMEMBERED : MACHINE_NEW;
		return EXIT_YES;
	}
	to->from = known->from ? known->from : v->machines.path;
	to->machine = MACHINE_SAME;
	if (memcmp(known->key, c->key, sizeof(c->key)) == 0)
		return EXIT_YES;
	to->machine = MACHINE_CHANGED;
	short_key(to->was, known->key);
	return EXIT_NO;
}

static void judge_good(struct tpm_verdict *to, struct verify_tpm *v, const struct tpm_checked *c,
                       const struct visit *visit, const char *path)
{
	to->outcome = TPM_OUT_GOOD;
	to->owner = c->a->hierarchy == TPM_RH_OWNER;
	to->resets = c->resets;
	to->result = judge_program(to, v, c);
	/* A key is remembered only if nothing else is wrong. */
	if (to->result == EXIT_YES)
		to->result = judge_machine(to, v, c, visit, path);
}

static void set(struct tpm_verdict *to, enum tpm_outcome outcome, int result)
{
	to->outcome = outcome;
	to->result = result;
}

/* A machine whose TPM is known brings no signature of it: it was taken away. */
static void judge_missing(struct tpm_verdict *to, const struct verify_tpm *v,
                          const struct visit *visit)
{
	const struct machine_key *known = machines_find(&v->machines, visit);

	if (!known)
		return;
	short_key(to->name, known->key);
	set(to, TPM_OUT_MISSING, EXIT_TROUBLE);
}

void verify_tpm(struct tpm_verdict *to, struct verify_tpm *v, const char *path,
                const struct visit *visit, const uint8_t *sha256)
{
	struct tpm_checked c;

	tpm_check(&c, path, sha256);
	memcpy(to->name, c.name, sizeof(to->name));
	to->cause = c.cause;
	switch (c.state) {
	case TPM_NO_FILE:
		judge_missing(to, v, visit);
		break;
	case TPM_UNREADABLE:
		set(to, TPM_OUT_UNREADABLE, EXIT_TROUBLE);
		break;
	case TPM_BAD:
		set(to, TPM_OUT_BAD, EXIT_NO);
		break;
	case TPM_GOOD:
		judge_good(to, v, &c, visit, path);
		break;
	}
	tpm_check_free(&c);
}

/* Says why a report that has no seal is not verified by its TPM's signature either. */
static void not_known(const struct verify_tpm *v, const struct tpm_checked *c, const char *path)
{
	char line[PRINTABLE_MAX];

	snprintf(line, sizeof(line),
	         "no seal; signed by TPM %s, but %s; if you trust this report, remember it with "
	         "--machines FILE --unsigned",
	         c->name,
	         v->machines.path ? "that is not a machine's that --machines knows"
	                          : "which machine has that is not known");
	trouble(path, line);
}

/* The key is known: the report says whose it should be. */
static void judge_alone(struct tpm_verdict *to, struct verify_tpm *v, const struct tpm_checked *c,
                        const char *path, const struct loaded *l)
{
	struct visit visit;

	visits_describe(&visit, l->report);
	if (machines_find(&v->machines, &visit))
		judge_good(to, v, c, &visit, path);
	else
		set(to, TPM_OUT_OTHER, EXIT_NO);
}

static void check_alone(struct tpm_verdict *to, struct verify_tpm *v, const char *path,
                        const struct trust *trust, const struct bytes *b)
{
	uint8_t sha256[TPM_SHA256];
	struct tpm_checked c;
	struct loaded l = { .lent = false };

	crypto_sha256(sha256, (const uint8_t *)b->at, b->size);
	tpm_check(&c, path, sha256);
	memcpy(to->name, c.name, sizeof(to->name));
	to->cause = c.cause;
	if (c.state == TPM_BAD) {
		set(to, TPM_OUT_BAD, EXIT_NO);
	} else if (c.state == TPM_GOOD && !machines_with(&v->machines, c.key)) {
		not_known(v, &c, path);
		to->outcome = TPM_OUT_UNKNOWN;
	} else if (c.state == TPM_GOOD) {
		memset(&l, 0, sizeof(l));
		if (load_parse(path, b, trust, &l) == ERR_NONE) {
			judge_alone(to, v, &c, path, &l);
			load_free(&l);
		}
	}
	tpm_check_free(&c);
}

/* Returns true if there is a file of this name and ending. */
static bool there(const char *path, const char *ending)
{
	const size_t size = strlen(path) + strlen(ending) + 1;
	char *name = allocate(size);
	struct stat st;

	snprintf(name, size, "%s%s", path, ending);
	const bool is = lstat(name, &st) == 0;
	free(name);
	return is;
}

bool verify_tpm_only(const char *path)
{
	return !there(path, ".minisig") && there(path, ATTEST_ENDING);
}

void verify_tpm_alone(struct tpm_verdict *to, struct verify_tpm *v, const char *path,
                      const struct trust *trust)
{
	struct bytes b;

	to->alone = true;
	set(to, TPM_OUT_UNREADABLE, EXIT_TROUBLE);
	if (file_read(path, REPORT_TEXT_MAX, &b)) {
		check_alone(to, v, path, trust, &b);
		free(b.at);
	}
}
