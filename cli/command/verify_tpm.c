/* SPDX-License-Identifier: MIT */
#include "command/verify_tpm.h"

#include <inttypes.h>
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

/* Prints what the log says of the last program.  Returns an exit code. */
static int print_program(const struct verify_tpm *v, const struct tpm_checked *c)
{
	if (!c->log) {
		printf("; %s", c->a->log_size
		                       ? "the firmware's log does not lead to the TPM's PCRs, so "
		                         "what was started is NOT KNOWN"
		                       : "no log of what was started");
		return v->probe ? EXIT_NO : EXIT_YES;
	}
	if (!c->program_known) {
		printf("; the firmware's log names no program");
		return v->probe ? EXIT_NO : EXIT_YES;
	}
	if (v->probe && memcmp(v->program, c->program, TPM_SHA256) == 0) {
		printf("; started last: the probe");
		return EXIT_YES;
	}
	printf("; started last: %s", v->probe ? "NOT THE PROBE but " : "");
	for (size_t i = 0; i < TPM_SHA256; i++)
		printf("%02x", c->program[i]);
	return v->probe ? EXIT_NO : EXIT_YES;
}

/* Prints whether the machine has this key as before, and remembers a new one. */
static int print_machine(struct verify_tpm *v, const struct tpm_checked *c,
                         const struct visit *visit, const char *path)
{
	const struct machine_key *known = machines_find(&v->machines, visit);
	char name[TPM_KEY_NAME + 1], from[PRINTABLE_MAX];

	if (!visit->known) {
		printf("; the machine has no serial number to remember it by");
		return EXIT_YES;
	}
	if (!known) {
		machines_add(&v->machines, visit, c->key, path);
		if (v->machines.path)
			printf("; remembered");
		return EXIT_YES;
	}
	printable(from, sizeof(from), known->from ? known->from : v->machines.path);
	if (memcmp(known->key, c->key, sizeof(c->key)) == 0) {
		printf("; the same as in %s", from);
		return EXIT_YES;
	}
	short_key(name, known->key);
	printf("; THE MACHINE'S TPM HAS CHANGED: it was %s in %s", name, from);
	return EXIT_NO;
}

static int print_good(struct verify_tpm *v, const struct tpm_checked *c, const struct visit *visit,
                      const char *path)
{
	printf("good, signed by TPM %s", c->name);
	if (c->a->hierarchy == TPM_RH_OWNER)
		printf(" (its owner's key: the TPM does not say how often it was reset)");
	else
		printf(" (reset %" PRIu32 " times)", c->resets);
	const int program = print_program(v, c);
	/* A key is remembered only if nothing else is wrong. */
	const int machine = program == EXIT_YES ? print_machine(v, c, visit, path) : program;
	putchar('\n');
	return program > machine ? program : machine;
}

/* Says so if a machine whose TPM is known brings no signature of it: it was taken away. */
static int no_file(const struct verify_tpm *v, const struct visit *visit, const char *shown)
{
	const struct machine_key *known = machines_find(&v->machines, visit);
	char name[TPM_KEY_NAME + 1];

	if (!known)
		return EXIT_YES;
	short_key(name, known->key);
	printf("%s" ATTEST_ENDING ": not there, but this machine has TPM %s\n", shown, name);
	return EXIT_TROUBLE;
}

int verify_tpm(struct verify_tpm *v, const char *path, const struct visit *visit,
               const uint8_t sha256[static TPM_SHA256])
{
	struct tpm_checked c;
	char shown[4096];
	int result = EXIT_TROUBLE;

	printable(shown, sizeof(shown), path);
	tpm_check(&c, path, sha256);
	switch (c.state) {
	case TPM_NO_FILE:
		result = no_file(v, visit, shown);
		break;
	case TPM_UNREADABLE:
		break;
	case TPM_BAD:
		printf("%s" ATTEST_ENDING ": NO TPM'S SIGNATURE OF THIS REPORT: %s\n", shown,
		       c.cause);
		result = EXIT_NO;
		break;
	case TPM_GOOD:
		printf("%s" ATTEST_ENDING ": ", shown);
		result = print_good(v, &c, visit, path);
		break;
	}
	tpm_check_free(&c);
	return result;
}

/* Says why a report that has no seal is not verified by its TPM's signature either. */
static int not_known(const struct verify_tpm *v, const struct tpm_checked *c, const char *path)
{
	char line[PRINTABLE_MAX];

	snprintf(line, sizeof(line),
	         "no seal; signed by TPM %s, but %s; if you trust this report, remember it with "
	         "--machines FILE --unsigned",
	         c->name,
	         v->machines.path ? "that is not a machine's that --machines knows"
	                          : "which machine has that is not known");
	trouble(path, line);
	return EXIT_TROUBLE;
}

/* The key is known: the report says whose it should be. */
static int print_alone(struct verify_tpm *v, const struct tpm_checked *c, const char *path,
                       const struct loaded *l, const char *shown)
{
	struct visit visit;

	visits_describe(&visit, l->report);
	if (!machines_find(&v->machines, &visit)) {
		printf("%s" ATTEST_ENDING ": SIGNED BY THE TPM OF ANOTHER MACHINE: %s\n", shown,
		       c->name);
		return EXIT_NO;
	}
	printf("%s: no seal; see the TPM's signature\n%s" ATTEST_ENDING ": ", shown, shown);
	return print_good(v, c, &visit, path);
}

static int check_alone(struct verify_tpm *v, const char *path, const struct trust *trust,
                       const struct bytes *b)
{
	uint8_t sha256[TPM_SHA256];
	int result = EXIT_TROUBLE;
	char shown[4096];
	struct tpm_checked c;
	struct loaded l = { .lent = false };

	printable(shown, sizeof(shown), path);
	crypto_sha256(sha256, (const uint8_t *)b->at, b->size);
	tpm_check(&c, path, sha256);
	if (c.state == TPM_BAD) {
		printf("%s" ATTEST_ENDING ": NO TPM'S SIGNATURE OF THIS REPORT: %s\n", shown,
		       c.cause);
		result = EXIT_NO;
	} else if (c.state == TPM_GOOD && !machines_with(&v->machines, c.key)) {
		result = not_known(v, &c, path);
	} else if (c.state == TPM_GOOD) {
		memset(&l, 0, sizeof(l));
		if (load_parse(path, b, trust, &l) == ERR_NONE) {
			result = print_alone(v, &c, path, &l, shown);
			load_free(&l);
		}
	}
	tpm_check_free(&c);
	return result;
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

int verify_tpm_alone(struct verify_tpm *v, const char *path, const struct trust *trust)
{
	int result = EXIT_TROUBLE;
	struct bytes b;

	if (file_read(path, REPORT_TEXT_MAX, &b)) {
		result = check_alone(v, path, trust, &b);
		free(b.at);
	}
	return result;
}
