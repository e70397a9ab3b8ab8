/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "output/glance.h"
#include "output/show_json.h"
#include "table/cpu_name.h"
#include "table/level.h"
#include "table/msr.h"
#include "table/speculation.h"
#include "table/virtualization.h"

static bool known(const struct cpuid_set *set, enum feature_id id)
{
	const struct place at = feature_place(id);

	return place_known(set, &at);
}

/* true, false, or null if it is not known. */
static json_t *whether(const struct cpuid_set *set, enum feature_id id)
{
	return feature_value(set, id) ? json_true() : known(set, id) ? json_false() : json_null();
}

static json_t *number(const struct cpuid_set *set, enum feature_id id)
{
	return known(set, id) && feature_value(set, id) ? json_count(feature_value(set, id))
	                                                : json_null();
}

static json_t *put_words(glance_put *put, const struct report_kind *k, const struct cpuid_set *set)
{
	char words[1024];
	struct text t;

	text_start(&t, words, sizeof(words));
	put(&t, k, set);
	return json_words(text_string(&t));
}

static void put_identity(json_t *object, const struct cpuid_set *set)
{
	const struct cpu_name *name = cpu_name_of(set);
	const bool signed_ = known(set, F_FAMILY) && cpuid_value(set, 1, 0, EAX);
	json_t *identity = json_put_object(object, "identity");
	const bool small = feature_value(set, F_CORE_TYPE) == 0x20;
	char vendor[13], brand[49];

	cpuid_vendor(set, vendor);
	cpuid_brand(set, brand);
	json_put(identity, "vendor", json_words(vendor));
	json_put(identity, "brand", *brand ? put_words(glance_brand, NULL, set) : json_null());
	json_put(identity, "family", signed_ ? json_count(cpuid_family(set)) : json_null());
	json_put(identity, "model", signed_ ? json_count(cpuid_model(set)) : json_null());
	json_put(identity, "stepping",
	         signed_ && known(set, F_STEPPING) ? json_count(feature_value(set, F_STEPPING))
	                                           : json_null());
	json_put(identity, "microarchitecture",
	         name ? json_words(small && *name->small ? name->small : name->cores)
	              : json_null());
	json_put(identity, "code_name", name ? json_words(name->codename) : json_null());
}

static void put_tlbs(json_t *object, const struct cpuid_set *set)
{
	static const char *const types[] = { "", "data", "instruction", "shared", "load", "store" };
	struct tlb list[TLBS_MAX];
	enum cache_source source;
	const size_t count = tlb_list(set, list, &source);
	json_t *tlbs = json_put_list(object, "tlbs");

	for (const struct tlb *l = list; l < list + count; l++) {
		json_t *one = json_add_object(tlbs), *pages;

		json_put(one, "level", json_count(l->level));
		json_put(one, "type", json_text(types[l->type]));
		pages = json_put_list(one, "pages");
		for (unsigned i = 0; i < 4; i++)
			if (l->pages >> i & 1) {
				char words[8];
				struct text t;

				text_start(&t, words, sizeof(words));
				glance_pages(&t, 1U << i);
				json_add(pages, json_text(text_string(&t)));
			}
		json_put(one, "entries", json_count(l->entries));
		json_put(one, "ways",
		         l->ways && l->ways != WAYS_ALL ? json_count(l->ways) : json_null());
		json_put(one, "fully_associative", json_boolean(l->ways == WAYS_ALL));
	}
	json_put(object, "tlbs_known", json_boolean(source != CACHE_UNKNOWN));
}

static void put_level(json_t *object, const struct cpuid_set *set)
{
	const unsigned reached = level_of(set);
	json_t *level = json_put_object(object, "level"), *lacking, *unknown;
	char name[16];

	snprintf(name, sizeof(name), "x86-64-v%u", reached);
	json_put(level, "reached", reached ? json_text(name) : json_null());
	lacking = json_put_list(level, "lacking");
	unknown = json_put_list(level, "unknown");
	for (size_t i = 0; i < level_features_count; i++) {
		const enum feature_id id = (enum feature_id)level_features[i].id;

		if (level_misses(set, &level_features[i], reached + 1))
			json_add(known(set, id) ? lacking : unknown, json_text(feature_name(id)));
	}
}

static void put_virtualization(json_t *object, const struct cpuid_set *set)
{
	json_t *v = json_put_object(object, "virtualization"), *with, *without, *unknown;

	json_put(v, "vmx", whether(set, F_VMX));
	json_put(v, "svm", whether(set, F_SVM));
	json_put(v, "in_vm", whether(set, F_HYPERVISOR_PRESENT));
	with = json_put_list(v, "with");
	without = json_put_list(v, "without");
	unknown = json_put_list(v, "unknown");
	for (size_t i = 0; i < virtualization_parts_count; i++) {
		const struct virtualization_part *p = &virtualization_parts[i];
		const enum feature_id id = (enum feature_id)p->id;

		/* Memory encryption is AMD's, as SVM is. */
		const enum feature_id whole =
			p->whole == F_NONE ? F_SVM : (enum feature_id)p->whole;

		if (!feature_value(set, whole))
			continue;
		json_add(feature_value(set, id) ? with
		         : known(set, id)       ? without
		                                : unknown,
		         json_text(feature_name(id)));
	}
}

static void put_speculation(json_t *object, const struct cpuid_set *set)
{
	json_t *s = json_put_object(object, "speculation"), *immune, *open, *unknown, *offers,
	       *cautions;
	const char *words;

	immune = json_put_list(s, "immune");
	open = json_put_list(s, "not_said_immune");
	unknown = json_put_list(s, "unknown");
	offers = json_put_list(s, "offers");
	cautions = json_put_list(s, "cautions");
	for (const struct weakness *w = weaknesses; w < weaknesses + weaknesses_count; w++) {
		const enum weakness_remedy remedy = weakness_remedy(w, set);
		json_t *one;

		switch (weakness_state(w, set)) {
		case WEAKNESS_OTHERS:
			break;
		case WEAKNESS_IMMUNE:
			json_add(immune, json_text(w->name));
			break;
		case WEAKNESS_UNKNOWN:
			json_add(unknown, json_text(w->name));
			break;
		case WEAKNESS_OPEN:
			one = json_add_object(open);
			json_put(one, "name", json_text(w->name));
			json_put(one, "software_must", json_text(w->work));
			json_put(one, "needs", json_words(w->remedy));
			json_put(one, "offered",
			         remedy == REMEDY_UNKNOWN ? json_null()
			                                  : json_boolean(remedy == REMEDY_THERE));
			break;
		}
	}
	for (size_t next = 0; (words = speculation_control(set, &next));)
		json_add(offers, json_text(words));
	for (size_t next = 0; (words = speculation_caution(set, &next));)
		json_add(cautions, json_text(words));
}

/* null if nothing says it: no registers in the report, or a virtual machine. */
static void put_firmware(json_t *object, const struct report_kind *k, const struct cpuid_set *set)
{
	json_t *list;

	if (k->control.msrs == 0 || feature_value(set, F_HYPERVISOR_PRESENT)) {
		json_put(object, "firmware_off", json_null());
		return;
	}
	list = json_put_list(object, "firmware_off");
	for (struct msr_finding f = { .next = 0 }; msr_next(&f, &k->control, set);) {
		json_t *one = json_add_object(list);

		json_put(one, "feature", json_text(feature_name(f.id)));
		json_put(one, "locked", json_boolean(f.locked));
		json_put(one, "msr", json_hex(f.number, 8));
		json_put(one, "register", json_text(msr_name(f.number)));
	}
}

void show_json_processor(json_t *object, const struct report_kind *k, const struct cpuid_set *set)
{
	json_t *bits;

	put_identity(object, set);
	put_tlbs(object, set);
	bits = json_put_object(object, "address_bits");
	json_put(bits, "physical", number(set, F_PHYS_BITS));
	json_put(bits, "virtual", number(set, F_VIRT_BITS));
	put_level(object, set);
	put_virtualization(object, set);
	put_speculation(object, set);
	if (!k)
		return;
	put_firmware(object, k, set);
	json_put(object, "microcode",
	         k->control.microcode.known ? json_hex(k->control.microcode.value, 1)
	                                    : json_null());
}
