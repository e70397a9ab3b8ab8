/* SPDX-License-Identifier: MIT */
#include "output/message.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "output/progress.h"

/* So many files are named, and the others counted. */
#define FILES_NAMED 6

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
	m->sum = copy(said->sum);
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

static void hold(struct message_caught *c, const struct message *said)
{
	struct message *held = copy_message(said);

	*(c->last ? &c->last->next : &c->first) = held;
	c->last = held;
}

/* Where what this thread says is held back; NULL: nowhere. */
static _Thread_local struct message_caught *catching;

/* Where messages with a sum are; NULL: they are said. */
static _Thread_local struct message_caught *summing, sums;

static void say(const struct message *m)
{
	struct message_caught *c = catching ? catching : m->sum ? summing : NULL;

	if (c) {
		hold(c, m);
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
	free((char *)m->sum);
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

void message_warn_sum(const char *about, const char *text, const char *sum)
{
	char *named;

	if (way.quiet)
		return;
	char name[4096];
	if (asprintf(&named, "%s: %s", printable(name, sizeof(name), about), text) < 0)
		out_of_memory();
	say(&(struct message){ .text = named, .about = about, .sum = sum, .before = "cpulevel: " });
	free(named);
}

void message_sum_start(void)
{
	summing = &sums;
}

struct summed {
	const struct message *of;
	size_t place; /* in the order in which they came */
};

static int by_sum(const void *x, const void *y)
{
	const struct summed *a = x, *b = y;
	const int order = strcmp(a->of->sum, b->of->sum);

	return order ? order : a->place < b->place ? -1 : a->place > b->place;
}

/* Says what is true of some files. */
static void say_sum(const struct summed *s, size_t count)
{
	const char **file = allocate(count * sizeof(*file));
	char *text, name[PRINTABLE_MAX];
	size_t size;
	FILE *to = stream_open(&text, &size);

	fprintf(to, "%s: %zu files (", s->of->sum, count);
	for (size_t i = 0; i < count; i++) {
		file[i] = s[i].of->about;
		if (i < FILES_NAMED)
			fprintf(to, "%s%s", i ? ", " : "", printable(name, sizeof(name), file[i]));
	}
	if (count > FILES_NAMED)
		fprintf(to, " and %zu more", count - FILES_NAMED);
	fputc(')', to);
	stream_close(to);
	say(&(struct message){ .text = text,
	                       .hosts = count,
	                       .host = file,
	                       .files = true,
	                       .before = "cpulevel: " });
	free(text);
	free(file);
}

void message_sum_end(void)
{
	size_t count = 0, end;

	summing = NULL;
	for (const struct message *m = sums.first; m; m = m->next)
		count++;
	struct summed *s = allocate(count * sizeof(*s));
	count = 0;
	for (const struct message *m = sums.first; m; m = m->next, count++)
		s[count] = (struct summed){ m, count };
	if (count)
		qsort(s, count, sizeof(*s), by_sum);
	for (size_t i = 0; i < count; i = end) {
		end = i + 1;
		while (end < count && strcmp(s[i].of->sum, s[end].of->sum) == 0)
			end++;
		if (end == i + 1)
			say(s[i].of);
		else
			say_sum(s + i, end - i);
	}
	free(s);
	message_drop(&sums);
}

void message_note(const char *text)
{
	if (!way.quiet)
		say(&(struct message){ .text = text, .before = "" });
}

FILE *message_begin(struct message_parts *m)
{
	m->to = stream_open(&m->text, &m->size);

	return m->to;
}

void message_end(struct message_parts *m, size_t hosts, const char *const *host)
{
	stream_close(m->to);
	if (!way.quiet)
		say(&(struct message){
			.text = m->text, .hosts = hosts, .host = host, .before = "cpulevel: " });
	free(m->text);
}

const struct message *message_first(void)
{
	return first;
}
