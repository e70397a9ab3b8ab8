// SPDX-License-Identifier: MIT
/*
 * words.c - what a user types: names of features, places, addresses, versions of a list.
 */
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/near.h"
#include "fuzz.h"
#include "input/name.h"
#include "input/sequence.h"
#include "report/url.h"
#include "table/feature_find.h"

/* No harness has longer inputs here. */
#define WORD_SIZE 2048

/* A place is read as it is written. */
static void check_place(const struct place *at)
{
	char room[128];
	struct place back;
	struct text t;

	text_start(&t, room, sizeof(room));
	place_write(&t, at);
	const char *string = text_string(&t);
	CHECK(string && place_read(&back, string));
	CHECK(place_same_register(at, &back) && at->low == back.low && at->high == back.high);
}

static void check_near(const char *name)
{
	static const char *const known[] = { "merge", "mask", "mask-merge", "level", "verify", "" };
	char room[256];
	struct near n;
	struct text t;

	near_start(&n, name);
	for (size_t i = 0; i < COUNT(known); i++)
		near_add(&n, known[i], strlen(known[i]));
	CHECK(n.count <= NEAR_OFFERED);
	text_start(&t, room, sizeof(room));
	near_put(&t, &n, "--");
	CHECK(!t.full);
}

/* A zero byte ends the name. */
void fuzz_names(const uint8_t *data, size_t size)
{
	enum feature_id ids[NAMED_MAX];
	static char name[WORD_SIZE + 1];
	struct place at;

	memset(name, 0, sizeof(name));
	memcpy(name, data, size);
	const size_t rows = name_rows(name, ids, NAMED_MAX);
	for (size_t i = 0; i < rows && i < NAMED_MAX; i++)
		CHECK(ids[i] > F_NONE && ids[i] < F_COUNT);
	const size_t found = feature_find(name, ids, NAMED_MAX);
	for (size_t i = 0; i < found && i < NAMED_MAX; i++)
		CHECK(ids[i] > F_NONE && ids[i] < F_COUNT);
	if (place_read(&at, name))
		check_place(&at);
	fuzz_forget();
	const bool one = name_place(name, NULL, &at);
	fuzz_says_why(one);
	if (one)
		check_place(&at);
	check_near(name);
}

/* The bytes of an address that is accepted are printable, and its parts are in order. */
void fuzz_url(const uint8_t *data, size_t size)
{
	const struct bytes exact = fuzz_copy(data, size);
	struct url u, folder;

	if (url_read(&u, exact.at, size) == ERR_NONE) {
		CHECK(size <= URL_MAX && u.host == (u.tls ? 8U : 7U) && u.kind <= URL_IPV6);
		CHECK(u.host < u.path && u.path < u.folder && u.folder <= size);
		CHECK(exact.at[u.path] == '/' && exact.at[u.folder - 1] == '/');
		for (size_t i = 0; i < size; i++)
			CHECK(ascii_printable(exact.at[i]) && exact.at[i] != ' ');
		CHECK(url_read(&folder, exact.at, u.folder) == ERR_NONE);
		CHECK(folder.host == u.host && folder.path == u.path && folder.folder == u.folder);
	}
	free(exact.at);
}

/* Numbers of reports, most of them near one another: gaps have none of them, and all others. */
void fuzz_numbers(const uint8_t *data, size_t size)
{
	struct sequence s = { .count = 0 };
	struct sequence_gap gap = { .next = 0 };
	struct feed f = { data, data + size };
	uint64_t last = 0;

	while (f.at < f.end) {
		uint64_t number = feed_byte(&f);

		if (number >= 0xf8)
			number = UINT64_MAX - feed_byte(&f) % 4U;
		else if (number >= 0xf0)
			number = (uint64_t)feed_word(&f) << 32 | feed_word(&f);
		sequence_add(&s, number);
	}
	while (sequence_next_gap(&s, &gap)) {
		CHECK(gap.first > last && gap.first <= gap.last && gap.last < gap.highest);
		last = gap.last;
		CHECK(sequence_misses(&s, gap.first) && sequence_misses(&s, gap.last));
		CHECK(gap.first == 1 || !sequence_misses(&s, gap.first - 1));
		CHECK(!sequence_misses(&s, gap.last + 1));
	}
	sequence_print(&s);
	sequence_free(&s);
}
