/* SPDX-License-Identifier: MIT */
#include "output/mask_warn.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "mask/mask_bits.h"
#include "table/vmware.h"

/* The size of a buffer for the names of features that need another. */
#define NAMES_MAX 1024

/* Prints a warning about a line, or, if l is NULL, about all lines together. */
__attribute__((format(printf, 3, 4))) static void warn(struct mask_explained *e,
                                                       const struct mask_line *l,
                                                       const char *format, ...)
{
	char message[NAMES_MAX + 128];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	e->say(e, l, message);
	e->warnings++;
}

/* True if VMware never shows the feature to a VM of this hardware version. */
static bool unseen(enum feature_id id, unsigned hw)
{
	return vmware_shows(id, hw) == VMWARE_NEVER;
}

unsigned mask_hw_of(const struct mask_lines *lines, unsigned asked)
{
	if (asked)
		return asked;
	return lines->hw >= VMWARE_HW_MIN && lines->hw <= VMWARE_HW_MAX ? lines->hw : VMWARE_HW_MAX;
}

enum mask_effect mask_effect(const struct mask_line *l, unsigned bit, unsigned hw)
{
	const enum feature_id id = feature_at(l->at.leaf, l->at.subleaf, l->at.reg, bit);

	switch (l->bit[bit]) {
	case '0':
		if (id == F_NONE)
			return MASK_UNNAMED;
		return unseen(id, hw) ? MASK_UNSEEN : MASK_HIDES;
	case 'F':
		return MASK_ABSENT;
	case 'R':
		return MASK_RESERVES;
	case '1':
		return MASK_FORCES;
	case 'T':
		return MASK_DEMANDS;
	case 'H':
		return MASK_HOSTS;
	case 'X':
		return MASK_IGNORES;
	}
	return MASK_NOTHING;
}

static bool is_empty(const struct mask_line *l)
{
	for (unsigned bit = 0; bit < MASK_BITS; bit++)
		if (l->bit[bit] != '-')
			return false;
	return true;
}

/*
 * True if each hidden bit would be one that a guest sees if the characters were in reverse order.
 * For lines that hide nothing as they are written.
 */
static bool backwards(const struct mask_line *l, unsigned hw)
{
	for (unsigned bit = 0; bit < MASK_BITS; bit++)
		if (l->bit[bit] == '0') {
			const unsigned other = MASK_BITS - 1 - bit;
			const enum feature_id id =
				feature_at(l->at.leaf, l->at.subleaf, l->at.reg, other);

			if (id == F_NONE || unseen(id, hw))
				return false;
		}
	return true;
}

/* Warns of a key that VMware does not read. */
static void check_key(struct mask_explained *e, const struct mask_line *l)
{
	if (l->padded)
		warn(e, l, "the key has leading zeros; VMware reads the key without them");
	if (l->vendor == MASK_INTEL)
		warn(e, l, "no known VMware program reads keys that end in .intel");
}

/* Warns of a repeated key. */
static void check_earlier(struct mask_explained *e, const struct mask_line *l)
{
	const struct mask_line *earlier = mask_line_earlier(e->lines, l);

	if (earlier && earlier->numbered == l->numbered)
		warn(e, l, "repeats the key of line %zu; VMware refuses such a file",
		     earlier->line);
	else if (earlier)
		warn(e, l, "line %zu is for the same register; VMware uses the key with a subleaf",
		     earlier->line);
}

/* Warns of a mask that hides nothing, perhaps because its bits are in the wrong order. */
static void check_use(struct mask_explained *e, const struct mask_line *l)
{
	for (unsigned bit = 0; bit < MASK_BITS; bit++) {
		const enum mask_effect effect = mask_effect(l, bit, e->hw);

		if (effect != MASK_UNSEEN && effect != MASK_UNNAMED && effect != MASK_NOTHING)
			return;
	}
	if (backwards(l, e->hw))
		warn(e, l,
		     "hides nothing; maybe its bits are in the wrong order (bit 31 comes first)");
	else
		warn(e, l, "hides nothing that such a VM would see");
}

/* Warns of a mask that can break a guest; changed: the bits that it hides or forces. */
static void check_harm(struct mask_explained *e, const struct mask_line *l, uint32_t changed)
{
	if ((l->at.leaf == 0 || l->at.leaf == 0x80000000) && changed)
		warn(e, l,
		     l->at.reg == EAX ? "changes the highest leaf: the guest reads no leaf above it"
		                      : "changes the vendor: a guest may not start or may crash");
	if (mask_line_hidden(l) == UINT32_MAX)
		warn(e, l, "hides the whole register");
}

/* Warns of what is wrong with a line by itself and in a merged mask. */
static void check_line(struct mask_explained *e, const struct mask_line *l, uint32_t changed)
{
	check_key(e, l);
	if (is_empty(l))
		return;
	check_use(e, l);
	check_harm(e, l, changed);
}

void mask_warn_merged(struct mask_explained *e, const struct mask_line *l)
{
	check_line(e, l, mask_line_hidden(l));
}

void mask_warn_line(struct mask_explained *e, const struct mask_line *l)
{
	check_earlier(e, l);
	if (l->width != MASK_BITS) {
		warn(e, l,
		     "column %zu: the mask has %s than 32 characters; what VMware does then is "
		     "unknown",
		     l->end.column, l->width < MASK_BITS ? "fewer" : "more");
		check_key(e, l);
		return;
	}
	check_line(e, l, mask_line_hidden(l) | mask_line_forced(l));
	if (is_empty(l))
		warn(e, l, "has no effect: the line can be removed");
	if (memchr(l->bit, '1', sizeof(l->bit)))
		warn(e, l, "forces bits to 1, even on hosts that lack them");
}

/* True if some line hides all bits of a row, on hosts of any vendor. */
static bool hides_row(const struct mask_lines *lines, enum feature_id id)
{
	const struct place at = feature_place(id);

	for (const struct mask_line *l = lines->at; l < lines->at + lines->count; l++)
		if (place_same_register(&l->at, &at) && !(feature_mask(id) & ~mask_line_hidden(l)))
			return true;
	return false;
}

/* True if a guest may still see a row of the table. */
static bool remains(const struct mask_explained *e, enum feature_id id)
{
	return mask_vmx_covers(id, e->hw) && !hides_row(e->lines, id) &&
	       (!e->seen || feature_value(e->seen, id));
}

/* Warns of features that remain although a feature that they need is hidden. */
static void check_needs(struct mask_explained *e, enum feature_id hidden)
{
	char names[NAMES_MAX] = "";
	size_t used = 0;

	if (!hides_row(e->lines, hidden))
		return;
	for (unsigned id = F_NONE + 1; id < F_COUNT; id++) {
		if (feature_needs_it((enum feature_id)id, hidden) &&
		    remains(e, (enum feature_id)id))
			used += (size_t)snprintf(names + used, sizeof(names) - used, " %s",
			                         feature_name((enum feature_id)id));
		if (used >= sizeof(names))
			break;
	}
	if (used)
		warn(e, NULL, "%s is hidden, but features that need it are not:%s",
		     feature_name(hidden), names);
}

void mask_warn_needs(struct mask_explained *e)
{
	for (unsigned id = F_NONE + 1; id < F_COUNT; id++)
		check_needs(e, (enum feature_id)id);
}
