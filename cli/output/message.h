/* SPDX-License-Identifier: MIT */
/*
 * message.h - what the tool says on standard error, line by line.
 *
 * A document (document.h) lists the same messages under "warnings", so they are kept if one is to
 * be written.
 */
#ifndef MESSAGE_H
#define MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct message {
	const char *text;    /* without "cpulevel: "; no unprintable bytes */
	const char *about;   /* the file or name that it is about, as it was given; NULL: none */
	size_t line, column; /* in that file; 0: none */
	size_t hosts;        /* that it is about, if it says so */
	const char *const *host;
	bool files;         /* they are files */
	const char *sum;    /* what is said once of all files of which it is true; NULL: of none */
	const char *before; /* what is printed before it: "cpulevel: ", or nothing */
	struct message *next;
};

/* How warnings are treated.  Errors are printed always. */
struct message_way {
	bool keep;  /* all messages are kept for message_first */
	bool quiet; /* warnings are not printed */
};

void message_set_way(const struct message_way *set);

/*
 * Returns where messages go: standard error, or what message_divert was given; NULL ends that.  For
 * those who collect the messages of a step, and for messages that are made piece by piece.
 */
FILE *message_out(void);
void message_divert(FILE *f);

/*
 * Prints "cpulevel: TEXT" and keeps it.  about may be NULL; line is 0 if there is no place.  Text
 * must be printable.
 */
void message_error(const char *about, size_t line, size_t column, const char *text);

/* The same for what is no error, so that --quiet drops it. */
void message_warn(const char *about, const char *text);

/*
 * The same for what may be true of many files: sum says it without the file's name.  Between
 * message_sum_start and message_sum_end, which is called in the same thread, nothing is printed;
 * then one line for each sum, with the number of files and the names of the first.
 */
void message_warn_sum(const char *about, const char *text, const char *sum);
void message_sum_start(void);
void message_sum_end(void);

/*
 * A warning that is written part by part to a stream, about hosts; all of them are kept, however
 * many the text names.
 */
struct message_parts {
	FILE *to;
	char *text;
	size_t size;
};

FILE *message_begin(struct message_parts *m);
void message_end(struct message_parts *m, size_t hosts, const char *const *host);

/* The same without "cpulevel: " before it: facts about the result, such as how many hosts it has.
 */
void message_note(const char *text);

/*
 * What a thread says from message_catch(c) to message_catch(NULL) is held back in *c, which is zero
 * at first.  message_release says it, message_drop does not; then *c is zero again.
 */
struct message_caught {
	struct message *first, *last;
};

void message_catch(struct message_caught *c);
void message_release(struct message_caught *c);
void message_drop(struct message_caught *c);

/* Returns the first message that was kept, or NULL. */
const struct message *message_first(void);

#endif
