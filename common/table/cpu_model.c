/* SPDX-License-Identifier: MIT */
#include "table/cpu_model.h"

#include "base/ascii.h"
#include "base/mem.h"

/* The table is read once for each of its parts; the macros of the other parts are then empty. */
#define HAS(feature)
#define LACKS(feature)
#define UNLIKE(feature)
#define ONCE(feature)
#define MADE(...)

#define V(major, minor) CPU_VERSION(major, minor)
#define NEVER           CPU_NEVER
#define SIGNED(family_, model_, stepping_) \
	.family = (family_), .model = (model_), .stepping = (stepping_)
#define LEAVES(last_, extended) .last = (last_), .last_extended = (extended)
#define SINCE(qemu_, libvirt_, in_libvirt, proxmox_)                              \
	.qemu = (qemu_), .libvirt = (libvirt_), .alias_in_libvirt = (in_libvirt), \
	.proxmox = (proxmox_)
#define MODEL(id, parent_, name_, alias_, vendor_, age_, ...) \
	[M_##id] = { .name = name_,                           \
		     .alias = alias_,                         \
		     .parent = M_##parent_,                   \
		     .vendor = CPU_##vendor_,                 \
		     .age = age_,                             \
		     __VA_ARGS__ },

const struct cpu_model cpu_models[M_COUNT] = {
#include "table/cpu_model.def"
};

#undef MODEL
#undef MADE

/* A parent stands before its children, so that none is its own ancestor. */
#define MODEL(id, parent, ...) \
	_Static_assert((int)M_##parent < (int)M_##id, "the parent of " #id " comes after it");
#define MADE(...)
#include "table/cpu_model.def"
#undef MODEL
#undef MADE

static const struct signature {
	uint8_t vendor, family, model[2], stepping[2];
	uint16_t age;
} signatures[] = {
#define MODEL(...)
#define MADE(vendor, family, first, last, from, to, age) \
	{ CPU_##vendor, family, { first, last }, { from, to }, age },
#include "table/cpu_model.def"
#undef MADE
#undef MODEL
};

#undef HAS
#undef LACKS
#undef UNLIKE
#undef ONCE
#define MADE(...)

/* The words of the table in their order: a model, then what is said of it. */
enum word_kind { WORD_MODEL, WORD_HAS, WORD_LACKS, WORD_UNLIKE, WORD_ONCE };

static const struct word {
	uint8_t kind;
	uint16_t id;
} words[] = {
#define MODEL(id, ...)  { WORD_MODEL, M_##id },
#define HAS(feature)    { WORD_HAS, F_##feature },
#define LACKS(feature)  { WORD_LACKS, F_##feature },
#define UNLIKE(feature) { WORD_UNLIKE, F_##feature },
#define ONCE(feature)   { WORD_ONCE, F_##feature },
#include "table/cpu_model.def"
#undef MODEL
#undef HAS
#undef LACKS
#undef UNLIKE
#undef ONCE
};

static const char *const vendors[CPU_VENDORS] = {
	[CPU_INTEL] = "GenuineIntel",
	[CPU_AMD] = "AuthenticAMD",
	[CPU_HYGON] = "HygonGenuine",
	[CPU_ZHAOXIN] = "CentaurHauls",
};

/* Source: libvirt src/cpu_map/x86_vendors.xml. */
static const char *const libvirt_vendors[CPU_VENDORS] = {
	[CPU_INTEL] = "Intel",
	[CPU_AMD] = "AMD",
	[CPU_HYGON] = "Hygon",
};

static void add_words(enum cpu_model_id id, struct cpu_model_features *f)
{
	const size_t count = sizeof(words) / sizeof(words[0]);
	size_t i = 0;

	while (words[i].kind != WORD_MODEL || words[i].id != id)
		i++;
	for (i++; i < count && words[i].kind != WORD_MODEL; i++)
		if (words[i].kind == WORD_UNLIKE)
			f->unlike[words[i].id] = true;
		else if (words[i].kind == WORD_ONCE)
			f->once[words[i].id] = true;
		else
			f->has[words[i].id] = words[i].kind == WORD_HAS;
}

void cpu_model_features(enum cpu_model_id id, struct cpu_model_features *f)
{
	if (id == M_NO_MODEL) {
		memset(f, 0, sizeof(*f));
		return;
	}
	cpu_model_features((enum cpu_model_id)cpu_models[id].parent, f);
	memset(f->unlike, 0, sizeof(f->unlike));
	memset(f->once, 0, sizeof(f->once));
	add_words(id, f);
}

bool cpu_model_gives(const struct cpu_model_features *f, enum feature_id id)
{
	if (id == F_X2APIC)
		return true;
	return f->has[id] && id != F_MONITOR && id != F_ACPI && id != F_SVM;
}

bool cpu_model_in_libvirt(const struct cpu_model_features *f, enum feature_id id, unsigned libvirt)
{
	return f->has[id] != f->unlike[id] || (f->once[id] && libvirt < CPU_VERSION(11, 3));
}

enum cpu_model_id cpu_model_find(const char *name)
{
	for (unsigned i = M_NO_MODEL + 1; *name && i < M_COUNT; i++)
		if (ascii_compare(cpu_models[i].name, name) == 0 ||
		    ascii_compare(cpu_models[i].alias, name) == 0)
			return (enum cpu_model_id)i;
	return M_NO_MODEL;
}

const char *cpu_vendor_string(enum cpu_vendor vendor)
{
	return vendors[vendor] ? vendors[vendor] : "";
}

const char *cpu_vendor_in_libvirt(enum cpu_vendor vendor)
{
	return libvirt_vendors[vendor] ? libvirt_vendors[vendor] : "";
}

enum cpu_vendor cpu_model_vendor(const struct cpuid_set *set)
{
	char vendor[13];

	cpuid_vendor(set, vendor);
	for (unsigned i = CPU_ANY + 1; i < CPU_VENDORS; i++)
		if (ascii_compare(vendor, vendors[i]) == 0)
			return (enum cpu_vendor)i;
	return CPU_ANY;
}

unsigned cpu_model_age(const struct cpuid_set *set)
{
	const uint32_t base = feature_value(set, F_FAMILY);
	const uint32_t family = base + (base == 15 ? feature_value(set, F_EXTENDED_FAMILY) : 0);
	const uint32_t high = base == 6 || base == 15 ? feature_value(set, F_EXTENDED_MODEL) : 0;
	const uint32_t model = high << 4 | feature_value(set, F_MODEL);
	const uint32_t stepping = feature_value(set, F_STEPPING);
	const enum cpu_vendor vendor = cpu_model_vendor(set);

	for (size_t i = 0; i < sizeof(signatures) / sizeof(signatures[0]); i++) {
		const struct signature *s = &signatures[i];

		if (s->vendor == vendor && s->family == family && model >= s->model[0] &&
		    model <= s->model[1] && stepping >= s->stepping[0] &&
		    stepping <= s->stepping[1])
			return s->age;
	}
	return 0;
}
