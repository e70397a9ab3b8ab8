/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/near.h"
#include "cli.h"
#include "base/program.h"
#include "command/complete.h"
#include "input/file.h"

const struct subcommand subcommands[] = {
	{ "keygen", command_keygen, "make the key pair of a stick" },
	{ "check", command_check, "check the files that go on a stick" },
	{ "image", command_image, "make the image of a stick" },
	{ "write", command_write, "write a stick" },
	{ "take", command_take, "bring the reports home from a stick" },
	{ "verify", command_verify, "check the seals of reports" },
	{ "challenge", command_challenge, "find out if a TPM is one that its maker certified" },
	{ "show", command_show, "print a report or a pool" },
	{ "diff", command_diff, "name the features in which two hosts differ" },
	{ "drift", command_drift, "find the host that differs from the others" },
	{ "gate", command_gate, "compare hosts with a golden report, for a pipeline" },
	{ "setup", command_setup, "print the questions of setup menus" },
	{ "page", command_page, "write a web page that shows hosts at a glance" },
	{ "merge", command_merge, "merge reports and pools into a pool" },
	{ "mask", command_mask, "print the CPUID mask of a pool for a hypervisor" },
	{ "mask-merge", command_mask_merge, "merge several files of mask lines" },
	{ "mask-explain", command_mask_explain, "explain what the masks of a .vmx file hide" },
	{ "evc", command_evc, "compare hosts with VMware's EVC modes" },
	{ "explain", command_explain, "name the hosts that lack a feature others have" },
	{ "fits", command_fits, "name the hosts that can take a VM, and what others lack" },
	{ "level", command_level, "check a host or a pool against x86-64-v1 to v4" },
	{ "features", command_features, "print the table of CPUID bits" },
	{ "probe", command_probe, "make a report of the running machine" },
	{ "import", command_import, "make a report from another program's output" },
	{ "export", command_export, "print a report in another program's format" },
};

const size_t subcommand_count = sizeof(subcommands) / sizeof(subcommands[0]);

static const char see_help[] = "Try \"cpulevel --help\".\n";

static void print_help(void)
{
	puts("Usage: cpulevel COMMAND [OPTION...] [FILE...]\n"
	     "Reads CPUID reports of servers, compares them, and merges them into the mask\n"
	     "that lets a running virtual machine migrate among all of them.\n");
	for (size_t i = 0; i < subcommand_count; i++)
		printf("  %-12s %s\n", subcommands[i].name, subcommands[i].about);
	puts("\n\"cpulevel COMMAND --help\" explains a command; so does cpulevel-COMMAND(1).\n"
	     "Exit status: 0 yes, 1 no (a difference, a bad signature), 2 trouble.");
}

static const struct subcommand *find_subcommand(const char *name)
{
	for (size_t i = 0; i < subcommand_count; i++)
		if (strcmp(name, subcommands[i].name) == 0)
			return &subcommands[i];
	return NULL;
}

/* Says that there is no such command, and which ones are near. */
static int unknown_subcommand(const char *name)
{
	char line[256];
	struct near near;
	struct text t;

	near_start(&near, name);
	for (size_t i = 0; i < subcommand_count; i++)
		near_add(&near, subcommands[i].name, strlen(subcommands[i].name));
	text_start(&t, line, sizeof(line));
	text_put(&t, "no such command");
	near_put(&t, &near, "");
	trouble(name, text_string(&t));
	fputs(see_help, stderr);
	return EXIT_TROUBLE;
}

/*
 * A shell puts the names of files in the place of *.txt.  Whoever can write there could so give
 * options, such as a key to trust.  Returns false after a message.
 */
static bool no_option_is_file(int argc, char **argv)
{
	for (int i = 0; i < argc; i++) {
		char name[PRINTABLE_MAX], message[PRINTABLE_MAX + 64];
		struct stat st;

		if (argv[i][0] == '-' && lstat(argv[i], &st) == 0) {
			snprintf(message, sizeof(message),
			         "also a file here; write ./%s, or put -- before it",
			         printable(name, sizeof(name), argv[i]));
			trouble(argv[i], message);
			return false;
		}
		if (strcmp(argv[i], "--") == 0)
			break;
	}
	return true;
}

static int run(const struct subcommand *s, int argc, char **argv)
{
	char name[32];

	if (!no_option_is_file(argc - 1, argv + 1))
		return EXIT_TROUBLE;
	/* Options end at the first file, see inputs_operands. */
	setenv("POSIXLY_CORRECT", "1", 1);
	snprintf(name, sizeof(name), "cpulevel %s", s->name);
	argv[0] = name;
	return s->run(argc, argv);
}

static bool is_one_of(const char *word, const char *a, const char *b, const char *c)
{
	return strcmp(word, a) == 0 || strcmp(word, b) == 0 || strcmp(word, c) == 0;
}

/* "cpulevel help COMMAND" is "cpulevel COMMAND --help". */
static int help(int argc, char **argv)
{
	char *const option = "--help";

	if (argc < 2) {
		print_help();
		return EXIT_YES;
	}
	const struct subcommand *s = find_subcommand(argv[1]);
	return s ? run(s, 2, (char *[]){ argv[1], option, NULL }) : unknown_subcommand(argv[1]);
}

int main(int argc, char **argv)
{
	output_start();
	/* What libjansson says of missing memory is not told from what it says of bad input. */
	json_set_alloc_funcs(allocate, free);
	argp_err_exit_status = EXIT_TROUBLE;
	if (argc < 2) {
		fprintf(stderr, "cpulevel: a command is missing\n%s", see_help);
		return EXIT_TROUBLE;
	}
	if (is_one_of(argv[1], "-h", "--help", "help"))
		return help(argc - 1, argv + 1);
	if (is_one_of(argv[1], "-V", "--version", "version")) {
		puts(PROGRAM);
		return EXIT_YES;
	}
	if (strcmp(argv[1], "complete") == 0)
		return complete(argc - 1, argv + 1);
	const struct subcommand *s = find_subcommand(argv[1]);
	return s ? run(s, argc - 1, argv + 1) : unknown_subcommand(argv[1]);
}
