/* SPDX-License-Identifier: MIT */
#include "mask/mask_bits.h"
#include "output/drift_setup_json.h"
#include "output/explain_print.h"
#include "table/vmware.h"

const char *explain_reason_word(enum reason_kind kind)
{
	static const char *const words[] = {
		[REASON_NONE] = "in_baseline", [REASON_NOBODY] = "nobody",
		[REASON_HOSTS] = "hosts",      [REASON_NEED] = "need",
		[REASON_LAYOUT] = "layout",    [REASON_DIFFER] = "differs",
		[REASON_NEVER] = "never",
	};

	return words[kind];
}

static json_t *hosts_of(const struct explained *e, enum host_has has)
{
	const struct pool *pool = e->pool;
	json_t *list = json_array();

	for (size_t i = 0; i < pool->hosts; i++)
		if (e->has[i] == has)
			json_add(list, json_text(pool->host[i].name));
	return list;
}

static void put_lacking(json_t *object, const struct explain_view *v, enum feature_id id,
                        const struct reason *reason)
{
	const struct option_sides sides = explain_sides(v->e, v->options, v->side);
	json_t *causes = json_array();

	json_put(object, "lacking", hosts_of(v->e, HOST_LACKS));
	json_put(object, "unknown", hosts_of(v->e, HOST_UNKNOWN));
	if (reason->lacking && !json_add_options(causes, &sides, id))
		json_add_setup(causes, id);
	json_put(object, "causes", causes);
}

static json_t *need_of(const struct explain_view *v, enum feature_id need)
{
	const struct place at = feature_place(need);
	json_t *object = json_object();
	struct reason why;

	explain_place(v->e, &at, &why);
	json_put(object, "feature", json_feature(need, &at));
	json_put(object, "reason", json_text(explain_reason_word(why.kind)));
	if (why.kind == REASON_HOSTS)
		put_lacking(object, v, need, &why);
	return object;
}

static void add_kvm(void *list, const char *words, const struct pool *pool, const bool *which)
{
	json_t *object = json_add_object(list);

	json_put(object, "text", json_text(words));
	json_t *hosts = which ? json_put_list(object, "hosts") : NULL;
	for (size_t i = 0; which && i < pool->hosts; i++)
		if (which[i])
			json_add(hosts, json_text(pool->host[i].name));
}

json_t *explain_json(const struct explain_view *v, const struct place *at)
{
	const enum feature_id id = feature_of(at);
	json_t *object = json_object();
	struct reason reason;

	explain_place(v->e, at, &reason);
	json_put(object, "feature", json_feature(id, at));
	json_put(object, "reason", json_text(explain_reason_word(reason.kind)));
	switch (reason.kind) {
	case REASON_NONE:
		json_put(object, "one_host_is_enough", json_boolean(features[id].rule == RULE_ANY));
		json_put(object, "vmware_mask_hides",
		         json_boolean(mask_vmx_covers(id, VMWARE_HW_MAX) &&
		                      place_value(&v->e->merge->low, at) == 0));
		break;
	case REASON_HOSTS:
		put_lacking(object, v, id, &reason);
		break;
	case REASON_NEED:
		json_put(object, "need", need_of(v, reason.need));
		break;
	case REASON_NOBODY:
	case REASON_LAYOUT:
	case REASON_DIFFER:
	case REASON_NEVER:
		break;
	}
	explain_kvm(v, id, reason.kind == REASON_NONE, add_kvm, json_put_list(object, "kvm"));
	return object;
}

json_t *explain_json_gain(const struct explained *e, const bool *without,
                          const struct cpuid_set *baseline)
{
	json_t *object = json_object(), *hosts = json_put_list(object, "hosts");
	json_t *gain = json_put_list(object, "gain");

	for (size_t i = 0; i < e->pool->hosts; i++)
		if (without[i])
			json_add(hosts, json_text(e->pool->host[i].name));
	for (unsigned id = F_NONE + 1; id < F_COUNT; id++)
		if (explain_gains((enum feature_id)id, baseline, e->baseline))
			json_add(gain, json_text(feature_name((enum feature_id)id)));
	return object;
}
