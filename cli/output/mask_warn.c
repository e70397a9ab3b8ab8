/* SPDX-License-Identifier: MIT */
#include "output/mask_warn.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/ascii.h"
#include "mask/mask_bits.h"
#include "table/feature_names.h"
#include "table/vmware.h"

void mask_warn(struct mask_explained *e, size_t line, const char *format, ...)
{
	char message[MASK_WARN_NAMES + 128];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	e->say(e, line, message);
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

enum mask_effect mask_named_effect(const struct mask_named *n, enum feature_id id, unsigned hw)
{
	if (n->of.kind == MASK_NAMED_BIT && n->value.op == MASK_MAX && n->value.number)
		return MASK_NOTHING;
	if (mask_named_hides(n))
		return unseen(id, hw) ? MASK_UNSEEN : MASK_HIDES;
	if (mask_named_shows(n))
		return n->value.op == MASK_MIN ? MASK_FORCES : MASK_DEMANDS;
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
		mask_warn(e, l->line,
		          "the key has leading zeros; VMware reads the key without them");
	if (l->vendor == MASK_INTEL)
		mask_warn(e, l->line, "no known VMware program reads keys that end in .intel");
}

/* Warns of a repeated key. */
static void check_earlier(struct mask_explained *e, const struct mask_line *l)
{
	const struct mask_line *earlier = mask_line_earlier(e->lines, l);

	if (earlier && earlier->numbered == l->numbered)
		mask_warn(e, l->line, "repeats the key of line %zu; VMware refuses such a file",
		          earlier->line);
	else if (earlier)
		mask_warn(e, l->line,
		          "line %zu is for the same register; VMware uses the key with a subleaf",
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
		mask_warn(e, l->line,
		          "hides nothing; maybe its bits are in the wrong order "
		          "(bit 31 comes first)");
	else
		mask_warn(e, l->line, "hides nothing that such a VM would see");
}

/* True for the leaves with the vendor's name, which begin a range. */
static bool has_vendor(const struct mask_line *l)
{
	return l->at.leaf == 0 || l->at.leaf == 0x80000000;
}

/*
 * True if an earlier line changes another part of the vendor's name: one warning is enough.  To be
 * called in the order of the lines.
 */
static bool changes_vendor_before(struct mask_explained *e, const struct mask_line *l)
{
	for (const struct mask_line *o = e->lines->at + e->looked; o < l; o++, e->looked++)
		if (has_vendor(o) && o->at.reg != EAX && mask_line_hidden(o))
			e->vendor[o->at.leaf != 0][o->vendor] = true;
	return e->vendor[l->at.leaf != 0][l->vendor];
}

/* Warns of a mask that can break a guest; changed: the bits that it hides or forces. */
static void check_harm(struct mask_explained *e, const struct mask_line *l, uint32_t changed)
{
	if (has_vendor(l) && changed && (l->at.reg == EAX || !changes_vendor_before(e, l)))
		mask_warn(e, l->line,
		          l->at.reg == EAX
		                  ? "changes the highest leaf: the guest reads no leaf above it"
		                  : "changes the vendor: a guest may not start or may crash");
	if (mask_line_hidden(l) == UINT32_MAX)
		mask_warn(e, l->line, "hides the whole register");
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

/* Warns of a bit that a register line shows and completeMasks hides. */
static void check_omitted(struct mask_explained *e, const struct mask_line *l)
{
	for (unsigned bit = 0; bit < MASK_BITS; bit++) {
		const enum feature_id id = feature_at(l->at.leaf, l->at.subleaf, l->at.reg, bit);

		if (*feature_named(id, NAMED_CAPABILITY) && mask_line_forced(l) >> bit & 1 &&
		    mask_lines_omit(e->lines, id))
			mask_warn(e, l->line,
			          "shows %s, which completeMasks (line %zu) hides, as no line "
			          "names it",
			          feature_name(id), e->lines->complete);
	}
}

void mask_warn_merged(struct mask_explained *e, const struct mask_line *l)
{
	check_line(e, l, mask_line_hidden(l));
}

void mask_warn_line(struct mask_explained *e, const struct mask_line *l)
{
	check_earlier(e, l);
	if (l->width != MASK_BITS) {
		mask_warn(
			e, l->line,
			"column %zu: the mask has %s than 32 characters; what VMware does then is "
			"unknown",
			l->end.column, l->width < MASK_BITS ? "fewer" : "more");
		check_key(e, l);
		return;
	}
	check_line(e, l, mask_line_hidden(l) | mask_line_forced(l));
	if (is_empty(l))
		mask_warn(e, l->line, "has no effect: the line can be removed");
	if (memchr(l->bit, '1', sizeof(l->bit)))
		mask_warn(e, l->line, "forces bits to 1, even on hosts that lack them");
	check_omitted(e, l);
}

/* Warns of a name or a version for which VMware has no featMask. */
static void check_name(struct mask_explained *e, const struct mask_named *n)
{
	if (n->of.kind == MASK_NAMED_UNKNOWN)
		mask_warn(e, n->line, "no capability of VMware's is known by this name");
	if (e->hw < MASK_NAMED_HW)
		mask_warn(e, n->line,
		          "VMware documents featMask lines for hardware version %u and later",
		          MASK_NAMED_HW);
}

static void check_named_earlier(struct mask_explained *e, const struct mask_named *n)
{
	const struct mask_named *earlier = mask_named_earlier(e->lines, n);

	if (earlier)
		mask_warn(e, n->line, "repeats the key of line %zu; VMware refuses such a file",
		          earlier->line);
}

/* Warns of a featMask line that changes nothing, or that shows what a host may lack. */
static void check_named_use(struct mask_explained *e, const struct mask_named *n)
{
	bool any = n->of.ids == 0;

	for (size_t i = 0; i < n->of.ids; i++) {
		const enum mask_effect effect = mask_named_effect(n, n->of.id[i], e->hw);

		any |= effect != MASK_UNSEEN && effect != MASK_NOTHING;
	}
	if (!any && n->of.kind == MASK_NAMED_BIT)
		mask_warn(e, n->line, "hides nothing that such a VM would see");
}

/* True if a line sets all bits of a number, and not to what a featMask line says. */
static bool sets_other(const struct mask_line *l, const struct mask_named *n, enum feature_id id)
{
	const uint32_t bits = feature_mask(id), set = mask_line_forced(l) & bits;

	/* VMware's family and model include the extended parts. */
	if (id == F_FAMILY || id == F_MODEL || n->value.op != MASK_VAL)
		return false;
	return ((mask_line_hidden(l) | set) & bits) == bits &&
	       set >> features[id].low != n->value.number;
}

/* Warns where a register line says the opposite of a featMask line. */
static void check_contradiction(struct mask_explained *e, const struct mask_named *n,
                                const struct mask_line *l)
{
	for (size_t i = 0; i < n->of.ids; i++) {
		const enum feature_id id = n->of.id[i];
		const struct place at = feature_place(id);

		if (!place_same_register(&l->at, &at))
			continue;
		if ((mask_named_shows(n) && mask_line_hidden(l) & feature_mask(id)) ||
		    (mask_named_hides(n) && mask_line_forced(l) & feature_mask(id)) ||
		    (n->of.kind == MASK_NAMED_NUMBER && sets_other(l, n, id)))
			mask_warn(
				e, n->line,
				"line %zu says something else of %s; which of them VMware uses is "
				"unknown",
				l->line, feature_name(id));
	}
}

void mask_warn_named_merged(struct mask_explained *e, const struct mask_named *n)
{
	check_name(e, n);
	check_named_use(e, n);
}

void mask_warn_named(struct mask_explained *e, const struct mask_named *n)
{
	check_named_earlier(e, n);
	check_name(e, n);
	check_named_use(e, n);
	if (n->value.op == MASK_MIN && n->value.number && n->of.kind == MASK_NAMED_BIT)
		mask_warn(e, n->line, "forces a feature to 1, even on hosts that lack it");
	/* What contradicts a name that is repeated was said of the first. */
	if (!n->of.ids || mask_named_earlier(e->lines, n))
		return;
	for (const struct mask_line *l = e->lines->at; l < e->lines->at + e->lines->count; l++)
		check_contradiction(e, n, l);
}
