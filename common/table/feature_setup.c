/* SPDX-License-Identifier: MIT */
#include "table/feature_setup.h"

/*
 * As one object, not as pointers: see feature.c.  Nearly all are empty and cost the byte of their
 * NUL; they are found by counting.
 */
static const struct setups {
	char f_none[1];
#define FEATURE(leaf, sub, reg, low, high, name, kind, rule, support, hw, cap, vmware, linux_, \
                qemu, libvirt, xen, other, need1, need2, setup, unit, about)                   \
	char f_##name[sizeof(setup)];
#include "table/feature.def"
#undef FEATURE
} setups = {
	"",
#define FEATURE(leaf, sub, reg, low, high, name, kind, rule, support, hw, cap, vmware, linux_, \
                qemu, libvirt, xen, other, need1, need2, setup, unit, about)                   \
	setup,
#include "table/feature.def"
#undef FEATURE
};

const char *feature_setup(enum feature_id id)
{
	const char *at = (const char *)&setups;

	for (unsigned before = id; before > 0; at++)
		before -= *at == '\0';
	return at;
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
