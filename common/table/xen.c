/* SPDX-License-Identifier: MIT */
#include "table/xen.h"

#include "table/feature_names.h"

static const char *const names[F_COUNT] = {
#define XEN(feature, name) [F_##feature] = (name),
#define XEN_SINCE(feature, version)
#include "table/xen.def"
#undef XEN
#undef XEN_SINCE
};

enum { SINCE_4_17 = 0x0411, SINCE_4_20 = 0x0414, SINCE_LATER };

static const uint16_t since[F_COUNT] = {
#define XEN(feature, name)
#define XEN_SINCE(feature, version) [F_##feature] = SINCE_##version,
#include "table/xen.def"
#undef XEN
#undef XEN_SINCE
};

const char *xen_name(enum feature_id id)
{
	return names[id] ? names[id] : feature_named(id, NAMED_XEN);
}

bool xen_knows(enum feature_id id, unsigned version)
{
	return version >= since[id] && *xen_name(id);
}

bool xen_shows(enum feature_id id)
{
	return *xen_name(id) != '\0';
}
