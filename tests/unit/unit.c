/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <glob.h>

void replay(void *ctx, uint32_t leaf, uint32_t subleaf, uint32_t reg[CPUID_REGS])
{
	struct machine *m = ctx;

	m->asked++;
	memset(reg, 0, sizeof(uint32_t) * CPUID_REGS);
	for (size_t i = 0; i < m->count; i++)
		if (m->at[i].leaf == leaf && m->at[i].subleaf == subleaf) {
			memcpy(reg, m->at[i].reg, sizeof(m->at[i].reg));
			return;
		}
}

const struct cpuid_set story_atom = {
	.count = 4,
	.at = {
		{ 0x00000000, 0, { 0x0000000b, 0x756e6547, 0x6c65746e, 0x49656e69 } },
		{ 0x00000001, 0, { 0, 0, 0x43d8e3bf, 0xbfebfbff } },
		{ 0x00000007, 0, { 0, 0x00002282, 0, 0 } },
		{ 0x80000001, 0, { 0, 0, 0x00000101, 0x28100800 } },
	},
};

const struct cpuid_set story_ivy = {
	.count = 6,
	.at = {
		{ 0x00000000, 0, { 0x0000000d, 0x756e6547, 0x6c65746e, 0x49656e69 } },
		{ 0x00000001, 0, { 0, 0, 0x7fbae3ff, 0xbfebfbff } },
		{ 0x00000007, 0, { 0, 0x00000281, 0, 0 } },
		{ 0x0000000d, 0, { 0x00000007, 0, 0, 0 } },
		{ 0x0000000d, 1, { 0x00000001, 0, 0, 0 } },
		{ 0x80000001, 0, { 0, 0, 0x00000001, 0x28100800 } },
	},
};

void put(struct cpuid_set *set, uint32_t leaf, uint32_t subleaf, enum cpuid_reg reg, uint32_t value)
{
	cpuid_insert(set, leaf, subleaf)->reg[reg] = value;
}

uint32_t random_next(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

#define FOLDER "tests/data/recorded/"

struct report recorded[RECORDED_MAX];
char recorded_names[RECORDED_MAX][64];
size_t recorded_count;

static void load(const char *path)
{
	static char buffer[REPORT_TEXT_MAX];
	struct where where;
	FILE *f = fopen(path, "rb");

	assert_non_null(f);
	const size_t size = fread(buffer, 1, sizeof(buffer), f);
	fclose(f);
	assert_true(recorded_count < RECORDED_MAX);
	assert_int_equal(report_read(&recorded[recorded_count], buffer, size, &where), ERR_NONE);
	snprintf(recorded_names[recorded_count], sizeof(recorded_names[0]), "%s",
	         path + strlen(FOLDER));
	recorded_count++;
}

int load_recorded(void **state)
{
	glob_t found;

	(void)state;
	if (glob(FOLDER "*.txt", 0, NULL, &found) != 0)
		return -1;
	for (size_t i = 0; i < found.gl_pathc; i++)
		load(found.gl_pathv[i]);
	globfree(&found);
	return recorded_count >= 12 ? 0 : -1;
}

struct allocations allocations = { .until = SIZE_MAX };

/* The linker calls these __wrap_ functions in place of the C library's, which are __real_ here. */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *at, size_t size);
void __real_free(void *at);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *at, size_t size);
void __wrap_free(void *at);

static bool refuses(void)
{
	if (allocations.until == SIZE_MAX)
		return false;
	if (allocations.until--)
		return false;
	allocations.until = SIZE_MAX;
	allocations.refused++;
	return true;
}

static void *counted(void *at)
{
	allocations.live += at != NULL;
	return at;
}

void *__wrap_malloc(size_t size)
{
	return refuses() ? NULL : counted(__real_malloc(size));
}

void *__wrap_calloc(size_t count, size_t size)
{
	return refuses() ? NULL : counted(__real_calloc(count, size));
}

void *__wrap_realloc(void *at, size_t size)
{
	if (refuses())
		return NULL;
	return at ? __real_realloc(at, size) : counted(__real_realloc(at, size));
}

void __wrap_free(void *at)
{
	allocations.live -= at != NULL;
	__real_free(at);
}
