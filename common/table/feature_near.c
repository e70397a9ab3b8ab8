/* SPDX-License-Identifier: MIT */
#include "base/ascii.h"
#include "base/near.h"
#include "table/feature_find.h"
#include "table/feature_words.h"

static unsigned smaller(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static unsigned nearest_name(enum feature_id id, const char *asked, size_t size)
{
	struct feature_words word;
	unsigned far = NEAR_FAR;

	feature_words_start(&word, id);
	while (feature_words_next(&word)) {
		char name[WORD_MAX];
		const size_t name_size = feature_words_squeeze(name, word.word, word.size);

		if (name_size)
			far = smaller(far, near_far(name, name_size, asked, size));
	}
	return far;
}

/* Returns what follows VMware's "cpuid.", or all of the name. */
static const char *without_prefix(const char *name)
{
	static const char prefix[] = "cpuid.";
	size_t i = 0;

	while (prefix[i] && ascii_lower(name[i]) == prefix[i])
		i++;
	return prefix[i] ? name : name + i;
}

/* Names much farther than the nearest are no answer beside it. */
#define SPREAD 4

size_t feature_nearest(const char *name, enum feature_id *ids, size_t max)
{
	uint8_t far[F_COUNT];
	unsigned nearest = NEAR_FAR;
	char asked[WORD_MAX];
	size_t count = 0;

	name = without_prefix(name);
	const size_t size = feature_words_squeeze(asked, name, ascii_size(name));
	for (unsigned id = F_NONE + 1; id < F_COUNT; id++) {
		far[id] = (uint8_t)nearest_name((enum feature_id)id, asked, size);
		nearest = smaller(nearest, far[id]);
	}
	for (unsigned at = nearest; at < NEAR_FAR && at <= nearest + SPREAD; at++)
		for (unsigned id = F_NONE + 1; id < F_COUNT && count < max; id++)
			if (far[id] == at)
				ids[count++] = (enum feature_id)id;
	return count;
}
