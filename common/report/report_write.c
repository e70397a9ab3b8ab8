/* SPDX-License-Identifier: MIT */
#include "base/lines.h"
#include "cpuid/cpuid_text.h"
#include "report/report.h"
#include "report/report_word.h"

static void write_field(struct text *t, const struct report *r, enum report_field field)
{
	text_put(t, report_field_name(field));
	text_put(t, " ");
	if (!r->known[field])
		text_put(t, "unknown");
	else if (report_field_type(field) == TYPE_QUOTED)
		text_quoted(t, r->field[field]);
	else
		text_put(t, r->field[field]);
	text_put(t, "\n");
}

/* Ends a line with a value. */
static void write_word(struct text *t, const struct control_value *value)
{
	text_put(t, " ");
	if (value->known)
		text_hex(t, value->value, 1);
	else
		text_put(t, "unknown");
	text_put(t, "\n");
}

static void write_value(struct text *t, const char *name, const struct control_value *value)
{
	text_put(t, name);
	write_word(t, value);
}

static void write_cut(struct text *t, unsigned cut)
{
	text_put(t, "cut");
	for (unsigned i = 0; i < REPORT_CUTS; i++)
		if (cut >> i & 1) {
			text_put(t, " ");
			text_put(t, report_cut_word[i]);
		}
	text_put(t, cut ? "\n" : " none\n");
}

/* Writes a register's values of all processors of a kind, if any two differ. */
static void write_varying(struct text *t, const struct report *r, size_t kind, size_t v)
{
	const struct report_kind *k = &r->kind[kind];
	const struct cpuid_leaf *l = &k->set.at[k->vary[v].leaf];
	uint32_t value[REPORT_PROCESSORS_MAX];
	size_t count = 0;
	bool differ = false;

	for (size_t i = 0; i < r->processors; i++)
		if (r->processor[i].kind == kind) {
			value[count++] = r->processor[i].value[v];
			differ |= value[count - 1] != value[0];
		}
	if (!differ)
		return;
	text_put(t, "vary ");
	text_hex(t, l->leaf, 8);
	text_put(t, " ");
	text_hex(t, l->subleaf, 2);
	text_put(t, " ");
	text_put(t, cpuid_register((enum cpuid_reg)k->vary[v].reg));
	text_put(t, "\n");
	lines_values_write(t, value, count);
}

static void write_kind(struct text *t, const struct report *r, size_t kind)
{
	const struct report_kind *k = &r->kind[kind];
	uint32_t member[REPORT_PROCESSORS_MAX];
	const size_t members = report_members(r, kind, member);

	text_put(t, "kind ");
	text_decimal(t, kind);
	text_put(t, "\n");
	lines_list_write(t, "members", member, members);
	write_value(t, "cr4", &k->control.cr4);
	write_value(t, "xcr0", &k->control.xcr0);
	write_value(t, "microcode", &k->control.microcode);
	for (size_t i = 0; i < k->control.msrs; i++) {
		text_put(t, "msr ");
		text_hex(t, k->control.msr[i].number, 8);
		write_word(t, &k->control.msr[i].value);
	}
	cpuid_text_write(t, &k->set);
	for (size_t v = 0; v < k->varies; v++)
		write_varying(t, r, kind, v);
}

void report_write(struct text *t, const struct report *r)
{
	const unsigned version = report_version(r);

	text_put(t, REPORT_MAGIC " ");
	text_decimal(t, version);
	text_put(t, "\n");
	for (unsigned field = 0; field < (version > 1 ? FIELD_COUNT : REPORT_FIELDS_1); field++)
		write_field(t, r, (enum report_field)field);
	text_put(t, "processors ");
	text_decimal(t, r->processors);
	text_put(t, "\n");
	lines_list_write(t, "disabled", r->disabled.number, r->disabled.count);
	lines_list_write(t, "silent", r->silent.number, r->silent.count);
	write_cut(t, r->cut);
	for (size_t kind = 0; kind < r->kinds; kind++)
		write_kind(t, r, kind);
	if (r->setup.there)
		setup_write(t, &r->setup);
	text_put(t, "end\n");
}
