// SPDX-License-Identifier: MIT
/*
 * main.c - chooses the harness, by the name under which the program is started, and its limits.
 *
 * libFuzzer has the main function, and its options; those given here come before the user's.  The
 * time of an input is limited by what it takes of the processors, so that a busy machine makes no
 * difference.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/ascii.h"
#include "cli.h"
#include "fuzz.h"

/* Of processor time: much less than a second, for the sanitizers take several times as long. */
#define UNIT_SECONDS 3

/* An input that waits takes none of it.  In seconds; much more than any input on a busy machine. */
#define HANGS "-timeout=300"

/* Mebibytes: of all, with what the sanitizers keep, and of one piece. */
#define MEMORY "-rss_limit_mb=1024", "-malloc_limit_mb=512"

static const struct harness {
	const char *name;
	fuzz_run *run;
	const char *length;
} harnesses[] = {
#define HARNESS(name, length, runs) { #name, fuzz_##name, "-max_len=" #length },
#include "harness.def"
#undef HARNESS
};

static const struct harness *harness;

/* Standard error as it was at first. */
static int say_fd = STDERR_FILENO;

/* What is printed goes to these files in memory. */
static int printed[STDERR_FILENO + 1];

const char *fuzz_about;

void fuzz_fail(const char *file, int line, const char *what)
{
	dprintf(say_fd, "%s:%d: does not hold: %s", file, line, what);
	dprintf(say_fd, fuzz_about ? " (%s)\n" : "\n", fuzz_about);
	abort();
}

static void too_slow(int signal)
{
	static const char said[] = "this input takes too much processor time\n";

	(void)signal;
	if (write(say_fd, said, sizeof(said) - 1) < 0)
		_exit(2);
	abort();
}

static void limit_time(time_t seconds)
{
	const struct itimerval limit = { .it_value = { .tv_sec = seconds } };

	CHECK(setitimer(ITIMER_PROF, &limit, NULL) == 0);
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static char *options[] = { "-close_fd_mask=3", HANGS, MEMORY, "-report_slow_units=60" };
	const char *name = base_name((*argv)[0]);
	int count = 0;

	for (size_t i = 0; i < COUNT(harnesses); i++)
		if (strcmp(harnesses[i].name, name) == 0)
			harness = &harnesses[i];
	if (!harness) {
		fprintf(stderr, "%s: no such harness; tests/fuzz/harness.def has them\n", name);
		exit(EXIT_TROUBLE);
	}
	char **all = allocate(((size_t)*argc + COUNT(options) + 2) * sizeof(*all));
	all[count++] = (*argv)[0];
	for (size_t i = 0; i < COUNT(options); i++)
		all[count++] = options[i];
	all[count++] = (char *)harness->length;
	for (int i = 1; i < *argc; i++)
		all[count++] = (*argv)[i];
	*argc = count;
	*argv = all;
	say_fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 100);
	CHECK(say_fd >= 0);
	return 0;
}

/* At the first input: libFuzzer has kept its own standard error by then. */
static void begin(void)
{
	static const struct sigaction slow = { .sa_handler = too_slow };

	for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++) {
		printed[fd] = memfd_create("printed", MFD_CLOEXEC);
		CHECK(printed[fd] >= 0 && dup2(printed[fd], fd) == fd);
	}
	CHECK(sigaction(SIGPROF, &slow, NULL) == 0);
}

void fuzz_forget(void)
{
	fflush(stdout);
	for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++)
		if (lseek(printed[fd], 0, SEEK_END) > 0)
			CHECK(ftruncate(printed[fd], 0) == 0 &&
			      lseek(printed[fd], 0, SEEK_SET) == 0);
}

bool fuzz_said(int fd, struct text *t)
{
	static char said[STDERR_FILENO + 1][1 << 22];

	fflush(stdout);
	const off_t size = lseek(printed[fd], 0, SEEK_END);
	CHECK(size >= 0 && (size_t)size <= sizeof(said[0]));
	text_start(t, said[fd], sizeof(said[0]));
	if (!size)
		return false;
	CHECK(pread(printed[fd], said[fd], (size_t)size, 0) == size);
	t->used = (size_t)size;
	for (size_t i = 0; i < t->used; i++)
		CHECK(ascii_printable(t->at[i]) || t->at[i] == '\n' ||
		      (t->at[i] == '\r' && i + 1 < t->used && t->at[i + 1] == '\n'));
	return true;
}

void fuzz_says_why(bool read)
{
	struct text t;

	const bool said = fuzz_said(STDERR_FILENO, &t);
	CHECK(read || (said && t.used > 10 && memcmp(t.at, "cpulevel: ", 10) == 0 &&
	               t.at[t.used - 1] == '\n'));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!printed[STDERR_FILENO])
		begin();
	limit_time(UNIT_SECONDS);
	fuzz_about = NULL;
	harness->run(data, size);
	limit_time(0);
	fuzz_forget();
	return 0;
}

uint8_t feed_byte(struct feed *f)
{
	return f->at < f->end ? *f->at++ : 0;
}

uint32_t feed_word(struct feed *f)
{
	uint32_t word = 0;

	for (unsigned i = 0; i < 4; i++)
		word |= (uint32_t)feed_byte(f) << 8 * i;
	return word;
}

size_t feed_below(struct feed *f, size_t count)
{
	return feed_byte(f) % count;
}

const uint8_t *feed_bytes(struct feed *f, size_t *size)
{
	const uint8_t *at = f->at;
	const size_t left = (size_t)(f->end - f->at);

	if (*size > left)
		*size = left;
	f->at += *size;
	return at;
}

struct bytes fuzz_copy(const uint8_t *data, size_t size)
{
	struct bytes b = { malloc(size ? size : 1), size };

	CHECK(b.at);
	if (size)
		memcpy(b.at, data, size);
	return b;
}

static char folder[256];

/* After a finding the folder stays, as the input does. */
static void remove_folder(void)
{
	char command[sizeof(folder) + 16];

	snprintf(command, sizeof(command), "rm -rf %s", folder);
	if (system(command) != 0)
		dprintf(say_fd, "%s stays\n", folder);
}

const char *fuzz_file(const char *name, const void *data, size_t size)
{
	static char path[8][512];
	static unsigned next;
	char *at = path[next++ % COUNT(path)];

	if (!*folder) {
		const char *tmp = getenv("TMPDIR");

		CHECK((size_t)snprintf(folder, sizeof(folder), "%s/cpulevel-fuzz-XXXXXX",
		                       tmp ? tmp : "/tmp") < sizeof(folder));
		CHECK(mkdtemp(folder) != NULL);
		atexit(remove_folder);
	}
	snprintf(at, sizeof(path[0]), "%s/%s", folder, name);
	const int fd = open(at, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	CHECK(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	close(fd);
	return at;
}

void fuzz_same_set(const struct cpuid_set *a, const struct cpuid_set *b)
{
	for (size_t i = 0; i < a->count && i < b->count; i++) {
		const struct cpuid_leaf *x = &a->at[i], *y = &b->at[i];

		if (memcmp(x, y, sizeof(*x)) == 0)
			continue;
		dprintf(say_fd, "%x.%x and %x.%x:", x->leaf, x->subleaf, y->leaf, y->subleaf);
		for (unsigned r = 0; r < CPUID_REGS; r++)
			dprintf(say_fd, " %08x %08x unknown %08x %08x;", x->reg[r], y->reg[r],
			        x->unknown[r], y->unknown[r]);
		dprintf(say_fd, "\n");
		break;
	}
	CHECK(cpuid_compare(a, b) == 0);
}

void fuzz_same_text(const struct text *a, const struct text *b)
{
	CHECK(!a->full && !b->full);
	CHECK(a->used == b->used && memcmp(a->at, b->at, a->used) == 0);
}

const struct text *fuzz_respell(const struct report *r)
{
	static char bytes[2][REPORT_TEXT_MAX];
	static struct text text[2];
	static struct report back;
	struct where where;

	text_start(&text[0], bytes[0], sizeof(bytes[0]));
	report_write(&text[0], r);
	CHECK(!text[0].full);
	const enum err err = report_read(&back, text[0].at, text[0].used, &where);
	if (err != ERR_NONE)
		dprintf(say_fd, "%zu:%zu: %s in\n%.*s", where.line, where.column, err_text(err),
		        (int)text[0].used, text[0].at);
	CHECK(err == ERR_NONE);
	text_start(&text[1], bytes[1], sizeof(bytes[1]));
	report_write(&text[1], &back);
	fuzz_same_text(&text[0], &text[1]);
	return &text[0];
}
