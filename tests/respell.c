/* SPDX-License-Identifier: MIT */
/*
 * respell.c - reads reports and pools and says of each whether it is valid.
 *
 *     respell [FILE...]          without FILE: the names are read from standard input, one a line
 *     respell --cpuid-r REPORT   writes what cpuid -r would print instead
 *     respell --logs             prints what tests/transcript_reader.py prints, for each log whose
 *                                name is on standard input
 *
 * Prints one line for each file: "ok", or FILE:LINE:COLUMN: and the cause, or FILE: and where the
 * text written from what was read differs from the text that was read, which is a bug in common/.
 * Exit status: 0 no bug seen, 1 a bug seen, 2 a file could not be looked at.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/scan.h"
#include "fleet/pool.h"
#include "report/cpuid_r.h"
#include "report/report.h"
#include "report/transcript.h"

#define NAME_SIZE 4096
#define POOL_WORD "cpulevel-pool "

/* More than any format allows, so that too long a file reaches the readers. */
#define FILE_MAX 0x2000002

/* More than "   0x00000000 0x00: eax=..." and its LF, or "CPU 65535:" and its. */
#define CPUID_R_LINE 80

struct file {
	const char *name;
	char *bytes;
	size_t size;
};

/* Too large for a stack. */
static struct report report;
static struct pool pool;

static void *need(void *memory)
{
	if (!memory) {
		fputs("respell: out of memory\n", stderr);
		exit(2);
	}
	return memory;
}

/* Memory is exactly as large as the file, so that a sanitizer sees a byte read behind it. */
static void load(struct file *f, const char *name)
{
	static char buffer[FILE_MAX];
	FILE *in = fopen(name, "rb");

	if (!in) {
		perror(name);
		exit(2);
	}
	f->name = name;
	f->size = fread(buffer, 1, sizeof buffer, in);
	if (ferror(in)) {
		perror(name);
		exit(2);
	}
	fclose(in);
	f->bytes = need(malloc(f->size ? f->size : 1));
	memcpy(f->bytes, buffer, f->size);
}

static bool is_pool(const struct file *f)
{
	size_t size = strlen(POOL_WORD);

	return f->size >= size && memcmp(f->bytes, POOL_WORD, size) == 0;
}

/* struct pool has no place for who wrote it; the text, which was accepted, has. */
static void program_of(const struct file *f, char program[static REPORT_STRING_MAX + 1])
{
	struct scan s;

	scan_start(&s, f->bytes, f->size);
	scan_word(&s, "cpulevel-pool", ERR_WORD);
	scan_space(&s);
	scan_decimal(&s, 3);
	scan_line_end(&s);
	scan_word(&s, "program", ERR_WORD);
	scan_space(&s);
	scan_quoted(&s, program, REPORT_STRING_MAX + 1);
}

static enum err read_file(const struct file *f, struct where *where)
{
	pool_free(&pool);
	if (is_pool(f))
		return pool_read(&pool, f->bytes, f->size, where);
	return report_read(&report, f->bytes, f->size, where);
}

static void write_file(struct text *t, const struct file *f)
{
	char program[REPORT_STRING_MAX + 1];

	if (!is_pool(f)) {
		report_write(t, &report);
		return;
	}
	program_of(f, program);
	pool_write(t, &pool, program);
}

/* What is read as version 1 or 2 is written as version 3. */
static bool is_earlier(const struct file *f)
{
	static const char first[] = POOL_WORD "1\n", second[] = POOL_WORD "2\n";

	return f->size >= sizeof(first) - 1 && (memcmp(f->bytes, first, sizeof(first) - 1) == 0 ||
	                                        memcmp(f->bytes, second, sizeof(second) - 1) == 0);
}

/* Returns whether the text written from what was read is the text that was read. */
static bool same(const struct file *f)
{
	if (is_earlier(f))
		return true;

	char *written = need(malloc(f->size));
	struct text t;
	size_t at = 0;
	bool equal;

	text_start(&t, written, f->size);
	write_file(&t, f);
	while (at < t.used && at < f->size && written[at] == f->bytes[at])
		at++;
	equal = !t.full && t.used == f->size && at == f->size;
	if (!equal)
		printf("%s: written otherwise from byte %zu on\n", f->name, at);
	free(written);
	return equal;
}

/* Returns false if a bug was seen. */
static bool respell(const char *name)
{
	struct file f;
	struct where where = { 0, 0 };
	enum err err;
	bool good = true;

	load(&f, name);
	err = read_file(&f, &where);
	if (err != ERR_NONE)
		printf("%s:%zu:%zu: %s\n", name, where.line, where.column, err_text(err));
	else if (same(&f))
		puts("ok");
	else
		good = false;
	free(f.bytes);
	return good;
}

static void print_hex(const char *bytes, size_t size)
{
	putchar(' ');
	for (size_t i = 0; i < size; i++)
		printf("%02x", (unsigned)bytes[i]); /* printable ASCII or LF */
}

/* Prints the numbers of bad lines.  Returns false if there is none. */
static bool print_bad_lines(const struct transcript_block *b)
{
	size_t number = 0;
	bool any = false;

	for (enum err err; (err = transcript_next_bad(b, &number, NULL)) != ERR_NONE; any = true)
		printf("%s%zu%s", any ? "," : " bad ", number, err == ERR_LOG_TORN ? "t" : "");
	return any;
}

static void print_block(const struct transcript_block *b)
{
	const size_t room = transcript_room(&b->head);
	struct transcript_files files;
	struct text t;

	printf("%08x", (unsigned)b->head.sum);
	if (print_bad_lines(b))
		return;
	char *joined = need(malloc(room));
	text_start(&t, joined, room);
	if (transcript_join(&t, &files, b) == ERR_NONE) {
		printf(" %s", files.name);
		print_hex(files.report, files.report_size);
		print_hex(files.seal, files.seal_size);
	} else {
		printf(" sum");
	}
	free(joined);
}

/* Returns true: a log that cannot be read is no bug. */
static bool print_log(const char *name)
{
	static struct transcript found;
	struct where where;
	struct file f;

	load(&f, name);
	const enum err err = transcript_find(&found, f.bytes, f.size, &where);
	for (size_t i = 0; i < found.blocks; i++)
		found.block[i].piece =
			need(calloc(found.block[i].head.lines, sizeof(struct transcript_piece)));
	transcript_collect(&found, f.bytes, f.size, &where);
	printf("%s: ", name);
	if (err != ERR_NONE && err != ERR_LOG_NO_REPORT)
		printf("%s; ", err == ERR_VERSION ? "later" : err_text(err));
	for (size_t i = 0; i < found.blocks; i++) {
		printf("%s", i ? "; " : "");
		print_block(&found.block[i]);
		free(found.block[i].piece);
	}
	puts(found.blocks ? "" : "none");
	free(f.bytes);
	return true;
}

/* Calls look for each name on standard input.  Returns false if it does for one. */
static bool each_listed(bool (*look)(const char *name))
{
	char name[NAME_SIZE];
	bool good = true;

	while (fgets(name, sizeof name, stdin)) {
		name[strcspn(name, "\n")] = '\0';
		good = look(name) && good;
	}
	return good;
}

static size_t cpuid_r_size(void)
{
	size_t lines = report.processors;

	for (size_t i = 0; i < report.processors; i++)
		lines += report.kind[report.processor[i].kind].set.count;
	return lines * CPUID_R_LINE + 1;
}

static int cpuid_r(const char *name)
{
	struct file f;
	struct where where = { 0, 0 };
	struct text t;
	char *written;
	enum err err;

	load(&f, name);
	err = report_read(&report, f.bytes, f.size, &where);
	free(f.bytes);
	if (err != ERR_NONE)
		return 2;
	written = need(malloc(cpuid_r_size()));
	text_start(&t, written, cpuid_r_size());
	cpuid_r_write(&t, &report);
	fwrite(written, 1, t.used, stdout);
	free(written);
	return t.full;
}

int main(int argc, char **argv)
{
	bool good = true;

	if (argc == 3 && strcmp(argv[1], "--cpuid-r") == 0)
		return cpuid_r(argv[2]);
	if (argc == 2 && strcmp(argv[1], "--logs") == 0)
		return each_listed(print_log) ? 0 : 1;
	if (argc == 1)
		good = each_listed(respell);
	for (int i = 1; i < argc; i++)
		good = respell(argv[i]) && good;
	return good ? 0 : 1;
}
