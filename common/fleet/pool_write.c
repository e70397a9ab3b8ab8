/* SPDX-License-Identifier: MIT */
#include "base/lines.h"
#include "cpuid/cpuid_text.h"
#include "fleet/pool.h"

static void write_bytes(struct text *t, const uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		text_hex(t, bytes[i], 2);
}

static void write_visit(struct text *t, const struct visit *v)
{
	text_put(t, v->known && v->shared ? "shared " : "machine ");
	if (v->known) {
		write_bytes(t, v->machine, sizeof(v->machine));
		text_put(t, " ");
		text_quoted(t, v->name);
	} else {
		text_put(t, "unknown");
	}
	text_put(t, "\nsequence ");
	if (v->numbered)
		text_decimal(t, v->sequence);
	else
		text_put(t, "unknown");
	text_put(t, "\ntime ");
	text_put(t, v->time[0] ? v->time : "unknown");
	text_put(t, "\n");
}

/* "guest none", "guest \"KVMKVMKVM\"" */
static void write_guest(struct text *t, const struct pool_host *h)
{
	text_put(t, "guest ");
	switch (h->guest) {
	case GUEST_UNKNOWN:
		text_put(t, "unknown");
		break;
	case GUEST_NOT:
		text_put(t, "none");
		break;
	case GUEST_IS:
		text_quoted(t, h->hypervisor);
		break;
	}
	text_put(t, "\n");
}

/* Lines only if it is known. */
static void write_processors(struct text *t, const struct pool_host *h)
{
	uint32_t list[POOL_STEPPINGS];
	size_t count = 0;

	for (uint32_t i = 0; i < POOL_STEPPINGS; i++)
		if (h->steppings >> i & 1)
			list[count++] = i;
	if (count)
		lines_list_write(t, "steppings", list, count);
	if (h->microcode.known) {
		text_put(t, "microcode ");
		text_hex(t, h->microcode.value, 1);
		text_put(t, "\n");
	}
}

static void write_host(struct text *t, const struct pool_host *h)
{
	uint32_t number[POOL_HOST_ANSWERS_MAX];

	text_put(t, "host ");
	text_quoted(t, h->name);
	text_put(t, "\ndigest ");
	write_bytes(t, h->digest, sizeof(h->digest));
	text_put(t, "\nkey ");
	if (h->sealed)
		write_bytes(t, h->key, sizeof(h->key));
	else
		text_put(t, "unsigned");
	text_put(t, "\n");
	write_visit(t, &h->visit);
	write_guest(t, h);
	write_processors(t, h);
	for (size_t i = 0; i < h->answers; i++)
		number[i] = (uint32_t)h->answer[i]->index;
	lines_list_write(t, "answers", number, h->answers);
}

/* The longest form: every byte of a name escaped, every number of a list by itself. */
#define HOST_SIZE   (8 * POOL_NAME_MAX + 2 * POOL_DIGEST + 256)
#define LEFT_SIZE   (4 * POOL_NAME_MAX + 12)
#define NUMBER_SIZE 24
#define ANSWER_SIZE 32
#define LEAF_SIZE   128

size_t pool_size(const struct pool *p)
{
	size_t size = 4 * REPORT_STRING_MAX + 256 + p->hosts * HOST_SIZE + p->left_outs * LEFT_SIZE;

	for (size_t i = 0; i < p->hosts; i++)
		size += p->host[i].answers * NUMBER_SIZE;
	for (size_t i = 0; i < p->answers; i++)
		size += ANSWER_SIZE + p->answer[i]->set.count * LEAF_SIZE;
	return size;
}

void pool_write(struct text *t, const struct pool *p, const char *program)
{
	text_put(t, p->left_outs ? POOL_MAGIC " 4\nprogram " : POOL_MAGIC " 3\nprogram ");
	text_quoted(t, program);
	text_put(t, "\nhosts ");
	text_decimal(t, p->hosts);
	text_put(t, "\n");
	for (size_t i = 0; i < p->hosts; i++)
		write_host(t, &p->host[i]);
	for (size_t i = 0; i < p->left_outs; i++) {
		text_put(t, "left-out ");
		text_quoted(t, p->left_out[i].name);
		text_put(t, "\n");
	}
	for (size_t i = 0; i < p->answers; i++) {
		text_put(t, "answer ");
		text_decimal(t, i);
		text_put(t, "\n");
		cpuid_text_write(t, &p->answer[i]->set);
	}
	text_put(t, "end\n");
}
