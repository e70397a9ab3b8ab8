/* SPDX-License-Identifier: MIT */
#include "output/said.h"

#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "output/message.h"

void said_start(struct said *s)
{
	s->to = stream_open(&s->at, &s->size);

	message_divert(s->to);
}

static void end(struct said *s)
{
	message_divert(NULL);
	stream_close(s->to);
}

void said_end(struct said *s, json_t *list)
{
	static const char program[] = "cpulevel: ";

	end(s);
	for (char *line = strtok(s->at, "\n"); line; line = strtok(NULL, "\n")) {
		if (strncmp(line, program, sizeof(program) - 1) == 0)
			line += sizeof(program) - 1;
		json_add(list, json_text(line));
	}
	free(s->at);
}

void said_end_line(struct said *s, json_t *list)
{
	end(s);
	for (char *c = s->at; *c; c++)
		if (*c == '\n')
			*c = c[1] ? ' ' : '\0';
	if (*s->at)
		json_add(list, json_text(s->at));
	free(s->at);
}
