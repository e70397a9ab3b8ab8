/* SPDX-License-Identifier: MIT */
/*
 * guest.c - the only process of the VM that migrates: prints what CPUID returns, for ever.
 *
 * It is the first process of a Linux, so it must not end.  It reads CPUID with the stick's own
 * code.
 */
#include <stdio.h>
#include <unistd.h>

#include "efi/native.h"
#include "report/cpuid_r.h"

static struct report report;
static char buffer[1 << 16];

/* One round is the number of the round, and the leaves as cpuid -r prints them. */
static void print_round(unsigned round)
{
	struct cpuid_set set;
	struct text text;
	const char *leaves = NULL;

	report_start(&report);
	text_start(&text, buffer, sizeof(buffer));
	if (cpuid_collect(&set, native_cpuid, NULL) &&
	    report_add(&report, 0, &(struct control){ 0 }, &set)) {
		cpuid_r_write(&text, &report);
		leaves = text_string(&text);
	}
	printf("round %u\n%send %u\n", round, leaves ? leaves : "too many leaves\n", round);
	fflush(stdout);
}

int main(void)
{
	for (unsigned round = 1;; round++) {
		print_round(round);
		sleep(1);
	}
}
