/* SPDX-License-Identifier: MIT */
/*
 * cpu_model.h - the named processor models of QEMU, libvirt and Proxmox VE.
 *
 * cpu_model.def is the table.  A model's definition never changes, so that its name, with its
 * version, means the same features in every program that knows it.
 */
#ifndef CPU_MODEL_H
#define CPU_MODEL_H

#include "table/feature.h"

enum cpu_vendor { CPU_ANY, CPU_INTEL, CPU_AMD, CPU_HYGON, CPU_ZHAOXIN, CPU_VENDORS };

/* Versions compare as numbers.  No version is CPU_NEVER. */
#define CPU_VERSION(major, minor) ((major) << 8 | (minor))
#define CPU_NEVER                 0xffff

enum cpu_model_id {
	M_NO_MODEL,
#define MODEL(id, ...) M_##id,
#define MADE(...)
#define HAS(feature)
#define LACKS(feature)
#define UNLIKE(feature)
#define ONCE(feature)
#include "table/cpu_model.def"
#undef MODEL
#undef MADE
#undef HAS
#undef LACKS
#undef UNLIKE
#undef ONCE
	M_COUNT,
};

struct cpu_model {
	const char *name, *alias; /* alias: "" if it has none */
	uint16_t parent;
	uint16_t vendor, age; /* age: a year; 0 for models of no processor */
	uint16_t family, model, stepping;
	uint32_t last, last_extended;                      /* leaves */
	uint16_t qemu, libvirt, alias_in_libvirt, proxmox; /* since */
};

/* The models by enum cpu_model_id; that of M_NO_MODEL is all zero. */
extern const struct cpu_model cpu_models[M_COUNT];

/*
 * What QEMU's definition has, in what libvirt's differs from it, and what libvirt's had besides
 * before 11.3.
 */
struct cpu_model_features {
	bool has[F_COUNT], unlike[F_COUNT], once[F_COUNT];
};

/* Sets *f to the features of a model. */
void cpu_model_features(enum cpu_model_id id, struct cpu_model_features *f);

/*
 * True if a guest of the model has the feature without a word.  Under KVM, QEMU turns x2APIC on,
 * and MONITOR, ACPI and SVM off (target/i386/kvm/kvm-cpu.c, kvm_default_props).
 */
bool cpu_model_gives(const struct cpu_model_features *f, enum feature_id id);

/* True if a version of libvirt has the feature in its model: it then looks for it on the host. */
bool cpu_model_in_libvirt(const struct cpu_model_features *f, enum feature_id id, unsigned libvirt);

/* Returns the model with a name or alias, or M_NO_MODEL. */
enum cpu_model_id cpu_model_find(const char *name);

/* Return "GenuineIntel", and "Intel" as libvirt calls it; "" for CPU_ANY and what it has no name
 * for. */
const char *cpu_vendor_string(enum cpu_vendor vendor);
const char *cpu_vendor_in_libvirt(enum cpu_vendor vendor);

/* Returns the vendor of a set, or CPU_ANY if it is none of them. */
enum cpu_vendor cpu_model_vendor(const struct cpuid_set *set);

/* Returns the year in which processors with the signature of a set came out, or 0. */
unsigned cpu_model_age(const struct cpuid_set *set);

#endif
