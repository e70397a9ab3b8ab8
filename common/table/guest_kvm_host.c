/* SPDX-License-Identifier: MIT */
#include "table/guest_kvm_host.h"

#include "base/mem.h"

enum vendor { INTEL, AMD };

/* For which hosts a row is, and what it says of them. */
static const struct row {
	uint16_t id, since, until;    /* until: 0 is for ever */
	uint16_t with, also, without; /* enum feature_id; without: not offered to guests */
	uint8_t vendor, families[2], models[2], steppings[2];
	uint32_t microcode; /* with which a feature is not taken, or is made */
	const char *why;
} taken[] = {
#define TAKEN(feature, vendor, family, low, high, first, last, with, since, fixed, why)  \
	{ F_##feature,   since,           0,      F_##with,                              \
	  F_NONE,        F_NONE,          vendor, { family, (family) ? (family) : 255 }, \
	  { low, high }, { first, last }, fixed,  why },
#define WITHOUT(feature, other, since, why)                                  \
	{ F_##feature, since,      0,          F_NONE,    F_NONE, F_##other, \
	  INTEL,       { 0, 255 }, { 0, 255 }, { 0, 15 }, 0,      why },
#define MADE(...)
#define NOT(...)
#include "table/guest_kvm_host.def"
#undef TAKEN
#undef WITHOUT
#undef MADE
#undef NOT
}, made[] = {
#define TAKEN(...)
#define WITHOUT(...)
#define MADE(feature, vendor, family, to, low, high, first, last, with, also, since, until, \
             microcode, why)                                                                \
	{ F_##feature, since,          until,         F_##with,        F_##also,  F_NONE,   \
	  vendor,      { family, to }, { low, high }, { first, last }, microcode, why },
#define NOT(feature, vendor, family, low, high, first, last, with, since)                          \
	{ F_##feature,   since,           0, F_##with, F_NONE, F_NONE, vendor, { family, family }, \
	  { low, high }, { first, last }, 0, NULL },
#include "table/guest_kvm_host.def"
#undef TAKEN
#undef WITHOUT
#undef MADE
#undef NOT
};

#define TAKEN_COUNT (sizeof(taken) / sizeof(taken[0]))
#define MADE_COUNT  (sizeof(made) / sizeof(made[0]))

static bool is_between(uint32_t value, const uint8_t range[2])
{
	return value >= range[0] && value <= range[1];
}

static bool has(const struct cpuid_set *host, uint16_t id)
{
	return id == F_NONE || feature_value(host, (enum feature_id)id);
}

static bool fits(const struct row *row, const struct guest_kvm *k, const struct cpuid_set *host)
{
	static const char name[][13] = { [INTEL] = "GenuineIntel", [AMD] = "AuthenticAMD" };
	char vendor[13];

	if (k->kernel < row->since || (row->until && k->kernel >= row->until))
		return false;
	cpuid_vendor(host, vendor);
	return memcmp(vendor, name[row->vendor], sizeof(vendor)) == 0 &&
	       is_between(cpuid_family(host), row->families) &&
	       is_between(cpuid_model(host), row->models) &&
	       is_between(feature_value(host, F_STEPPING), row->steppings) &&
	       has(host, row->with) && has(host, row->also) &&
	       (row->without == F_NONE ||
	        !guest_kvm_offers(k, host, (enum feature_id)row->without));
}

/* True if a row names a microcode and the host has that or a newer one. */
static bool has_microcode(const struct row *row, const struct guest_kvm *k)
{
	return row->microcode && k->microcode_known && k->microcode >= row->microcode;
}

const char *guest_kvm_taken(const struct guest_kvm *k, const struct cpuid_set *host,
                            enum feature_id id, uint32_t *fixed)
{
	*fixed = 0;
	for (const struct row *row = taken; row < taken + TAKEN_COUNT; row++)
		if (row->id == id && fits(row, k, host)) {
			*fixed = row->microcode;
			return has_microcode(row, k) ? NULL : row->why;
		}
	return NULL;
}

const char *guest_kvm_made(const struct guest_kvm *k, const struct cpuid_set *host,
                           enum feature_id id)
{
	for (const struct row *row = made; row < made + MADE_COUNT; row++)
		/* NOT rows have no reason. */
		if (row->id == id && fits(row, k, host) &&
		    (!row->microcode || has_microcode(row, k)))
			return row->why;
	return NULL;
}

static void put_range(struct text *t, const char *before, const uint8_t range[2],
                      const char *between)
{
	text_put(t, before);
	text_hex(t, range[0], 2);
	if (range[1] != range[0]) {
		text_put(t, between);
		text_hex(t, range[1], 2);
	}
}

/* "Intel 06_55H stepping 06-0f", with the manuals' form of a family and model. */
static void put_processors(struct text *t, const struct row *row)
{
	const uint16_t with[] = { row->with, row->also };

	text_put(t, row->vendor == INTEL ? "Intel" : "AMD");
	if (row->families[0] != 0 && row->families[1] == 255) {
		text_put(t, " from ");
		text_hex(t, row->families[0], 2);
	} else if (row->families[0] != 0)
		put_range(t, " ", row->families, "H-");
	if (row->models[0] != 0 || row->models[1] != 255) {
		put_range(t, "_", row->models, "H-");
		text_put(t, "H");
	} else if (row->families[0] != 0)
		text_put(t, "H");
	if (row->steppings[0] != 0 || row->steppings[1] != 15)
		put_range(t, " stepping ", row->steppings, "-");
	for (unsigned i = 0; i < 2; i++)
		if (with[i] != F_NONE) {
			text_put(t, i ? " and " : " with ");
			text_put(t, feature_name((enum feature_id)with[i]));
		}
	if (row->without != F_NONE) {
		text_put(t, " without ");
		text_put(t, feature_name((enum feature_id)row->without));
	}
}

static bool is_same(const char *a, const char *b)
{
	if (!a || !b)
		return a == b;
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

/* True if both are for the same feature and reason. */
static bool is_one_part(const struct row *a, const struct row *b)
{
	return a->id == b->id && is_same(a->why, b->why);
}

/* Appends the rows of one feature and reason, of which the first is row. */
static void put_part(struct text *t, const struct row *row, const struct row *end,
                     const char *before, const char *with)
{
	const struct row *last = NULL;

	for (const struct row *r = row; r < end; r++) {
		/* The same processors again are for older kernels. */
		if (!is_one_part(r, row) ||
		    (last && last->with == r->with && memcmp(last->models, r->models, 2) == 0 &&
		     memcmp(last->steppings, r->steppings, 2) == 0))
			continue;
		last = r;
		text_put(t, r == row ? before : ", ");
		put_processors(t, r);
		if (r->microcode) {
			text_put(t, with);
			text_hex(t, r->microcode, 1);
			text_put(t, "H");
		}
	}
	text_put(t, row->why ? ": " : "");
	text_put(t, row->why ? row->why : "");
	text_put(t, "; ");
}

static void put_rows(struct text *t, const struct row *rows, const struct row *end,
                     enum feature_id id, const char *before, const char *with)
{
	for (const struct row *row = rows; row < end; row++) {
		bool first = row->id == id;

		for (const struct row *r = rows; r < row; r++)
			first = first && !is_one_part(r, row);
		if (first)
			put_part(t, row, end, row->why ? before : "Linux does not add it on ",
			         with);
	}
}

void guest_kvm_host_about(struct text *t, enum feature_id id)
{
	put_rows(t, taken, taken + TAKEN_COUNT, id, "guests do not get it on ",
	         " before microcode ");
	put_rows(t, made, made + MADE_COUNT, id, "Linux adds it on ", " from microcode ");
}
