/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "output/csv.h"
#include "output/document.h"
#include "output/feature_print.h"
#include "output/print.h"
#include "table/feature_find.h"
#include "table/feature_names.h"
#include "table/feature_setup.h"
#include "table/feature_unit.h"
#include "table/guest_kvm.h"
#include "table/vmware.h"

static const char *kind_word(const struct feature *f)
{
	static const char *const words[] = { [KIND_FEATURE] = "feature",
		                             [KIND_FIELD] = "field",
		                             [KIND_OS] = "os",
		                             [KIND_PROCESSOR] = "processor" };

	return words[f->kind];
}

/* Returns the parts of a string between separators, without blanks before them. */
static json_t *split(const char *string, const char *separator)
{
	json_t *list = json_array();

	while (*string) {
		const char *end = strstr(string, separator);
		const size_t size = end ? (size_t)(end - string) : strlen(string);

		if (size)
			json_add(list, json_stringn(string, size));
		string += size + (end ? strlen(separator) : 0);
		string += strspn(string, " ");
	}
	return list;
}

static void put_place(json_t *object, enum feature_id id)
{
	const struct feature *f = &features[id];
	const struct place at = feature_place(id);
	char place[PLACE_MAX];

	json_put(object, "place", json_text(print_row_place(place, id)));
	if (at.leaf >> 28 == CPUID_MSR >> 28) {
		json_put(object, "msr", json_count(at.leaf ^ CPUID_MSR));
	} else {
		json_put(object, "leaf", json_count(at.leaf));
		json_put(object, "subleaf", json_count(at.subleaf));
		json_put(object, "all_subleaves_from", json_boolean(feature_subleaf(f) >= FROM(0)));
	}
	json_put(object, "register", json_text(cpuid_register(at.reg)));
	json_put(object, "low", json_count(at.low));
	json_put(object, "high", json_count(at.high));
}

static json_t *names_of(enum feature_id id)
{
	static const char *const who[NAMERS] = {
		[NAMED_CAPABILITY] = "vmware_mask",
		[NAMED_VMWARE] = "vmware",
		[NAMED_LINUX] = "linux",
		[NAMED_QEMU] = "qemu",
		[NAMED_LIBVIRT] = "libvirt",
		[NAMED_XEN] = "xen",
		[NAMED_OTHER] = "other",
	};
	json_t *object = json_object();

	for (unsigned i = NAMED_CAPABILITY; i < NAMERS; i++) {
		const char *name = feature_named(id, (enum feature_namer)i);

		json_put(object, who[i], split(name, i == NAMED_CAPABILITY ? "|" : " "));
	}
	json_put(object, "vcenter", split(vmware_words(id), ";"));
	return object;
}

static json_t *needs_of(enum feature_id id)
{
	json_t *list = json_array();

	for (const uint16_t *need = feature_needs(id); *need != F_NONE; need++)
		json_add(list, json_text(feature_name((enum feature_id)need[0])));
	return list;
}

/* What a VM of VMware sees; null: the table does not say. */
static json_t *vmware_of(enum feature_id id)
{
	static const char *const words[] = { [VMWARE_UNKNOWN] = "",
		                             [VMWARE_NEVER] = "nothing",
		                             [VMWARE_HOSTS] = "hosts_value",
		                             [VMWARE_OWN] = "own_value" };
	const unsigned since = vmware_since(id);
	const enum vmware_shows shows = vmware_shows(id, since);

	if (shows == VMWARE_UNKNOWN)
		return json_null();
	json_t *object = json_object();
	json_put(object, "shows", json_text(words[shows]));
	json_put(object, "since_hardware",
	         since && since != VMWARE_HW_FUTURE ? json_count(since) : json_null());
	json_put(object, "requires",
	         !vmware_requires(id, since) ? json_false()
	         : vmware_verified(id)       ? json_true()
	                                     : json_null());
	json_put(object, "source", json_text(vmware_source(id)));
	return object;
}

static json_t *kvm_of(enum feature_id id)
{
	char words[4096];
	struct text t;

	text_start(&t, words, sizeof(words));
	guest_kvm_about(&t, id);
	return split(text_string(&t), ";");
}

static json_t *unit_of(enum feature_id id)
{
	char words[1024];
	struct text t;

	text_start(&t, words, sizeof(words));
	feature_unit_about(&t, id);
	return json_words(text_string(&t));
}

static json_t *row_of(enum feature_id id)
{
	json_t *object = json_object();

	json_put(object, "name", json_text(feature_name(id)));
	put_place(object, id);
	json_put(object, "kind", json_text(kind_word(&features[id])));
	json_put(object, "rule", json_text(feature_rule_name(id)));
	json_put(object, "about", json_text(feature_about(id)));
	json_put(object, "names", names_of(id));
	json_put(object, "read_as", unit_of(id));
	json_put(object, "needs", needs_of(id));
	json_put(object, "vmware", vmware_of(id));
	json_put(object, "kvm", kvm_of(id));
	json_put(object, "setup", split(feature_setup(id), ";"));
	return object;
}

void feature_json(const bool chosen[F_COUNT], int exit_status)
{
	json_t *document = document_start("features", 1);
	json_t *list = json_put_list(document, "features");

	for (unsigned i = F_NONE + 1; i < F_COUNT; i++)
		if (chosen[i])
			json_add(list, row_of((enum feature_id)i));
	document_print(document, exit_status);
}

/* Returns the features that one needs, with blanks between them. */
static const char *needs_words(enum feature_id id, char words[static 256])
{
	struct text t;

	text_start(&t, words, 256);
	for (const uint16_t *need = feature_needs(id); *need != F_NONE; need++) {
		text_put(&t, t.used ? " " : "");
		text_put(&t, feature_name((enum feature_id)need[0]));
	}
	return text_string(&t);
}

static void put_row(enum feature_id id)
{
	const struct feature *f = &features[id];
	const struct place at = feature_place(id);
	char place[PLACE_MAX], needs[256];

	csv_put(feature_name(id));
	csv_put(print_row_place(place, id));
	csv_number(at.leaf);
	csv_number(at.subleaf);
	csv_number(feature_subleaf(f) >= FROM(0));
	csv_put(cpuid_register(at.reg));
	csv_number(at.low);
	csv_number(at.high);
	csv_put(kind_word(f));
	csv_put(feature_rule_name(id));
	csv_put(feature_about(id));
	csv_put(needs_words(id, needs));
	for (unsigned i = NAMED_VMWARE; i < NAMERS; i++)
		csv_put(feature_named(id, (enum feature_namer)i));
	csv_end();
}

void feature_csv(const bool chosen[F_COUNT])
{
	csv_head("name,place,leaf,subleaf,all_subleaves_from,register,low,high,kind,rule,"
	         "about,needs,vmware,linux,qemu,libvirt,xen,other");
	for (unsigned i = F_NONE + 1; i < F_COUNT; i++)
		if (chosen[i])
			put_row((enum feature_id)i);
}
