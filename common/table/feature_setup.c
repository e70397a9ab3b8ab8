/* SPDX-License-Identifier: MIT */
#include "table/feature_setup.h"

/*
 * The names as one object, not as pointers: see feature.c.  They are found by counting the NULs
 * before them.
 */
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

const char *feature_setup(enum feature_id id)
{
	const char *at = (const char *)&setups;

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		if (ids[i] == id)
			return at;
		while (*at++)
			;
	}
	return "";
}

/* In parentheses stands that firmware can hide it though menus have no name for it. */
bool feature_setup_named(enum feature_id id)
{
	const char first = *feature_setup(id);

	return first != '\0' && first != '(';
}

void feature_setup_put(struct text *t, enum feature_id id)
{
	const char *names = feature_setup(id);
	size_t size = 0;

	if (!feature_setup_named(id))
		return;
	while (names[size] && names[size] != ';')
		size++;
	text_bytes(t, names, size);
}
