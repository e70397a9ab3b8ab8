/* SPDX-License-Identifier: MIT */
#include "table/feature_unit.h"

enum how { PLAIN, PLUS, TIMES, X32, POWER, HEX, TEXT };

static const struct {
	uint8_t how;
	uint16_t number;
	const char *one, *many;
} units[U_COUNT] = {
#define UNIT(name, how, number, one, many) { how, number, one, many },
#define UNIT_CODE(...)
#include "table/feature_unit.def"
#undef UNIT
#undef UNIT_CODE
};

static const struct code {
	uint8_t unit;
	uint32_t value;
	const char *words;
} codes[] = {
#define UNIT(...)
#define UNIT_CODE(name, value, words) { U_##name, value, words },
#include "table/feature_unit.def"
#undef UNIT
#undef UNIT_CODE
};

#define CODES (sizeof(codes) / sizeof(codes[0]))

static const uint8_t unit_of[F_COUNT] = {
#define FEATURE(leaf, sub, reg, low, high, name, kind, rule, unit, needs, about) \
	[F_##name] = U_##unit,
#include "table/feature.def"
#undef FEATURE
};

enum unit feature_unit(enum feature_id id)
{
	return (enum unit)unit_of[id];
}

static const char *code_words(enum unit unit, uint32_t value)
{
	for (const struct code *c = codes; c < codes + CODES; c++)
		if (c->unit == unit && c->value == value)
			return c->words;
	return NULL;
}

static void put_hex(struct text *t, uint32_t value)
{
	text_put(t, "0x");
	text_hex(t, value, 1);
}

/* Appends the characters, lowest first, without NULs at the end.  With a NUL between: the number.
 */
static void put_characters(struct text *t, uint32_t value)
{
	char characters[sizeof(value) + 1] = "";
	size_t size = 0;

	for (uint32_t left = value; left; left >>= 8) {
		if ((left & 0xff) == 0) {
			put_hex(t, value);
			return;
		}
		characters[size++] = (char)(left & 0xff);
	}
	text_quoted(t, characters);
}

static void put_counted(struct text *t, enum unit unit, uint64_t count)
{
	const char *words = count == 1 ? units[unit].one : units[unit].many;

	text_decimal(t, count);
	text_put(t, *words ? " " : "");
	text_put(t, words);
}

/* Appends two to the power of exponent, in the largest unit that gives a whole number. */
static void put_power(struct text *t, uint32_t exponent)
{
	static const char *const names[] = { "bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	const size_t name = exponent / 10;

	if (name >= sizeof(names) / sizeof(names[0])) {
		text_put(t, "2^");
		text_decimal(t, exponent);
		text_put(t, " bytes");
		return;
	}
	text_decimal(t, UINT64_C(1) << exponent % 10);
	text_put(t, exponent == 0 ? " byte" : " ");
	text_put(t, exponent == 0 ? "" : names[name]);
}

/* Appends the meaning of a number, in parentheses. */
static void put_reading(struct text *t, enum unit unit, uint32_t value)
{
	const char *words = code_words(unit, value);

	text_put(t, " (");
	if (words)
		text_put(t, words);
	else if (units[unit].how == PLUS)
		put_counted(t, unit, (uint64_t)value + units[unit].number);
	else if (units[unit].how == TIMES || units[unit].how == X32)
		put_counted(t, unit, (uint64_t)value * units[unit].number);
	else
		put_power(t, value);
	text_put(t, ")");
}

/* How a unit is read in a set, or, without one, where nothing else is known. */
static enum how how_in(const struct cpuid_set *set, enum unit unit)
{
	const enum how how = (enum how)units[unit].how;

	return how == X32 && !(set && feature_value(set, F_L2TLB_SIZE_X32)) ? PLAIN : how;
}

void feature_unit_value(struct text *t, const struct cpuid_set *set, enum feature_id id,
                        uint32_t value)
{
	const enum unit unit = feature_unit(id);
	const bool named = code_words(unit, value) != NULL;

	switch (how_in(set, unit)) {
	case TEXT:
		put_characters(t, value);
		return;
	case HEX:
		put_hex(t, value);
		break;
	case PLAIN:
		if (named)
			text_decimal(t, value);
		else
			put_counted(t, unit, value);
		break;
	case PLUS:
	case TIMES:
	case X32:
	case POWER:
		text_decimal(t, value);
		put_reading(t, unit, value);
		return;
	}
	if (named)
		put_reading(t, unit, value);
}

static void about_codes(struct text *t, enum unit unit)
{
	const char *comma = units[unit].many[0] ? "; " : "";

	for (const struct code *c = codes; c < codes + CODES; c++)
		if (c->unit == unit) {
			text_put(t, comma);
			if (units[unit].how == HEX)
				put_hex(t, c->value);
			else
				text_decimal(t, c->value);
			text_put(t, "=");
			text_put(t, c->words);
			comma = ", ";
		}
}

void feature_unit_about(struct text *t, enum feature_id id)
{
	const enum unit unit = feature_unit(id);
	const char *many = units[unit].many;

	switch ((enum how)units[unit].how) {
	case TEXT:
		text_put(t, "4 characters");
		return;
	case HEX:
	case PLAIN:
		text_put(t, many);
		break;
	case PLUS:
		text_put(t, *many ? "the number of " : "the number");
		text_put(t, many);
		text_put(t, " minus ");
		text_decimal(t, units[unit].number);
		return;
	case TIMES:
		text_put(t, "a multiple of ");
		put_counted(t, unit, units[unit].number);
		return;
	case X32:
		text_put(t, many);
		text_put(t, "; 32 each where L2TLB_SIZE_X32 is set");
		return;
	case POWER:
		text_put(t, "the exponent of a power of two, in ");
		text_put(t, many);
		return;
	}
	about_codes(t, unit);
}
