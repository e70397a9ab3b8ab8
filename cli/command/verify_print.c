/* SPDX-License-Identifier: MIT */
#include "command/verify_print.h"

#include <inttypes.h>
#include <stdio.h>

#include "cli.h"
#include "output/color.h"

static void print_word(enum tone tone, const char *word)
{
	printf("%s%s%s", color_on(tone), word, color_off());
}

/* Prints what is known of a file's seal. */
static void print_seal(const struct verified *f, const char *shown)
{
	char number[17], comment[SEAL_COMMENT_MAX + 1];

	printf("%s: ", shown);
	if (f->seal->err != ERR_NONE) {
		print_word(TONE_ODD, "NOT VERIFIED");
		printf("; the format is good\n");
		return;
	}
	seal_number(f->seal->key, number);
	print_word(TONE_GOOD, "good");
	printf(", %s %s: %s\n", f->pool ? "a pool sealed with key" : "written by stick", number,
	       printable(comment, sizeof(comment), f->seal->comment));
}

static void print_program(const struct tpm_verdict *t)
{
	printf("; ");
	switch (t->program) {
	case PROGRAM_BAD_LOG:
		printf("the firmware's log does not lead to the TPM's PCRs, so what was started "
		       "is NOT KNOWN");
		return;
	case PROGRAM_NO_LOG:
		printf("no log of what was started");
		return;
	case PROGRAM_UNNAMED:
		printf("the firmware's log names no program");
		return;
	case PROGRAM_KNOWN:
		break;
	}
	printf("started last: ");
	if (t->is_probe) {
		printf("the probe");
		return;
	}
	if (t->probe_asked) {
		print_word(TONE_BAD, "NOT THE PROBE");
		printf(" but ");
	}
	for (size_t i = 0; i < TPM_SHA256; i++)
		printf("%02x", t->hash[i]);
}

static void print_machine(const struct tpm_verdict *t)
{
	char from[PRINTABLE_MAX];

	switch (t->machine) {
	case MACHINE_NOT_ASKED:
	case MACHINE_NEW:
		break;
	case MACHINE_UNNAMED:
		printf("; the machine has no serial number to remember it by");
		break;
	case MACHINE_REMEMBERED:
		printf("; remembered");
		break;
	case MACHINE_SAME:
		printf("; the same as in %s", printable(from, sizeof(from), t->from));
		break;
	case MACHINE_CHANGED:
		printf("; ");
		print_word(TONE_BAD, "THE MACHINE'S TPM HAS CHANGED");
		printf(": it was %s in %s", t->was, printable(from, sizeof(from), t->from));
		break;
	}
}

static void print_good(const struct tpm_verdict *t)
{
	print_word(TONE_GOOD, "good");
	printf(", signed by TPM %s", t->name);
	if (t->owner)
		printf(" (its owner's key: the TPM does not say how often it was reset)");
	else
		printf(" (reset %" PRIu32 " times)", t->resets);
	print_program(t);
	print_machine(t);
}

static void print_tpm(const struct tpm_verdict *t, const char *shown)
{
	if (t->outcome == TPM_OUT_GOOD && t->alone)
		printf("%s: no seal; see the TPM's signature\n", shown);
	if (t->outcome == TPM_OUT_NONE || t->outcome == TPM_OUT_UNREADABLE ||
	    t->outcome == TPM_OUT_UNKNOWN)
		return;
	printf("%s" ATTEST_ENDING ": ", shown);
	switch (t->outcome) {
	case TPM_OUT_NONE:
	case TPM_OUT_UNREADABLE:
	case TPM_OUT_UNKNOWN:
		break;
	case TPM_OUT_GOOD:
		print_good(t);
		break;
	case TPM_OUT_MISSING:
		print_word(TONE_ODD, "not there");
		printf(", but this machine has TPM %s", t->name);
		break;
	case TPM_OUT_BAD:
		print_word(TONE_BAD, "NO TPM'S SIGNATURE OF THIS REPORT");
		printf(": %s", t->cause);
		break;
	case TPM_OUT_OTHER:
		print_word(TONE_BAD, "SIGNED BY THE TPM OF ANOTHER MACHINE");
		printf(": %s", t->name);
		break;
	}
	putchar('\n');
}

void verify_print(const struct verified *f)
{
	char shown[4096];

	printable(shown, sizeof(shown), f->path);
	if (f->seal && f->seen)
		print_seal(f, shown);
	print_tpm(f->tpm, shown);
}
