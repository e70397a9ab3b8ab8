/* SPDX-License-Identifier: MIT */
#include "table/feature_setup.h"

/* One object, without pointers: see feature.c.  A name is found by counting the NULs before it. */
static const struct setups {
#define SETUP(feature, names) char f_##feature[sizeof(names)];
#include "table/feature_setup.def"
#undef SETUP
} setups = {
#define SETUP(feature, names) names,
#include "table/feature_setup.def"
#undef SETUP
};

static const uint16_t ids[] = {
#define SETUP(feature, names) F_##feature,
#include "table/feature_setup.def"
#undef SETUP
};

/* Returns the names in the row of a feature, or NULL. */
static const char *find(enum feature_id id)
{
	const char *at = (const char *)&setups;

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		if (ids[i] == id)
			return at;
		while (*at++)
			;
	}
	return NULL;
}

const char *feature_setup_rows(size_t *ret_rows)
{
	*ret_rows = sizeof(ids) / sizeof(ids[0]);
	return (const char *)&setups;
}

const char *feature_setup(enum feature_id id)
{
	const char *names = find(id);

	return names ? names : "";
}

bool feature_setup_missing(enum feature_id id)
{
	const char *names = find(id);

	return names && !*names;
}

void feature_setup_put(struct text *t, enum feature_id id)
{
	const char *names = feature_setup(id);
	size_t size = 0;

	while (names[size] && names[size] != ';')
		size++;
	text_bytes(t, names, size);
}
