/* SPDX-License-Identifier: MIT */
#include "report/report_word.h"

static const uint8_t field_type[FIELD_COUNT] = {
#define FIELD(id, name, type) TYPE_##type,
#include "report/report_field.def"
#undef FIELD
};

const char *const report_cut_word[REPORT_CUTS] = { "leaves", "kinds", "processors", "strings" };

unsigned report_version(const struct report *r)
{
	bool newer = false;

	for (unsigned field = REPORT_FIELDS_1; field < FIELD_COUNT; field++)
		newer |= r->known[field];
	return r->setup.there ? 3 : newer ? 2 : 1;
}

enum report_type report_field_type(enum report_field field)
{
	return (enum report_type)field_type[field];
}
