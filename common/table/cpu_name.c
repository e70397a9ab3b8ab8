/* SPDX-License-Identifier: MIT */
#include "table/cpu_name.h"

#include "table/cpu_model.h"

static const struct cpu_name names[] = {
#define CPU(vendor, family, model, last_model, stepping, last_stepping, cores, small, codename, \
            source)                                                                             \
	{                                                                                       \
		CPU_##vendor,                                                                   \
		family,                                                                         \
		{ model, last_model },                                                          \
		{ stepping, last_stepping },                                                    \
		cores,                                                                          \
		small,                                                                          \
		codename,                                                                       \
		source,                                                                         \
	},
#include "table/cpu_name.def"
#undef CPU
};

const struct cpu_name *cpu_name_of(const struct cpuid_set *set)
{
	const enum cpu_vendor vendor = cpu_model_vendor(set);
	const uint32_t family = cpuid_family(set), model = cpuid_model(set);
	const uint32_t stepping = feature_value(set, F_STEPPING);

	for (const struct cpu_name *n = names; n < names + sizeof(names) / sizeof(names[0]); n++)
		if (n->vendor == vendor && n->family == family && model >= n->model[0] &&
		    model <= n->model[1] && stepping >= n->stepping[0] &&
		    stepping <= n->stepping[1])
			return n;
	return NULL;
}
