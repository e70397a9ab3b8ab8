/* SPDX-License-Identifier: MIT */
#include "table/virtualbox.h"

enum since { ALL, V7_1 };

static const struct row {
	uint16_t id;
	uint8_t since;
	const char *name;
} rows[] = {
#define VIRTUALBOX(feature, name, since) { F_##feature, since, name },
#include "table/virtualbox.def"
#undef VIRTUALBOX
};

static const struct row *find(enum feature_id id)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].id == id)
			return &rows[i];
	return NULL;
}

const char *virtualbox_name(enum feature_id id)
{
	const struct row *row = find(id);

	return row ? row->name : "";
}

bool virtualbox_is_late(enum feature_id id)
{
	const struct row *row = find(id);

	return row && row->since == V7_1;
}
