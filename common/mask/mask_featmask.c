/* SPDX-License-Identifier: MIT */
#include "mask/mask_bits.h"

#include <string.h>

#include "table/feature_names.h"

static bool has_no_capability(enum feature_id id)
{
	return !*feature_named(id, NAMED_CAPABILITY);
}

/* Returns the length of the first name of "NAME|NAME". */
static size_t name_size(const char *names)
{
	size_t size = 0;

	while (names[size] && names[size] != '|')
		size++;
	return size;
}

/* True if "NAME|NAME" has a name. */
static bool has_name(const char *names, const char *name, size_t size)
{
	while (*names) {
		const size_t n = name_size(names);

		if (n == size && memcmp(names, name, n) == 0)
			return true;
		names += n + (names[n] == '|');
	}
	return false;
}

/* True if a feature before this one is hidden by the same capability: VMware refuses a file with a
 * repeated key. */
static bool is_written(const struct mask *m, enum feature_id id, const char *name, size_t size)
{
	for (unsigned i = F_NONE + 1; i < (unsigned)id; i++)
		if (has_name(feature_named((enum feature_id)i, NAMED_CAPABILITY), name, size) &&
		    mask_vmx_hides(m, (enum feature_id)i))
			return true;
	return false;
}

/* Writes a line for each capability: VMware may have two for one bit, and one for two bits. */
static void write_capabilities(struct text *t, const struct mask *m, enum feature_id id)
{
	const char *names = feature_named(id, NAMED_CAPABILITY);

	while (*names) {
		const size_t size = name_size(names);

		if (!is_written(m, id, names, size)) {
			text_put(t, "featMask.vm.cpuid.");
			text_bytes(t, names, size);
			text_put(t, " = \"Max:0\"\n");
		}
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
			write_capabilities(t, m, id);
	}
	if (!rest)
		return;
	text_put(t, "# VMware has no names for these features; register masks hide them:\n");
	mask_vmx_lines(t, m, has_no_capability);
}
