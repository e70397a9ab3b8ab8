/* SPDX-License-Identifier: MIT */
#include "input/machines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/scan.h"
#include "cli.h"
#include "input/file.h"

#define MACHINES_TEXT_MAX 0x4000000

static void read_bytes(struct scan *s, uint8_t *at, size_t size)
{
	for (size_t i = 0; i < size; i++)
		at[i] = (uint8_t)scan_hex(s, 2);
}

static struct machine_key *add(struct machines *m)
{
	m->at = allocate_room(m->at, m->count, sizeof(*m->at));
	memset(&m->at[m->count], 0, sizeof(*m->at));
	return &m->at[m->count++];
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
	}
	m->loaded = m->count;
	free(b.at);
	if (s.err != ERR_NONE)
		trouble_at(path, s.err, &s.where);
	return s.err == ERR_NONE;
}

const struct machine_key *machines_find(const struct machines *m, const struct visit *v)
{
	for (size_t i = 0; v->known && i < m->count; i++)
		if (memcmp(m->at[i].machine, v->machine, sizeof(v->machine)) == 0)
			return &m->at[i];
	return NULL;
}

const struct machine_key *machines_with(const struct machines *m, const uint8_t key[static TPM_KEY])
{
	for (size_t i = 0; i < m->count; i++)
		if (memcmp(m->at[i].key, key, TPM_KEY) == 0)
			return &m->at[i];
	return NULL;
}

void machines_add(struct machines *m, const struct visit *v, const uint8_t key[static TPM_KEY],
                  const char *from)
{
	struct machine_key *k = add(m);

	memcpy(k->machine, v->machine, sizeof(k->machine));
	memcpy(k->key, key, sizeof(k->key));
	strcpy(k->name, v->name);
	k->from = from;
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
	const bool ok = file_write(m->path, buffer, t.used, 0666, true);
	free(buffer);
	return ok;
}
