/* SPDX-License-Identifier: MIT */
/*
 * setup.h - what the firmware's setup menus ask, what is set, and what the default is.
 *
 * A report has the questions that were chosen (by default those about processors) and a digest over
 * all.  Strings are UTF-8 as the firmware has them, not checked; print them with printable().
 */
#ifndef SETUP_H
#define SETUP_H

#include "base/scan.h"
#include "base/text.h"

#define SETUP_MAX       512      /* questions in a report */
#define SETUP_TEXT_MAX  131072   /* bytes of their lines, which have room for their strings too */
#define SETUP_FILE      ".setup" /* appended to a report's name: the file of all questions */
#define SETUP_FILE_MAX  0x800000 /* bytes */
#define SETUP_PATH_MAX  512      /* bytes in a path; other strings: REPORT_STRING_MAX */
#define SETUP_LINES_MAX 6144     /* bytes of the lines of one question, with its path */
#define SETUP_DIGEST    16       /* bytes */
#define SETUP_GUID      16       /* bytes, as they are in memory */

enum setup_kind { SETUP_ONE_OF, SETUP_CHECKBOX, SETUP_NUMERIC, SETUP_ORDERED, SETUP_KINDS };

/* Why the menus may not show a question.  None: nothing hides it. */
enum setup_state {
	SETUP_SUPPRESS_IF = 1, /* hidden if a condition holds, which was not evaluated */
	SETUP_GRAYOUT_IF = 2,  /* shown, but not to be changed, if a condition holds */
	SETUP_DISABLE_IF = 4,  /* not there if a condition holds */
	SETUP_SUPPRESSED = 8,  /* inside suppress-if TRUE or disable-if TRUE: these menus hide it */
	SETUP_GRAYED = 16,     /* inside gray-out-if TRUE */
	SETUP_UNREACHED = 32,  /* no form leads to its form */
};
#define SETUP_STATES 6

enum setup_known {
	SETUP_NUMBER,   /* number; text is the option's, or NULL if no option has this number */
	SETUP_LIST,     /* text: the options of an ordered list, in their order, joined by ", " */
	SETUP_UNKNOWN,  /* of a value: text says why, "no such variable" */
	SETUP_NONE,     /* of a default: the forms have none */
	SETUP_COMPUTED, /* of a default: the forms have an expression */
};

struct setup_value {
	enum setup_known known;
	uint64_t number;
	const char *text;
};

enum setup_store_kind {
	SETUP_NOWHERE,  /* the question has no store */
	SETUP_VARIABLE, /* an EFI variable */
	SETUP_BUFFER,   /* of a driver; many boards have a variable of the same name and GUID */
	SETUP_NAMED,    /* a name and a value, kept by a driver */
	SETUP_STORES,
};

struct setup_store {
	enum setup_store_kind kind;
	const char *name; /* of the variable; SETUP_NAMED: of the value */
	uint8_t guid[SETUP_GUID];
	uint32_t offset; /* in bytes; from here on 0 if SETUP_NAMED */
	uint32_t bit;    /* 0 to 7: the first bit at offset */
	uint32_t bits;   /* width, 1 to 65535 */
};

struct setup_question {
	const char *path;   /* titles of the form set and the forms, joined by " > " */
	const char *prompt; /* may be "" */
	enum setup_kind kind;
	unsigned state; /* enum setup_state, ored */
	struct setup_store store;
	struct setup_value value, standard, manufacturing;
};

/* About 220 kibibytes.  Pointers in question[] point into text[]: do not copy it by assignment. */
struct setup {
	bool there;       /* the report has setup lines; false: it was not asked, or is older */
	const char *none; /* why there are no questions: "no HII database", or NULL */
	uint32_t found;   /* questions in the firmware's forms */
	uint32_t chosen;  /* of these, the ones that belong here; more than count: did not fit */
	uint32_t faults;  /* places in the forms that could not be read */
	uint8_t digest[SETUP_DIGEST];
	size_t count;
	struct setup_question question[SETUP_MAX];
	size_t bytes; /* of the lines of these questions */
	size_t used;  /* of text */
	char text[SETUP_TEXT_MAX];
};

/*
 * Sets *s to there, with no questions, and why there are none, or NULL.  The cause is copied; it
 * has at most REPORT_STRING_MAX bytes.
 */
void setup_start(struct setup *s, const char *none);

/* Appends a copy of a question.  Returns false, and leaves *s as it was, if it does not fit. */
bool setup_add(struct setup *s, const struct setup_question *q);

/* Returns true if two values are the same by kind, number and text. */
bool setup_same_value(const struct setup_value *a, const struct setup_value *b);

/* Writes a GUID in its usual form, 8-4-4-4-12 digits. */
void setup_guid(struct text *t, const uint8_t guid[static SETUP_GUID]);

/* The words for each kind, store, value that is no number, and state, by the number of its bit. */
const char *setup_kind_word(enum setup_kind kind);
const char *setup_store_word(enum setup_store_kind kind);
const char *setup_known_word(enum setup_known known);
const char *setup_state_word(unsigned bit);

/*
 * Appends the lines of one question as docs/report-format.md defines them, without its path: what
 * the digest is over.
 */
void setup_question_write(struct text *t, const struct setup_question *q);

/* Appends the line "path". */
void setup_path_write(struct text *t, const char *path);

/* Appends the line "setup": the counts and the digest, or why there is nothing. */
void setup_head_write(struct text *t, const struct setup *s);

/* Appends the line "setup" and all questions. */
void setup_write(struct text *t, const struct setup *s);

/* Reads what setup_write writes, to the first line that is none of its. */
void setup_read(struct scan *s, struct setup *setup);

#endif
