/* SPDX-License-Identifier: MIT */
#include "mask/mask_value.h"

#include "base/ascii.h"

static const char *const names[] = {
	[MASK_VAL] = "Val",
	[MASK_MAX] = "Max",
	[MASK_MIN] = "Min",
	[MASK_MATCH] = "Match",
};

const char *mask_op_name(enum mask_op op)
{
	return names[op];
}

/* Moves past word and a colon if they come next, in any case. */
static bool take(const char **at, const char *end, const char *word)
{
	const char *p = *at;

	for (; *word; word++, p++)
		if (p == end || ascii_lower(*p) != ascii_lower(*word))
			return false;
	if (p == end || *p != ':')
		return false;
	*at = p + 1;
	return true;
}

/* Reads all of the text as a number of at most 64 bits. */
static bool read_number(uint64_t *number, const char *at, const char *end)
{
	const bool hex = end - at > 2 && at[0] == '0' && ascii_lower(at[1]) == 'x';
	const unsigned base = hex ? 16 : 10;

	at += hex ? 2 : 0;
	*number = 0;
	if (at == end)
		return false;
	for (; at < end; at++) {
		const int digit = ascii_hex(*at);

		if (digit < 0 || digit >= (int)base ||
		    *number > (UINT64_MAX - (unsigned)digit) / base)
			return false;
		*number = *number * base + (unsigned)digit;
	}
	return true;
}

bool mask_value_read(struct mask_value *v, const char *text, size_t size)
{
	const char *const end = text + size;

	if (!take(&text, end, "Bool"))
		take(&text, end, "Num");
	for (unsigned op = 0; op < sizeof(names) / sizeof(names[0]); op++)
		if (take(&text, end, names[op])) {
			v->op = (enum mask_op)op;
			return read_number(&v->number, text, end);
		}
	return false;
}
