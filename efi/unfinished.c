/* SPDX-License-Identifier: MIT */
#include "unfinished.h"

#include "base/ascii.h"
#include "base/mem.h"
#include "report/identity.h"

/* So many visits that did not end are looked at, the first ones in the directory. */
#define VISITS_MAX 64

/* Of the ending. */
#define ENDING_SIZE (sizeof(STORE_BOOT) - 1)

_Static_assert(sizeof(STORE_BOOT) == sizeof(STORE_BARE), "both endings have one size");

/* A report on the stick. */
struct reading {
	struct report report;
	char text[REPORT_TEXT_MAX];
};

struct search {
	const char *ending;
	size_t count;
	struct {
		uint32_t number;
		char name[STORE_NAME_MAX + 1];
	} visit[VISITS_MAX];
};

static void note(void *ctx, const char *name, uint32_t number)
{
	struct search *s = ctx;
	const size_t size = ascii_size(name);

	if (number == 0 || size > STORE_NAME_MAX || size < ENDING_SIZE || s->count == VISITS_MAX ||
	    memcmp(name + size - ENDING_SIZE, s->ending, ENDING_SIZE) != 0)
		return;
	s->visit[s->count].number = number;
	memcpy(s->visit[s->count++].name, name, size + 1);
}

static bool path_of(char path[static FILES_PATH_MAX + 1], const char *name, size_t size,
                    const char *ending)
{
	struct text t;

	text_start(&t, path, FILES_PATH_MAX + 1);
	text_put(&t, STORE_DIRECTORY "\\");
	text_bytes(&t, name, size);
	text_put(&t, ending);
	return text_string(&t) != NULL;
}

static bool same_field(const struct report *a, const struct report *b, enum report_field field)
{
	return a->known[field] == b->known[field] &&
	       memcmp(a->field[field], b->field[field], ascii_size(a->field[field]) + 1) == 0;
}

static bool same_machine(const struct report *a, const struct report *b)
{
	struct identity of_a, of_b;

	identity_take(&of_a, a);
	identity_take(&of_b, b);
	if (of_a.size || of_b.size)
		return identity_same(&of_a, &of_b);
	return same_field(a, b, FIELD_SYSTEM_VENDOR) && same_field(a, b, FIELD_SYSTEM_PRODUCT);
}

/* Returns true if a visit left no full report, and was of this machine. */
static bool is_mine(struct reading *r, const struct report *mine, const struct volume *stick,
                    const char *name)
{
	const size_t size = ascii_size(name);
	char path[FILES_PATH_MAX + 1];
	struct where where;
	UINTN used;

	if (!path_of(path, name, size - ENDING_SIZE, STORE_WHOLE) ||
	    file_absent(stick, path) != EFI_SUCCESS)
		return false;
	return path_of(path, name, size, "") &&
	       !EFI_ERROR(file_read(stick, path, r->text, sizeof(r->text), &used)) &&
	       report_read(&r->report, r->text, used, &where) == ERR_NONE &&
	       same_machine(mine, &r->report);
}

uint32_t unfinished_find(char name[static STORE_NAME_MAX + 1], const char *ending,
                         const struct report *mine, const struct firmware *fw,
                         const struct volume *stick)
{
	struct search s = { .ending = ending };
	uint32_t latest = 0;
	void *memory;

	name[0] = '\0';
	if (!stick->root || EFI_ERROR(directory_each(stick, STORE_DIRECTORY, note, &s)) ||
	    s.count == 0 ||
	    EFI_ERROR(fw->boot->AllocatePool(EfiLoaderData, sizeof(struct reading), &memory)))
		return 0;
	for (size_t i = 0; i < s.count; i++) {
		if (s.visit[i].number <= latest || !is_mine(memory, mine, stick, s.visit[i].name))
			continue;
		latest = s.visit[i].number;
		memcpy(name, s.visit[i].name, sizeof(s.visit[i].name));
	}
	fw->boot->FreePool(memory);
	return latest;
}
