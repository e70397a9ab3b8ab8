/* SPDX-License-Identifier: MIT */
#include "base/lines.h"
#include "base/mem.h"
#include "cpuid/cpuid_text.h"
#include "report/report.h"
#include "report/report_word.h"

_Static_assert(REPORT_STRING_MAX + 1 >= LINE_TIME_MAX, "a field holds a time");
_Static_assert(REPORT_STRING_MAX == 128 && REPORT_PROCESSORS_MAX == 4096 &&
                       REPORT_KINDS_MAX == 32 && REPORT_VARY_MAX == 40 && CONTROL_MSRS_MAX == 64 &&
                       CPUID_SET_MAX == 512,
               "as the messages in err.def say");

static void read_field(struct scan *s, struct report *r, enum report_field field)
{
	char *string = r->field[field];

	scan_word(s, report_field_name(field), ERR_WORD);
	scan_space(s);
	r->known[field] = !scan_is(s, "unknown");
	if (!r->known[field]) {
		scan_word(s, "unknown", ERR_WORD);
		scan_line_end(s);
		return;
	}
	switch (report_field_type(field)) {
	case TYPE_QUOTED:
		scan_quoted(s, string, sizeof(r->field[field]));
		break;
	case TYPE_DECIMAL:
		report_set_decimal(r, field, scan_decimal(s, UINT64_MAX));
		break;
	case TYPE_HEX:
		report_set_hex(r, field, scan_hex_short(s));
		break;
	case TYPE_TIME:
		lines_time_read(s, string);
		break;
	}
	scan_line_end(s);
}

/* Reads a value that ends a line. */
static void read_word(struct scan *s, struct control_value *value)
{
	scan_space(s);
	*value = (struct control_value){ .known = !scan_is(s, "unknown") };
	if (value->known)
		value->value = scan_hex_short(s);
	else
		scan_word(s, "unknown", ERR_WORD);
	scan_line_end(s);
}

static void read_value(struct scan *s, const char *name, struct control_value *value)
{
	scan_word(s, name, ERR_WORD);
	read_word(s, value);
}

static void read_msrs(struct scan *s, struct control *c)
{
	c->msrs = 0;
	while (scan_is(s, "msr")) {
		const struct scan line = *s;
		struct control_msr m;

		scan_word(s, "msr", ERR_WORD);
		scan_space(s);
		m.number = scan_hex(s, 8);
		read_word(s, &m.value);
		if (s->err != ERR_NONE)
			return;
		if (c->msrs == CONTROL_MSRS_MAX ||
		    (c->msrs && c->msr[c->msrs - 1].number >= m.number)) {
			*s = line;
			scan_fail(s, c->msrs == CONTROL_MSRS_MAX ? ERR_MANY_MSRS : ERR_MSR_ORDER);
			return;
		}
		c->msr[c->msrs++] = m;
	}
}

static void read_cut(struct scan *s, unsigned *cut)
{
	*cut = 0;
	scan_word(s, "cut", ERR_WORD);
	for (unsigned i = 0; i < REPORT_CUTS && !scan_done(s) && *s->at == ' '; i++) {
		struct scan next = *s;
		scan_space(&next);
		if (!scan_is(&next, report_cut_word[i]))
			continue;
		scan_word(&next, report_cut_word[i], ERR_WORD);
		*s = next;
		*cut |= 1U << i;
	}
	if (*cut == 0) {
		scan_space(s);
		scan_word(s, "none", ERR_WORD);
	}
	scan_line_end(s);
}

/* Inserts a processor by its number; its values come later. */
static void add_member(struct scan *s, struct report *r, uint16_t number, size_t kind)
{
	size_t at = r->processors;

	while (at && r->processor[at - 1].number > number)
		at--;
	const bool twice = at && r->processor[at - 1].number == number;
	if (twice || r->processors == REPORT_PROCESSORS_MAX) {
		scan_fail(s, twice ? ERR_MEMBER_TWICE : ERR_MANY_CPUS);
		return;
	}
	memmove(&r->processor[at + 1], &r->processor[at],
	        (r->processors - at) * sizeof(r->processor[0]));
	r->processor[at] = (struct report_processor){ .number = number, .kind = (uint16_t)kind };
	r->processors++;
}

static void read_members(struct scan *s, struct report *r, size_t kind)
{
	static const uint32_t limit = REPORT_NUMBER_MAX;
	uint32_t member[REPORT_PROCESSORS_MAX];
	const struct scan line = *s;
	const size_t members = lines_list_read(s, "members", member, REPORT_PROCESSORS_MAX, limit);

	if (s->err != ERR_NONE)
		return;
	/* Kinds are in the order of their first members; each must have one. */
	if (members == 0 || (kind && member[0] < r->kind[kind - 1].first)) {
		*s = line;
		scan_fail(s, members ? ERR_ORDER : ERR_NO_MEMBERS);
		return;
	}
	r->kind[kind].first = (uint16_t)member[0];
	r->kind[kind].members = members;
	for (size_t i = 0; i < members; i++)
		add_member(s, r, (uint16_t)member[i], kind);
}

/* Reads "vary LEAF SUBLEAF REG" into the kind's next vary[]. */
static void read_vary(struct scan *s, struct report_kind *k)
{
	const struct scan line = *s;
	enum cpuid_reg reg = EAX;

	scan_word(s, "vary", ERR_WORD);
	scan_space(s);
	const uint32_t leaf = scan_hex(s, 8);
	scan_space(s);
	const uint32_t subleaf = scan_hex(s, 2);
	scan_space(s);
	while (reg < EDX && !scan_is(s, cpuid_register(reg)))
		reg++;
	scan_word(s, cpuid_register(reg), ERR_WORD);
	scan_line_end(s);
	if (s->err != ERR_NONE)
		return;

	const struct cpuid_leaf *l = cpuid_find(&k->set, leaf, subleaf);
	const size_t v = k->varies;
	const size_t index = l ? (size_t)(l - k->set.at) : 0;
	enum err err = ERR_NONE;
	if (!l)
		err = ERR_NO_SUCH_LEAF;
	else if (v == REPORT_VARY_MAX)
		err = ERR_MANY_VARYING;
	else if (v && (k->vary[v - 1].leaf > index ||
	               (k->vary[v - 1].leaf == index && k->vary[v - 1].reg >= reg)))
		err = ERR_ORDER;
	if (err != ERR_NONE) {
		*s = line;
		scan_fail(s, err);
		return;
	}
	/* cppcheck-suppress arrayIndexOutOfBoundsCond ; ERR_MANY_VARYING was returned above */
	k->vary[v].leaf = (uint16_t)index;
	/* cppcheck-suppress arrayIndexOutOfBoundsCond ; as above */
	k->vary[v].reg = (uint16_t)reg;
	k->varies++;
}

/* Reads the values of the last register of vary[], one for each processor of the kind. */
static void read_values(struct scan *s, struct report *r, size_t kind)
{
	struct report_kind *k = &r->kind[kind];
	const size_t v = k->varies - 1;
	uint32_t value[REPORT_PROCESSORS_MAX];
	const struct scan line = *s;
	bool differ = false;

	lines_values_read(s, value, k->members);
	if (s->err != ERR_NONE)
		return;
	for (size_t i = 0, used = 0; i < r->processors; i++)
		if (r->processor[i].kind == kind) {
			differ |= value[used] != value[0];
			r->processor[i].value[v] = value[used++];
		}
	/* The first value is in the leaf's line too; a register that does not vary is not listed.
	 */
	if (!differ || value[0] != k->set.at[k->vary[v].leaf].reg[k->vary[v].reg]) {
		*s = line;
		scan_fail(s, ERR_SPELLING);
	}
}

static void read_kind(struct scan *s, struct report *r)
{
	const size_t kind = r->kinds;

	scan_word(s, "kind", ERR_WORD);
	scan_space(s);
	const struct scan at = *s;
	if (kind == REPORT_KINDS_MAX)
		scan_fail(s, ERR_MANY_KINDS);
	if (scan_decimal(s, REPORT_KINDS_MAX) != kind && s->err == ERR_NONE) {
		*s = at;
		scan_fail(s, ERR_ORDER);
	}
	scan_line_end(s);
	if (s->err != ERR_NONE)
		return;

	struct report_kind *k = &r->kind[kind];
	r->kinds++;
	k->varies = 0;
	read_members(s, r, kind);
	read_value(s, "cr4", &k->control.cr4);
	read_value(s, "xcr0", &k->control.xcr0);
	read_value(s, "microcode", &k->control.microcode);
	read_msrs(s, &k->control);
	cpuid_text_read(s, &k->set);
	while (scan_is(s, "vary")) {
		read_vary(s, k);
		if (s->err == ERR_NONE)
			read_values(s, r, kind);
	}
}

static unsigned read_magic(struct scan *s)
{
	unsigned version;

	if (s->at == s->end) {
		s->err = ERR_EMPTY;
		return 0;
	}
	if (!scan_is(s, REPORT_MAGIC)) {
		/* Without a place: the error is the file, not its first word. */
		s->err = ERR_NOT_REPORT;
		return 0;
	}
	scan_word(s, REPORT_MAGIC, ERR_NOT_REPORT);
	scan_space(s);
	version = scan_is(s, "3") ? 3 : scan_is(s, "2") ? 2 : 1;
	scan_word(s, version == 3 ? "3" : version == 2 ? "2" : "1", ERR_VERSION);
	scan_line_end(s);
	return version;
}

enum err report_read(struct report *r, const char *text, size_t size, struct where *reterr_where)
{
	struct scan s;

	report_start(r);
	scan_start(&s, text, size);
	const unsigned version = read_magic(&s);
	for (unsigned field = 0; field < (version > 1 ? FIELD_COUNT : REPORT_FIELDS_1); field++)
		read_field(&s, r, (enum report_field)field);
	if (version == 2 && s.err == ERR_NONE && report_version(r) != version)
		scan_fail(&s, ERR_SPELLING);
	scan_word(&s, "processors", ERR_WORD);
	scan_space(&s);
	const uint64_t processors = scan_decimal(&s, REPORT_PROCESSORS_MAX);
	scan_line_end(&s);
	r->disabled.count = lines_list_read(&s, "disabled", r->disabled.number,
	                                    REPORT_PROCESSORS_MAX, REPORT_NUMBER_MAX);
	r->silent.count = lines_list_read(&s, "silent", r->silent.number, REPORT_PROCESSORS_MAX,
	                                  REPORT_NUMBER_MAX);
	read_cut(&s, &r->cut);
	while (scan_is(&s, "kind"))
		read_kind(&s, r);
	if (version > 2)
		setup_read(&s, &r->setup);
	if (s.err == ERR_NONE && scan_is(&s, "end") && r->processors != processors)
		scan_fail(&s, ERR_PROCESSORS);
	scan_word(&s, "end", ERR_WORD);
	scan_line_end(&s);
	if (s.err == ERR_NONE && s.at != s.end)
		scan_fail(&s, ERR_TRAILING);
	*reterr_where = s.where;
	return s.err;
}
