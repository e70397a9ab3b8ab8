/* SPDX-License-Identifier: MIT */
#include "mask/mask_bits.h"
#include "table/feature_names.h"

static bool has_no_capability(enum feature_id id)
{
	return !*feature_named(id, NAMED_CAPABILITY);
}

/* Writes a line for each of "NAME|NAME": VMware may have two capabilities for one bit. */
static void write_capabilities(struct text *t, const char *names)
{
	while (*names) {
		size_t size = 0;

		while (names[size] && names[size] != '|')
			size++;
		text_put(t, "featMask.vm.cpuid.");
		text_bytes(t, names, size);
		text_put(t, " = \"Max:0\"\n");
		names += size + (names[size] == '|');
	}
}

void mask_featmask_write(struct text *t, const struct mask *m)
{
	bool rest = false;

	for (unsigned i = F_NONE + 1; i < F_COUNT; i++) {
		const enum feature_id id = (enum feature_id)i;

		if (!mask_vmx_hides(m, id))
			continue;
		if (has_no_capability(id))
			rest = true;
		else
			write_capabilities(t, feature_named(id, NAMED_CAPABILITY));
	}
	if (!rest)
		return;
	text_put(t, "# VMware has no names for these features; register masks hide them:\n");
	mask_vmx_lines(t, m, has_no_capability);
}
