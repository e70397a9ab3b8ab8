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

static struct message *copy_message(const struct message *said)
{
	struct message *m = allocate(sizeof(*m));

	*m = *said;
	m->text = copy(said->text);
	m->about = copy(said->about);
	const char **host = allocate((said->hosts + 1) * sizeof(*host));
	for (size_t i = 0; i < said->hosts; i++)
		host[i] = copy(said->host[i]);
	m->host = host;
	m->next = NULL;
	return m;
}

static void keep(const struct message *said)
{
	struct message *m = copy_message(said);

	*last = m;
	last = &m->next;
}

/* Where what this thread says is held back; NULL: nowhere. */
static _Thread_local struct message_caught *catching;

static void say(const struct message *m)
{
	if (catching) {
		struct message *held = copy_message(m);

		*(catching->last ? &catching->last->next : &catching->first) = held;
		catching->last = held;
		return;
	}
	pthread_mutex_lock(&lock);
	progress_hide();
	fprintf(message_out(), "%s%s\n", m->before, m->text);
	if (way.keep)
		keep(m);
	pthread_mutex_unlock(&lock);
}

void message_catch(struct message_caught *c)
{
	catching = c;
}

static void free_message(struct message *m)
{
	for (size_t i = 0; i < m->hosts; i++)
		free((char *)m->host[i]);
	free((void *)m->host);
	free((char *)m->text);
	free((char *)m->about);
	free(m);
}

void message_drop(struct message_caught *c)
{
	for (struct message *m = c->first, *next; m; m = next) {
		next = m->next;
		free_message(m);
	}
	*c = (struct message_caught){ .first = NULL };
}

void message_release(struct message_caught *c)
{
	for (const struct message *m = c->first; m; m = m->next)
		say(m);
	message_drop(c);
}

void message_set_way(const struct message_way *set)
{
	way = *set;
}

void message_error(const char *about, size_t line, size_t column, const char *text)
{
	say(&(struct message){ .text = text,
	                       .about = about,
	                       .line = line,
	                       .column = column,
	                       .before = "cpulevel: " });
}

void message_warn(const char *about, const char *text)
{
	if (!way.quiet)
		message_error(about, 0, 0, text);
}

void message_note(const char *text)
{
	if (!way.quiet)
		say(&(struct message){ .text = text, .before = "" });
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
		say(&(struct message){
			.text = m->text, .hosts = hosts, .host = host, .before = "cpulevel: " });
	free(m->text);
}

const struct message *message_first(void)
{
	return first;
}
