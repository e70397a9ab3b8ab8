/* SPDX-License-Identifier: MIT */
/*
 * dump.h - what the readers of other programs' files share: lines, numbers, and the report to fill.
 *
 * A reader takes a file line by line, begins a processor where the file does, and adds its leaves.
 */
#ifndef DUMP_H
#define DUMP_H

#include "base/err.h"
#include "input/file.h"
#include "report/report.h"

#define DUMP_LINE_MAX 16384

struct dump {
	const char *path;
	struct report *r;
	const char *at, *end; /* what has not been read of the file */
	struct where where;   /* of the line */
	char line[DUMP_LINE_MAX];
	bool open;              /* a processor has begun: */
	struct where began;     /* where */
	uint16_t number;        /* its number */
	struct control control; /* what is known of its other registers */
	struct cpuid_set set;   /* its leaves */
	bool complete; /* leaves that are missing are zero: the program leaves those out, */
	bool to_last;  /* but only those before the last one of their range */
	bool exact;    /* nothing is left out */
	bool trim;     /* it may have subleaves after the last one */
	bool failed;
};

/* Returns a dump of a file, whose report is made empty, for free(). */
struct dump *dump_start(struct report *r, const char *path, const struct bytes *b);

/*
 * Moves to the next line that is not empty: d->line without CR, and without the marks and blanks
 * that a mail puts before what it quotes.  Returns false at the end, and after a message if the
 * line is too long.
 */
bool dump_line(struct dump *d);

/* Prints what is wrong at a place in the line; at NULL: in the whole file.  Returns false. */
bool dump_fail(struct dump *d, const char *at, const char *message);

/* Ends the processor that is open, if one is, and begins another.  Returns false after a message.
 */
bool dump_processor(struct dump *d, unsigned long number);

/*
 * Adds a leaf to the processor, which is begun if none is.  One that is there already must be the
 * same.  Returns false after a message.
 */
bool dump_leaf(struct dump *d, const struct cpuid_leaf *l);

/* Returns the entry of a leaf whose bits are unknown if it is new, or NULL after a message. */
struct cpuid_leaf *dump_unknown(struct dump *d, uint32_t leaf, uint32_t subleaf);

/* Sets bits of such an entry, which are known now. */
void dump_know(struct cpuid_leaf *l, enum cpuid_reg reg, uint32_t mask, uint32_t value);

/*
 * Ends the last processor, frees the dump, and returns true if there is one, and nothing failed.
 * Otherwise a message has been printed.
 */
bool dump_end(struct dump *d);

/* Moves *at past a word, in any case, if it comes next.  Returns whether it does. */
bool dump_word(const char **at, const char *word);

/* Moves *at past blanks. */
void dump_blanks(const char **at);

/* Reads a hexadecimal number of 1 to 8 digits, with or without 0x.  Returns false if none is there.
 */
bool dump_hex(const char **at, uint32_t *ret);

/* Reads a decimal number of at most max, without a sign.  Returns false if none is there. */
bool dump_decimal(const char **at, uint32_t max, uint32_t *ret);

/*
 * Reads a text that is nothing but such a number, of 32 bits; it may be in the line.  Returns false
 * after a message.
 */
bool dump_number(struct dump *d, const char *text, uint32_t *ret);

/* Reads EAX, EBX, ECX and EDX as dump_hex does, with any of these characters between them. */
bool dump_registers(const char **at, uint32_t reg[CPUID_REGS], const char *between);

/* Sets leaf 0 to a vendor's string of 12 characters, if it is one; EAX stays, or is unknown. */
bool dump_vendor(struct dump *d, const char *vendor);

/* Sets what leaf 1 EAX says of family, model and stepping. */
bool dump_signature(struct dump *d, unsigned long family, unsigned long model,
                    unsigned long stepping);

/* Sets the leaves of the brand. */
bool dump_brand(struct dump *d, const char *brand);

#endif
