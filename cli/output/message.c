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

static void keep(const struct message *said)
{
	struct message *m = allocate(sizeof(*m));

	*m = *said;
	m->text = copy(said->text);
	m->about = copy(said->about);
	const char **host = allocate((said->hosts + 1) * sizeof(*host));
	for (size_t i = 0; i < said->hosts; i++)
		host[i] = copy(said->host[i]);
	m->host = host;
	*last = m;
	last = &m->next;
}

static void say(const char *before, const struct message *m)
{
	pthread_mutex_lock(&lock);
	progress_hide();
	fprintf(message_out(), "%s%s\n", before, m->text);
	if (way.keep)
		keep(m);
	pthread_mutex_unlock(&lock);
}

void message_set_way(const struct message_way *set)
{
	way = *set;
}

void message_error(const char *about, size_t line, size_t column, const char *text)
{
	say("cpulevel: ",
	    &(struct message){ .text = text, .about = about, .line = line, .column = column });
}

void message_warn(const char *about, const char *text)
{
	if (!way.quiet)
		message_error(about, 0, 0, text);
}

void message_note(const char *text)
{
	if (!way.quiet)
		say("", &(struct message){ .text = text });
}

FILE *message_begin(struct message_parts *m)
{
	m->to = open_memstream(&m->text, &m->size);
	if (!m->to)
		out_of_memory();
	return m->to;
}

void message_end(struct message_parts *m, size_t hosts, const char *const *host)
{
	if (fclose(m->to) != 0)
		out_of_memory();
	if (!way.quiet)
		say("cpulevel: ",
		    &(struct message){ .text = m->text, .hosts = hosts, .host = host });
	free(m->text);
}

const struct message *message_first(void)
{
	return first;
}
