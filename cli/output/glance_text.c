/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "output/glance.h"
#include "output/print_control.h"
#include "table/cpu_model.h"
#include "table/cpu_name.h"
#include "table/level.h"
#include "table/speculation.h"
#include "table/virtualization.h"

/* Appends words; of a list, after a separator. */
static void put_item(struct text *t, bool *first, const char *separator, const char *words)
{
	if (!*first)
		text_put(t, separator);
	*first = false;
	text_put(t, words);
}

static bool known(const struct cpuid_set *set, enum feature_id id)
{
	const struct place at = feature_place(id);

	return place_known(set, &at);
}

static bool has(const struct cpuid_set *set, enum feature_id id)
{
	return feature_value(set, id) != 0;
}

void glance_brand(struct text *t, const struct report_kind *k, const struct cpuid_set *set)
{
	char brand[49];
	bool any = false;

	(void)k;
	cpuid_brand(set, brand);
	for (const char *b = brand; *b; b++)
		if (*b != ' ') {
			const char c[] = { *b, '\0' };

			text_put(t, any && b[-1] == ' ' ? " " : "");
			text_printable(t, c);
			any = true;
		}
	if (!*brand)
		text_put(t, known(set, F_LEAF82_BRAND_STRING_EAX) ? "CPUID has none"
		                                                  : "not known: not in the report");
}

void glance_vendor(struct text *t, const struct report_kind *k, const struct cpuid_set *set)
{
	char vendor[13], words[96];

	(void)k;
	cpuid_vendor(set, vendor);
	text_printable(t, *vendor ? vendor : "not known");
	if (!known(set, F_FAMILY) || !cpuid_value(set, 1, 0, EAX)) {
		text_put(t, "; family and model not known");
		return;
	}
	snprintf(words, sizeof(words), ", family%s%" PRIu32 ", model%s%" PRIu32 " (%" PRIx32 "H), ",
	         NO_BREAK, cpuid_family(set), NO_BREAK, cpuid_model(set), cpuid_model(set));
	text_put(t, words);
	if (known(set, F_STEPPING))
		snprintf(words, sizeof(words), "stepping" NO_BREAK "%" PRIu32,
		         feature_value(set, F_STEPPING));
	else
		snprintf(words, sizeof(words), "stepping not known");
	text_put(t, words);
}

void glance_name(struct text *t, const struct report_kind *k, const struct cpuid_set *set)
{
	const struct cpu_name *name = cpu_name_of(set);
	const uint32_t type = feature_value(set, F_CORE_TYPE);

	(void)k;
	if (!name) {
		text_put(t, "not known here");
		return;
	}
	if (!*name->small || type == 0x40)
		text_put(t, name->cores);
	else if (type == 0x20)
		text_put(t, name->small);
	else {
		text_put(t, name->cores);
		text_put(t, " or ");
		text_put(t, name->small);
	}
	if (*name->codename) {
		text_put(t, " (");
		text_put(t, name->codename);
		text_put(t, ")");
	}
	if (has(set, F_HYPERVISOR_PRESENT))
		text_put(t, ", by the signature that the hypervisor shows");
}

void glance_widths(struct text *t, const struct report_kind *k, const struct cpuid_set *set)
{
	const uint32_t phys = feature_value(set, F_PHYS_BITS),
		       virt = feature_value(set, F_VIRT_BITS);

	(void)k;
	if (!known(set, F_PHYS_BITS)) {
		text_put(t, "not known");
	} else if (!phys) {
		text_put(t, "CPUID does not say");
	} else {
		text_decimal(t, phys);
		text_put(t, " physical, ");
		text_decimal(t, virt);
		text_put(t, " virtual");
	}
}

/* Appends the features of a level that a processor lacks, or of which it is not known. */
static void put_missing(struct text *t, const struct cpuid_set *set, unsigned level, bool lacks,
                        const char *words)
{
	bool first = true;

	for (size_t i = 0; i < level_features_count; i++) {
		const struct level_feature *f = &level_features[i];

		if (!level_misses(set, f, level) || known(set, (enum feature_id)f->id) != lacks)
			continue;
		put_item(t, &first, " ", first ? words : "");
		text_put(t, feature_name((enum feature_id)f->id));
	}
}

void glance_level(struct text *t, const struct report_kind *k, const struct cpuid_set *set)
{
	const unsigned level = level_of(set);

	(void)k;
	char lacks[256], unknown[256];
	struct text l, u;

	text_start(&l, lacks, sizeof(lacks));
	text_start(&u, unknown, sizeof(unknown));
	put_missing(&l, set, level + 1, true, " it lacks ");
	put_missing(&u, set, level + 1, false, " not known: ");
	if (level) {
		text_put(t, "x86-64-v");
		text_decimal(t, level);
	} else {
		text_put(t, l.used ? "below x86-64-v1" : "not known");
	}
	if (level == LEVELS)
		return;
	text_put(t, "; for v");
	text_decimal(t, level + 1);
	text_put(t, text_string(&l));
	text_put(t, l.used && u.used ? ";" : "");
	text_put(t, text_string(&u));
}

/* Appends the parts of a whole that a processor has, or lacks. */
static void put_parts(struct text *t, const struct cpuid_set *set, enum feature_id whole, bool with,
                      const char *words)
{
	bool first = true;

	for (size_t i = 0; i < virtualization_parts_count; i++) {
		const struct virtualization_part *p = &virtualization_parts[i];
		const enum feature_id id = (enum feature_id)p->id;

		if (p->whole != whole || !known(set, id) || has(set, id) != with)
			continue;
		put_item(t, &first, ", ", first ? words : "");
		text_put(t, p->name);
	}
}

void glance_virtualization(struct text *t, const struct report_kind *k, const struct cpuid_set *set)
{
	static const enum feature_id wholes[] = { F_VMX, F_SVM };
	bool any = false, all_known = true;

	(void)k;
	for (size_t i = 0; i < 2; i++) {
		const enum feature_id id = wholes[i];
		const bool parts = known(set, id == F_VMX ? F_VMX_EPT : F_SVM_NP);

		all_known = all_known && known(set, id);
		if (!has(set, id))
			continue;
		any = true;
		text_put(t, feature_name(id));
		put_parts(t, set, id, true, " with ");
		put_parts(t, set, id, false, "; without ");
		if (!parts)
			text_put(t, "; its parts are not known: not in the report");
	}
	if (!any)
		text_put(t, all_known ? "neither VMX nor SVM" : "not known");
	put_parts(t, set, F_NONE, true, "; ");
}

/* Appends the weaknesses of a state, or those that need the same work as w. */
static bool put_weaknesses(struct text *t, const struct cpuid_set *set, enum weakness_state state,
                           const struct weakness *work, const char *words)
{
	bool first = true;

	for (const struct weakness *w = weaknesses; w < weaknesses + weaknesses_count; w++)
		if (weakness_state(w, set) == state &&
		    (!work || strcmp(w->work, work->work) == 0)) {
			put_item(t, &first, ", ", first ? words : "");
			for (const char *c = w->name; *c; c++)
				text_bytes(t, *c == ' ' ? NO_BREAK : c, 1);
		}
	return !first;
}

void glance_software(struct text *t, const struct report_kind *k, const struct cpuid_set *set)
{
	(void)k;
	for (const struct weakness *w = weaknesses; w < weaknesses + weaknesses_count; w++) {
		bool said = false;

		if (weakness_state(w, set) != WEAKNESS_OPEN)
			continue;
		for (const struct weakness *e = weaknesses; e < w; e++)
			said = said || (weakness_state(e, set) == WEAKNESS_OPEN &&
			                strcmp(e->work, w->work) == 0);
		if (said)
			continue;
		put_weaknesses(t, set, WEAKNESS_OPEN, w, t->used ? "\n" : "");
		text_put(t, ": ");
		text_put(t, w->work);
		const enum weakness_remedy remedy = weakness_remedy(w, set);

		text_put(t, remedy == REMEDY_MISSING   ? "; not offered here: "
		            : remedy == REMEDY_UNKNOWN ? "; not known whether it is offered: "
		                                       : "");
		text_put(t, remedy == REMEDY_THERE ? "" : w->remedy);
	}
}

static bool some_unknown(const struct cpuid_set *set)
{
	for (const struct weakness *w = weaknesses; w < weaknesses + weaknesses_count; w++)
		if (weakness_state(w, set) == WEAKNESS_UNKNOWN)
			return true;
	return false;
}

void glance_speculation(struct text *t, const struct report_kind *k, const struct cpuid_set *set)
{
	const char *words;
	bool first = true;
	size_t next = 0;

	(void)k;
	if (!put_weaknesses(t, set, WEAKNESS_IMMUNE, NULL, "immune to "))
		text_put(t, some_unknown(set) ? "immunities not known" : "claims no immunity");
	while ((words = speculation_control(set, &next))) {
		put_item(t, &first, ", ", first ? "\noffers " : "");
		for (; *words; words++)
			text_bytes(t, *words == ' ' ? NO_BREAK : words, 1);
	}
	if (first)
		text_put(t, known(set, F_IBRS_IBPB) ? "\noffers no control of speculation"
		                                    : "\nwhat it offers is not known");
	put_weaknesses(t, set, WEAKNESS_OPEN, NULL, "\ndoes not say that it is immune to ");
	put_weaknesses(t, set, WEAKNESS_UNKNOWN, NULL, "\nnot known: ");
	for (next = 0; (words = speculation_caution(set, &next));) {
		text_put(t, "\n");
		text_put(t, words);
	}
}

void glance_microcode(struct text *t, const struct report_kind *k, const struct cpuid_set *set)
{
	(void)set;
	text_put(t, k->control.microcode.known ? "revision 0x" : "not known");
	if (k->control.microcode.known)
		text_hex(t, k->control.microcode.value, 1);
}

void glance_firmware(struct text *t, const struct report_kind *k, const struct cpuid_set *set)
{
	bool first = true;

	for (struct msr_finding f = { .next = 0 }; msr_next(&f, &k->control, set);) {
		put_item(t, &first, "\n", "");
		finding_write(t, &f);
	}
	if (!first)
		return;
	if (has(set, F_HYPERVISOR_PRESENT))
		text_put(t, "what it switched off cannot be seen from inside a VM");
	else if (k->control.msrs == 0)
		text_put(t, "what it switched off is not known: no registers in the report");
	else
		text_put(t, "no register says that it switched off a feature");
}
