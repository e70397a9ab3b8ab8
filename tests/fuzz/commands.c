// SPDX-License-Identifier: MIT
/*
 * commands.c - the tool's commands over any set of hosts: they end with 0, 1 or 2, with 2 they have
 * said why, and they print nothing that could drive a terminal.
 */
#include <sanitizer/lsan_interface.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "hosts.h"
#include "output/message.h"

/* Words of a command, up to its files. */
#define WORDS_MAX 12

/*
 * What comes before the files, and how many of these it takes.  The word @ is one more file: the
 * first host's report, or that of another program.
 */
struct line {
	const char *words;
	size_t files;
};

static const struct line lines[] = {
	{ "show -u", 1 },
	{ "show -u --json", 1 },
	{ "show -u --all", 1 },
	{ "diff -u --all", 2 },
	{ "diff -u --json", 2 },
	{ "diff -u --csv", 2 },
	{ "drift -u", 9 },
	{ "drift -u --json", 9 },
	{ "drift -u --csv", 9 },
	{ "merge -u", 9 },
	{ "level -u", 9 },
	{ "level -u --json", 9 },
	{ "evc -u", 9 },
	{ "evc -u --json", 9 },
	{ "explain -u --all", 9 },
	{ "explain -u --json", 9 },
	{ "setup -u", 9 },
	{ "setup -u --all --json", 9 },
	{ "setup -u --baseline", 9 },
	{ "verify -u", 9 },
	{ "verify -u --json", 9 },
	{ "export -u --to cpuid-r", 1 },
	{ "export -u --to csv", 9 },
	{ "export -u --to json", 1 },
	{ "export -u --to aida64", 1 },
	{ "export -u --to libvirt-cpudata", 1 },
	{ "mask -u --for vmx", 9 },
	{ "mask -u --for vmx-featmask", 9 },
	{ "mask -u --for libvirt", 9 },
	{ "mask -u --for qemu", 9 },
	{ "mask -u --for proxmox", 9 },
	{ "mask -u --for kubevirt", 9 },
	{ "mask -u --for nova", 9 },
	{ "mask -u --for opennebula", 9 },
	{ "mask -u --for ovirt", 9 },
	{ "mask -u --for incus", 9 },
	{ "mask -u --for cloud-hypervisor", 9 },
	{ "mask -u --for xen", 9 },
	{ "mask -u --for xen-xend", 9 },
	{ "mask -u --for firecracker", 9 },
	{ "mask -u --for virtualbox", 9 },
	{ "mask -u --for vmx --baseline", 9 },
	{ "mask -u --for vmx --evc intel-haswell", 9 },
	{ "gate -u @", 9 },
	{ "page -u", 9 },
};

/* What is done with a file of another program and hosts. */
static const struct line foreign[] = {
	{ "mask -u --check @", 9 }, { "fits -u @", 9 },
	{ "fits -u --json @", 9 },  { "fits -u --csv @", 9 },
	{ "mask-explain @", 0 },    { "mask-merge @ @", 0 },
	{ "evc -u --import @", 9 }, { "evc -u --json --import @", 9 },
	{ "drift -u @", 9 },        { "gate -u @", 9 },
	{ "check --conf @", 0 },    { "check --golden @", 0 },
	{ "setup --from @", 0 },    { "show -u @", 0 },
	{ "import @", 0 },
};

static const struct subcommand *named(const char *name)
{
	for (size_t i = 0; i < subcommand_count; i++)
		if (strcmp(subcommands[i].name, name) == 0)
			return &subcommands[i];
	fuzz_fail(__FILE__, __LINE__, "there is such a command");
}

static void run(const struct line *line, const char *more, const char *const *file, size_t files)
{
	char copy[128], *argv[WORDS_MAX + HOSTS_MAX + 1], *save;
	struct text said;
	int argc = 0;

	CHECK(strlen(line->words) < sizeof(copy));
	strcpy(copy, line->words);
	for (char *word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save))
		argv[argc++] = strcmp(word, "@") == 0 ? (char *)more : word;
	const struct subcommand *s = named(argv[0]);
	for (size_t i = 0; i < files && i < line->files; i++)
		argv[argc++] = (char *)file[i];
	argv[argc] = NULL;
	fuzz_forget();
	message_set_way(&(struct message_way){ .keep = false });
	const int status = s->run(argc, argv);
	CHECK(status == EXIT_YES || status == EXIT_NO || status == EXIT_TROUBLE);
	CHECK(fuzz_said(STDERR_FILENO, &said) || status != EXIT_TROUBLE);
	fuzz_said(STDOUT_FILENO, &said);
}

/* Writes the hosts' reports. */
static void write_hosts(const struct hosts *h, const char *file[HOSTS_MAX])
{
	static const char *const names[HOSTS_MAX] = { "web-01.txt", "web-02.txt", "web-03.txt",
		                                      "web-04.txt", "web-05.txt" };

	for (size_t i = 0; i < h->count; i++) {
		const struct text *t = fuzz_respell(&h->report[i]);

		file[i] = fuzz_file(names[i], t->at, t->used);
	}
}

/*
 * The hosts' reports, then two commands over them.  Some commands keep memory to their end, which
 * here is not the program's; tests/sanitize looks for leaks in them.
 */
void fuzz_commands(const uint8_t *data, size_t size)
{
	struct feed f = { data, data + size };
	struct hosts *h = hosts_take(&f);
	const char *file[HOSTS_MAX];

	setenv("POSIXLY_CORRECT", "1", 1);
	write_hosts(h, file);
	__lsan_disable();
	for (size_t i = 0; i < 2; i++)
		run(&lines[feed_below(&f, COUNT(lines))], file[0], file, h->count);
	__lsan_enable();
}

/* The first byte chooses a command; the file follows, up to a zero byte, and then the hosts. */
void fuzz_foreign(const uint8_t *data, size_t size)
{
	struct feed f = { data, data + size };
	const struct line *line = &foreign[feed_below(&f, COUNT(foreign))];
	const uint8_t *cut = f.at < f.end ? memchr(f.at, 0, (size_t)(f.end - f.at)) : NULL;
	size_t length = (size_t)((cut ? cut : f.end) - f.at);
	const uint8_t *bytes = feed_bytes(&f, &length);
	const char *file[HOSTS_MAX];

	setenv("POSIXLY_CORRECT", "1", 1);
	feed_byte(&f);
	struct hosts *h = hosts_take(&f);
	write_hosts(h, file);
	__lsan_disable();
	run(line, fuzz_file("foreign", bytes, length), file, h->count);
	__lsan_enable();
}
