/* SPDX-License-Identifier: MIT */
/*
 * Never called; this file does not compile if a row of feature.def is wrong: a bit above 31, a
 * field that ends before it begins, two rows for one bit, a leaf that a row cannot hold, a field
 * without a unit, a bit with one, text that is not a whole register.  Nor does it compile if
 * another table has two rows for one feature.
 */
#include "table/feature.h"
#include "table/feature_unit.h"

void feature_check(uint64_t bit);
void feature_check_names(enum feature_id id);
void feature_check_setup(enum feature_id id);
void feature_check_microcode(enum feature_id id);
void feature_check_copy(enum feature_id id);
void feature_check_vmware(enum feature_id id);
void feature_check_vmware_words(enum feature_id id);
void feature_check_guest_kvm(enum feature_id id);
void feature_check_kvm_since(enum feature_id id);
void feature_check_xen(enum feature_id id);
void feature_check_firecracker(enum feature_id id);
void feature_check_virtualbox(enum feature_id id);

#define FEATURE(leaf, sub, reg, low, high, name, ...)                             \
	_Static_assert((sub) < FROM(64) && (low) <= (high) && (high) <= 31 &&     \
	                       FEATURE_LEAF_OF(FEATURE_LEAF(leaf)) == (leaf) &&   \
	                       FEATURE_SUBLEAF_OF(FEATURE_SUBLEAF(sub)) == (sub), \
	               "feature.def: " #name);
#include "table/feature.def"
#undef FEATURE

#define FEATURE(leaf, sub, reg, low, high, name, kind, rule, unit, needs, about)                 \
	_Static_assert(((low) < (high)) == (U_##unit != U_NONE), "feature.def: unit of " #name); \
	_Static_assert(U_##unit != U_TEXT || (high) - (low) == 31, "feature.def: text " #name);
#include "table/feature.def"
#undef FEATURE

/* A fourth need would be lost. */
#define NEEDS(...)              FOURTH(__VA_ARGS__, NONE, NONE, NONE, NONE)
#define FOURTH(a, b, c, d, ...) F_##d
#define FEATURE(leaf, sub, reg, low, high, name, kind, rule, unit, needs, about) \
	_Static_assert(NEEDS needs == F_NONE, "feature.def: too many needs of " #name);
#include "table/feature.def"
#undef FEATURE

/* clang-format off */
#define PLACE(leaf, sub, reg, n) \
	((uint64_t)(leaf) << 21 | (uint64_t)(sub) << 12 | (uint64_t)(reg) << 10 | (uint64_t)(n))

/* A label for the row's bit low + n; after its last bit, a label that no other row has. */
#define LABEL(l, s, r, low, high, n)              \
	case (low) + (n) <= (high)                  \
	        ? PLACE(l, s, r, (low) + (n))       \
	        : UINT64_C(1) << 63 | PLACE(l, s, r, (low)*32 + (n)):
#define LABELS(l, s, r, low, high, n)                                         \
	LABEL(l, s, r, low, high, n) LABEL(l, s, r, low, high, (n) + 1)             \
	LABEL(l, s, r, low, high, (n) + 2) LABEL(l, s, r, low, high, (n) + 3)

/* Two rows for one bit are a duplicate case. */
void feature_check(uint64_t bit)
{
	switch (bit) {
#define FEATURE(l, s, r, low, high, ...)                                    \
	LABELS(l, s, r, low, high, 0) LABELS(l, s, r, low, high, 4)                 \
	LABELS(l, s, r, low, high, 8) LABELS(l, s, r, low, high, 12)                \
	LABELS(l, s, r, low, high, 16) LABELS(l, s, r, low, high, 20)               \
	LABELS(l, s, r, low, high, 24) LABELS(l, s, r, low, high, 28)
#include "table/feature.def"
#undef FEATURE
	default:
		break;
	}
}
/* clang-format on */

/* In the other tables, two rows for one feature are a duplicate case. */
#define ONCE(feature)     \
	case F_##feature: \
		break;

void feature_check_names(enum feature_id id)
{
	switch ((unsigned)id) {
#define NAMES(feature, ...) ONCE(feature)
#include "table/feature_names.def"
#undef NAMES
	}
}

void feature_check_setup(enum feature_id id)
{
	switch ((unsigned)id) {
#define SETUP(feature, ...) ONCE(feature)
#include "table/feature_setup.def"
#undef SETUP
	}
}

void feature_check_microcode(enum feature_id id)
{
	switch ((unsigned)id) {
#define MICROCODE(feature) ONCE(feature)
#include "table/feature_microcode.def"
#undef MICROCODE
	}
}

void feature_check_copy(enum feature_id id)
{
	switch ((unsigned)id) {
#define COPY(feature, ...) ONCE(feature)
#include "table/feature_copy.def"
#undef COPY
	}
}

void feature_check_vmware(enum feature_id id)
{
	switch ((unsigned)id) {
#define VMWARE(feature, ...) ONCE(feature)
#include "table/vmware.def"
#undef VMWARE
	}
}

void feature_check_vmware_words(enum feature_id id)
{
	switch ((unsigned)id) {
#define VMWARE_WORDS(feature, ...) ONCE(feature)
#include "table/vmware_words.def"
#undef VMWARE_WORDS
	}
}

void feature_check_guest_kvm(enum feature_id id)
{
	switch ((unsigned)id) {
#define KVM(feature, ...) ONCE(feature)
#include "table/guest_kvm.def"
#undef KVM
	}
}

void feature_check_kvm_since(enum feature_id id)
{
	switch ((unsigned)id) {
#define SINCE(feature, ...) ONCE(feature)
#include "table/kvm_since.def"
#undef SINCE
	}
}

void feature_check_xen(enum feature_id id)
{
	switch ((unsigned)id) {
#define XEN(feature, ...)       ONCE(feature)
#define XEN_SINCE(feature, ...) ONCE(feature)
#include "table/xen.def"
#undef XEN
#undef XEN_SINCE
	}
}

void feature_check_firecracker(enum feature_id id)
{
	switch ((unsigned)id) {
#define FIRECRACKER_OWN(feature) ONCE(feature)
#include "table/firecracker.def"
#undef FIRECRACKER_OWN
	}
}

void feature_check_virtualbox(enum feature_id id)
{
	switch ((unsigned)id) {
#define VIRTUALBOX(feature, ...) ONCE(feature)
#include "table/virtualbox.def"
#undef VIRTUALBOX
	}
}
