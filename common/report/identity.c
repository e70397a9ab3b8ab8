/* SPDX-License-Identifier: MIT */
#include "report/identity.h"

#include "base/ascii.h"
#include "base/mem.h"

/* One object, without pointers: see feature.c. */
static const char placeholders[] =
#define PLACEHOLDER(string) string "\0"
#include "report/placeholder.def"
#undef PLACEHOLDER
	;

static const enum report_field fields[] = {
	FIELD_SYSTEM_VENDOR, FIELD_SYSTEM_PRODUCT, FIELD_SYSTEM_SERIAL,
	FIELD_BOARD_SERIAL,  FIELD_SYSTEM_UUID,    FIELD_CHASSIS_SERIAL,
};

/* Of fields[], these are numbers, and these are enough to identify a machine. */
enum { NUMBERS = 2, ENOUGH_END = 5, FIELDS = sizeof(fields) / sizeof(fields[0]) };

_Static_assert(IDENTITY_MAX >= FIELDS * (REPORT_STRING_MAX + 2), "all fields fit");

/* Returns the next letter or digit, in lower case, and moves past it; NUL at the end. */
static char next_letter(const char **at)
{
	for (; **at; ++*at) {
		const char c = ascii_lower(**at);

		if (ascii_digit(c) || (c >= 'a' && c <= 'z')) {
			++*at;
			return c;
		}
	}
	return '\0';
}

static bool same_letters(const char *a, const char *b)
{
	for (;;) {
		const char c = next_letter(&a);

		if (c != next_letter(&b))
			return false;
		if (c == '\0')
			return true;
	}
}

/* Returns true if there is no letter or digit, one only, repeated, or digits that count up. */
static bool is_monotonous(const char *string)
{
	bool repeated = true, counts = true;
	char last = next_letter(&string);

	counts = ascii_digit(last);
	for (char c; last && (c = next_letter(&string)) != '\0'; last = c) {
		repeated = repeated && c == last;
		counts = counts && c == (last == '9' ? '0' : last + 1);
	}
	return repeated || counts;
}

bool identity_placeholder(const char *string)
{
	if (is_monotonous(string))
		return true;
	for (const char *at = placeholders; *at; at += ascii_size(at) + 1)
		if (same_letters(at, string))
			return true;
	return false;
}

static bool is_known(const struct report *r, size_t i)
{
	/* cppcheck-suppress [arrayIndexOutOfBoundsCond, arrayIndexThenCheck] ; not FIELDS */
	return r->known[fields[i]] && (i < NUMBERS || !identity_placeholder(r->field[fields[i]]));
}

const char *identity_name(const struct report *r)
{
	for (size_t i = NUMBERS; i < ENOUGH_END; i++)
		if (is_known(r, i))
			return r->field[fields[i]];
	return "";
}

void identity_take(struct identity *id, const struct report *r)
{
	struct text t;

	text_start(&t, id->bytes, sizeof(id->bytes));
	for (size_t i = 0; i < FIELDS; i++) {
		const bool known = is_known(r, i);

		if (known)
			text_put(&t, r->field[fields[i]]);
		/* An unknown field differs from an empty one. */
		text_bytes(&t, known ? "\0=" : "\0-", 2);
	}
	id->size = *identity_name(r) ? t.used : 0;
}

bool identity_same(const struct identity *a, const struct identity *b)
{
	return a->size > 0 && a->size == b->size && memcmp(a->bytes, b->bytes, a->size) == 0;
}
