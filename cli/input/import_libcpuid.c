/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "cli.h"
#include "input/dump.h"
#include "input/importers.h"

/*
 * The arrays of cpuid_serialize_raw_data (libcpuid/cpuid_main.c, 0.7.1): of whole leaves, and of
 * the subleaves of one.  intel_fn11 is decimal: leaf 0BH.
 */
static const struct array {
	const char *name;
	uint32_t leaf;
	bool subleaves;
} arrays[] = {
	{ "basic_cpuid[", 0, false },
	{ "ext_cpuid[", 0x80000000, false },
	{ "intel_fn4[", 4, true },
	{ "intel_fn11[", 0xb, true },
	{ "intel_fn12h[", 0x12, true },
	{ "intel_fn14h[", 0x14, true },
	{ "amd_fn8000001dh[", 0x8000001d, true },
	{ "amd_fn80000026h[", 0x80000026, true },
};

/* Adds a leaf; what the array of its subleaves says counts. */
static bool add(struct dump *d, const struct array *a, const struct cpuid_leaf *l)
{
	const struct cpuid_leaf *same = d->open ? cpuid_find(&d->set, l->leaf, l->subleaf) : NULL;

	if (!same || memcmp(same, l, sizeof(*l)) == 0)
		return dump_leaf(d, l);
	if (!a->subleaves)
		return dump_fail(d, NULL, err_text(ERR_LEAF_TWICE));
	*cpuid_insert(&d->set, l->leaf, l->subleaf) = *l;
	return true;
}

static bool read_entry(struct dump *d, const struct array *a, const char *at)
{
	struct cpuid_leaf l = { .leaf = a->leaf };
	uint32_t index;

	if (!dump_decimal(&at, CPUID_SUBLEAF_MAX, &index) || !dump_word(&at, "]="))
		return dump_fail(d, at, "expected an index such as [7]=");
	*(a->subleaves ? &l.subleaf : &l.leaf) += index;
	if (!dump_registers(&at, l.reg, " \t") || *at)
		return dump_fail(d, at, "expected EAX EBX ECX EDX in 8 hexadecimal digits each");
	return add(d, a, &l);
}

static bool read_line(struct dump *d)
{
	const char *header = strstr(d->line, "Logical CPU #"), *at = d->line;
	uint32_t number;

	if (header) {
		header += strlen("Logical CPU #");
		return dump_decimal(&header, REPORT_NUMBER_MAX, &number)
		               ? dump_processor(d, number)
		               : dump_fail(d, header, "expected the number of a processor");
	}
	for (size_t i = 0; i < sizeof(arrays) / sizeof(arrays[0]); i++)
		if (dump_word(&at, arrays[i].name))
			return read_entry(d, &arrays[i], at);
	return true;
}

bool libcpuid_is(const struct bytes *b)
{
	return memmem(b->at, b->size, "basic_cpuid[0]=", 15) != NULL;
}

bool libcpuid_read(struct report *r, const char *path, struct bytes *b)
{
	struct dump *d = dump_start(r, path, b);

	d->trim = true;

	while (dump_line(d) && read_line(d))
		;
	return dump_end(d);
}
