/* SPDX-License-Identifier: MIT */
#include "table/virtualbox.h"

enum since { ALL, V7_1 };

static const struct row {
	const char *name;
	uint8_t since;
} rows[F_COUNT] = {
#define VIRTUALBOX(feature, name, since) [F_##feature] = { name, since },
#include "table/virtualbox.def"
#undef VIRTUALBOX
};

const char *virtualbox_name(enum feature_id id)
{
	return rows[id].name ? rows[id].name : "";
}

bool virtualbox_is_late(enum feature_id id)
{
	return rows[id].since == V7_1;
}
