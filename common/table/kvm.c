/* SPDX-License-Identifier: MIT */
#include "table/kvm.h"

#include "table/feature_names.h"

static const struct row {
	uint16_t id;
	uint8_t shows;
} rows[] = {
#define KVM(feature, shows) { F_##feature, KVM_##shows },
#include "table/kvm.def"
#undef KVM
};

/* The leaf of SVM's features, which only guests that run guests need. */
#define SVM_LEAF 0x8000000aU

enum kvm_shows kvm_shows(enum feature_id id)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].id == id)
			return (enum kvm_shows)rows[i].shows;
	if (!*feature_named(id, NAMED_QEMU))
		return KVM_NEVER;
	return feature_leaf(&features[id]) == SVM_LEAF ? KVM_NESTED : KVM_HOSTS;
}
