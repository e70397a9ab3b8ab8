/* SPDX-License-Identifier: MIT */
#include "output/message.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "output/progress.h"

/* Messages may come from several threads. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct message_way way;
static FILE *diverted;
static struct message *first, **last = &first;

FILE *message_out(void)
{
	return diverted ? diverted : stderr;
}

void message_divert(FILE *f)
{
	diverted = f;
}

static char *copy(const char *string)
{
	return string ? strcpy(allocate(strlen(string) + 1), string) : NULL;
}

static void keep(const char *about, size_t line, size_t column, const char *text)
{
	struct message *m = allocate(sizeof(*m));

	m->text = copy(text);
	m->about = copy(about);
	m->line = line;
	m->column = column;
	*last = m;
	last = &m->next;
}

static void say(const char *before, const char *about, size_t line, size_t column, const char *text)
{
	pthread_mutex_lock(&lock);
	progress_hide();
	fprintf(message_out(), "%s%s\n", before, text);
	if (way.keep)
		keep(about, line, column, text);
	pthread_mutex_unlock(&lock);
}

void message_set_way(const struct message_way *set)
{
	way = *set;
}

void message_error(const char *about, size_t line, size_t column, const char *text)
{
	say("cpulevel: ", about, line, column, text);
}

void message_warn(const char *text)
{
	if (!way.quiet)
		say("cpulevel: ", NULL, 0, 0, text);
}

void message_note(const char *text)
{
	if (!way.quiet)
		say("", NULL, 0, 0, text);
}

const struct message *message_first(void)
{
	return first;
}
