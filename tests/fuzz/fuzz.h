/* SPDX-License-Identifier: MIT */
/*
 * fuzz.h - the harnesses of libFuzzer, all in one program.
 *
 * harness.def has one row for each.  A harness does something with the fuzzer's bytes and CHECKs
 * what must hold whatever they are.  The bytes are in memory of exactly their size, so that the
 * sanitizer sees a step beyond.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "input/file.h"
#include "report/report.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

typedef void fuzz_run(const uint8_t *data, size_t size);

#define HARNESS(name, length, runs) fuzz_run fuzz_##name;
#include "harness.def"
#undef HARNESS

/* Ends the program, so that libFuzzer keeps the input, unless the condition holds. */
#define CHECK(condition) ((condition) ? (void)0 : fuzz_fail(__FILE__, __LINE__, #condition))
/* What the check is about, for whoever reads of its failure; NULL: nothing. */
extern const char *fuzz_about;
_Noreturn void fuzz_fail(const char *file, int line, const char *what);

/* The bytes, to be taken from the front.  After the last one all are zero. */
struct feed {
	const uint8_t *at, *end;
};

uint8_t feed_byte(struct feed *f);
uint32_t feed_word(struct feed *f); /* four bytes, the lowest first */

/* Returns a number below count, which is at most 256. */
size_t feed_below(struct feed *f, size_t count);

/* Returns so many bytes, or as many as there are, and how many. */
const uint8_t *feed_bytes(struct feed *f, size_t *size);

/* Returns a copy of the bytes, from malloc, that may be changed. */
struct bytes fuzz_copy(const uint8_t *data, size_t size);

/*
 * Writes a file of this name into a folder of the program's own, in the place of one that has it.
 * Returns its path, which is valid until the program ends.
 */
const char *fuzz_file(const char *name, const void *data, size_t size);

/*
 * Sets *t to what the tool has printed on standard output or standard error since the harness was
 * called; both must be printable.  fuzz_forget takes it for not printed.
 */
bool fuzz_said(int fd, struct text *t);
void fuzz_forget(void);

/* CHECKs that a reader has said why it failed, and that nothing unprintable was said. */
void fuzz_says_why(bool read);

/* CHECKs that a report can be written, and read as what it is.  Returns its text. */
const struct text *fuzz_respell(const struct report *r);

/* CHECKs that two sets are equal; says where they are not. */
void fuzz_same_set(const struct cpuid_set *a, const struct cpuid_set *b);

/* CHECKs that two texts are equal. */
void fuzz_same_text(const struct text *a, const struct text *b);

#endif
