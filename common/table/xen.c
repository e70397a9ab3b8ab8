/* SPDX-License-Identifier: MIT */
#include "table/xen.h"

#include "table/feature_names.h"

static const struct row {
	uint16_t id;
	const char *name;
} rows[] = {
#define XEN(feature, name) { F_##feature, name },
#include "table/xen.def"
#undef XEN
};

const char *xen_name(enum feature_id id)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].id == id)
			return rows[i].name;
	return feature_named(id, NAMED_XEN);
}

bool xen_shows(enum feature_id id)
{
	return *xen_name(id) != '\0';
}
