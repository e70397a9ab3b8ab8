/* SPDX-License-Identifier: MIT */
#include "table/xen.h"

#include "table/feature_names.h"

static const struct row {
	uint16_t id;
	const char *name;
} rows[] = {
#define XEN(feature, name) { F_##feature, name },
#define XEN_SINCE(feature, version)
#include "table/xen.def"
#undef XEN
#undef XEN_SINCE
};

enum { SINCE_4_17 = 0x0411, SINCE_4_20 = 0x0414, SINCE_LATER };

static const struct since {
	uint16_t id, version;
} since[] = {
#define XEN(feature, name)
#define XEN_SINCE(feature, version) { F_##feature, SINCE_##version },
#include "table/xen.def"
#undef XEN
#undef XEN_SINCE
};

const char *xen_name(enum feature_id id)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].id == id)
			return rows[i].name;
	return feature_named(id, NAMED_XEN);
}

bool xen_knows(enum feature_id id, unsigned version)
{
	for (size_t i = 0; i < sizeof(since) / sizeof(since[0]); i++)
		if (since[i].id == id)
			return version >= since[i].version;
	return *xen_name(id) != '\0';
}

bool xen_shows(enum feature_id id)
{
	return *xen_name(id) != '\0';
}
