/* SPDX-License-Identifier: MIT */
#include "input/machines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/scan.h"
#include "cli.h"
#include "input/file.h"
#include "input/new_files.h"

#define MACHINES_TEXT_MAX 0x4000000

static void read_bytes(struct scan *s, uint8_t *at, size_t size)
{
	for (size_t i = 0; i < size; i++)
		at[i] = (uint8_t)scan_hex(s, 2);
}

/* Returns the index that is kept for some bytes: this one, if they are new. */
static size_t keep(struct intern *t, const uint8_t *bytes, size_t size, size_t index)
{
	struct machine_at at = { .index = index };

	memcpy(at.bytes, bytes, size);
	const struct machine_at *kept =
		intern_keep(t, &at, offsetof(struct machine_at, bytes) + size,
	                    offsetof(struct machine_at, bytes));
	if (!kept)
		out_of_memory();
	return kept->index;
}

static const struct machine_key *find(const struct machines *m, const struct intern *t,
                                      const uint8_t *bytes, size_t size)
{
	struct machine_at at;

	memcpy(at.bytes, bytes, size);
	const struct machine_at *kept =
		intern_find(t, &at, offsetof(struct machine_at, bytes) + size,
	                    offsetof(struct machine_at, bytes));
	return kept ? &m->at[kept->index] : NULL;
}

static struct machine_key *add(struct machines *m)
{
	m->at = allocate_room(m->at, m->count, sizeof(*m->at));
	memset(&m->at[m->count], 0, sizeof(*m->at));
	return &m->at[m->count++];
}

/* After machine and key of the last one are set. */
static void note_last(struct machines *m)
{
	const struct machine_key *k = &m->at[m->count - 1];

	keep(&m->by_machine, k->machine, sizeof(k->machine), m->count - 1);
	keep(&m->by_key, k->key, sizeof(k->key), m->count - 1);
}

bool machines_load(struct machines *m, const char *path)
{
	struct bytes b;
	struct scan s;
	bool missing;

	m->path = path;
	if (!file_read_optional(path, MACHINES_TEXT_MAX, &b, &missing))
		return missing;
	for (scan_start(&s, b.at, b.size); !scan_done(&s);) {
		struct machine_key *k = add(m);

		read_bytes(&s, k->machine, sizeof(k->machine));
		scan_space(&s);
		read_bytes(&s, k->key, sizeof(k->key));
		scan_space(&s);
		scan_quoted(&s, k->name, sizeof(k->name));
		scan_line_end(&s);
		note_last(m);
	}
	m->loaded = m->count;
	free(b.at);
	if (s.err != ERR_NONE)
		trouble_at(path, s.err, &s.where);
	return s.err == ERR_NONE;
}

const struct machine_key *machines_find(const struct machines *m, const struct visit *v)
{
	return v->known ? find(m, &m->by_machine, v->machine, sizeof(v->machine)) : NULL;
}

const struct machine_key *machines_with(const struct machines *m, const uint8_t key[static TPM_KEY])
{
	return find(m, &m->by_key, key, TPM_KEY);
}

void machines_add(struct machines *m, const struct visit *v, const uint8_t key[static TPM_KEY],
                  const char *from)
{
	struct machine_key *k = add(m);

	memcpy(k->machine, v->machine, sizeof(k->machine));
	memcpy(k->key, key, sizeof(k->key));
	strcpy(k->name, v->name);
	k->from = from;
	note_last(m);
}

void machines_free(struct machines *m)
{
	intern_free(&m->by_machine);
	intern_free(&m->by_key);
	free(m->at);
}

bool machines_save(const struct machines *m)
{
	/* A name has at most four characters for each of its own. */
	const size_t line = 2 * (VISIT_MACHINE + TPM_KEY) + 4 * (REPORT_STRING_MAX + 1) + 8;
	struct text t;

	if (!m->path || m->count == m->loaded)
		return true;
	char *buffer = allocate(m->count * line);
	text_start(&t, buffer, m->count * line);
	for (size_t i = 0; i < m->count; i++) {
		const struct machine_key *k = &m->at[i];

		for (size_t n = 0; n < sizeof(k->machine); n++)
			text_hex(&t, k->machine[n], 2);
		text_put(&t, " ");
		for (size_t n = 0; n < sizeof(k->key); n++)
			text_hex(&t, k->key[n], 2);
		text_put(&t, " ");
		text_quoted(&t, k->name);
		text_put(&t, "\n");
	}
	const bool ok = new_file_write(m->path, buffer, t.used, 0666, true);
	free(buffer);
	return ok;
}
