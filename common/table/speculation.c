/* SPDX-License-Identifier: MIT */
#include "table/speculation.h"

#include "base/ascii.h"
#include "table/cpu_model.h"

enum {
#define WEAKNESS(id, ...) W_##id,
#define ONLY(...)
#define CONTROL(...)
#define CAUTION(...)
#include "table/speculation.def"
#undef WEAKNESS
#undef ONLY
#undef CONTROL
#undef CAUTION
};

const struct weakness weaknesses[] = {
#define ALL(a)                        \
	{                             \
		F_##a, F_NONE, F_NONE \
	}
#define ALL2(a, b)                   \
	{                            \
		F_##a, F_##b, F_NONE \
	}
#define ALL3(a, b, c)               \
	{                           \
		F_##a, F_##b, F_##c \
	}
#define WEAKNESS(id, vendor, name, immune, if_has, remedy, work) \
	{ CPU_##vendor, name, immune, F_##if_has, remedy, work },
#define ONLY(...)
#define CONTROL(...)
#define CAUTION(...)
#include "table/speculation.def"
#undef WEAKNESS
#undef CONTROL
#undef CAUTION
};

const size_t weaknesses_count = sizeof(weaknesses) / sizeof(weaknesses[0]);

static const struct only {
	uint8_t weakness, family, model[2], stepping;
} only[] = {
#undef ONLY
#define WEAKNESS(...)
#define ONLY(weakness, family, model, last_model, stepping) \
	{ W_##weakness, family, { model, last_model }, stepping },
#define CONTROL(...)
#define CAUTION(...)
#include "table/speculation.def"
#undef WEAKNESS
#undef ONLY
#undef CONTROL
#undef CAUTION
};

static const struct said {
	uint16_t id;
	const char *words;
} controls[] = {
#define WEAKNESS(...)
#define ONLY(...)
#define CONTROL(feature, name) { F_##feature, name },
#define CAUTION(...)
#include "table/speculation.def"
#undef CONTROL
#undef CAUTION
}, cautions[] = {
#define CONTROL(...)
#define CAUTION(feature, words) { F_##feature, words },
#include "table/speculation.def"
#undef WEAKNESS
#undef ONLY
#undef CONTROL
#undef CAUTION
};

#define CONTROLS (sizeof(controls) / sizeof(controls[0]))
#define CAUTIONS (sizeof(cautions) / sizeof(cautions[0]))

static bool is_vendors(const struct weakness *w, const struct cpuid_set *set)
{
	const enum cpu_vendor vendor = cpu_model_vendor(set);

	return w->vendor == CPU_ANY || w->vendor == vendor ||
	       (w->vendor == CPU_AMD && vendor == CPU_HYGON);
}

/* Whether a processor is one of those that a weakness is limited to. */
static bool can_have(const struct weakness *w, const struct cpuid_set *set)
{
	const uint32_t family = cpuid_family(set), model = cpuid_model(set);
	const uint32_t stepping = feature_value(set, F_STEPPING);
	bool limited = false;

	for (const struct only *o = only; o < only + sizeof(only) / sizeof(only[0]); o++) {
		if (o->weakness != w - weaknesses)
			continue;
		limited = true;
		if (o->family == family && model >= o->model[0] && model <= o->model[1] &&
		    stepping >= o->stepping)
			return true;
	}
	return !limited;
}

/* A register is known not to be there only if the feature that announces it is known. */
static bool is_known(const struct cpuid_set *set, enum feature_id id)
{
	const struct place at = feature_place(id);

	for (const uint16_t *need = feature_needs(id); *need != F_NONE; need++) {
		const struct place needed = feature_place((enum feature_id) * need);

		if (!place_known(set, &needed))
			return false;
	}
	return place_known(set, &at);
}

enum weakness_state weakness_state(const struct weakness *w, const struct cpuid_set *set)
{
	bool known = true;

	if (!is_vendors(w, set) || !can_have(w, set))
		return WEAKNESS_OTHERS;
	if (w->if_has != F_NONE && !feature_value(set, (enum feature_id)w->if_has))
		return is_known(set, (enum feature_id)w->if_has) ? WEAKNESS_OTHERS
		                                                 : WEAKNESS_UNKNOWN;
	if (w->immune[0] == F_NONE)
		return WEAKNESS_OPEN;
	for (size_t i = 0; i < 3 && w->immune[i] != F_NONE; i++) {
		const enum feature_id id = (enum feature_id)w->immune[i];

		if (!feature_value(set, id) && is_known(set, id))
			return WEAKNESS_OPEN;
		known = known && is_known(set, id);
	}
	return known ? WEAKNESS_IMMUNE : WEAKNESS_UNKNOWN;
}

static bool offers(const struct cpuid_set *set, const char *name, size_t before)
{
	for (size_t i = 0; i < before; i++)
		if (ascii_compare(controls[i].words, name) == 0 &&
		    feature_value(set, (enum feature_id)controls[i].id))
			return true;
	return false;
}

enum weakness_remedy weakness_remedy(const struct weakness *w, const struct cpuid_set *set)
{
	if (!*w->remedy || offers(set, w->remedy, CONTROLS))
		return REMEDY_THERE;
	for (const struct said *c = controls; c < controls + CONTROLS; c++)
		if (ascii_compare(c->words, w->remedy) == 0 &&
		    !is_known(set, (enum feature_id)c->id))
			return REMEDY_UNKNOWN;
	return REMEDY_MISSING;
}

const char *speculation_control(const struct cpuid_set *set, size_t *next)
{
	while (*next < CONTROLS) {
		const struct said *c = &controls[(*next)++];

		if (feature_value(set, (enum feature_id)c->id) &&
		    !offers(set, c->words, (size_t)(c - controls)))
			return c->words;
	}
	return NULL;
}

const char *speculation_caution(const struct cpuid_set *set, size_t *next)
{
	while (*next < CAUTIONS) {
		const struct said *c = &cautions[(*next)++];

		if (feature_value(set, (enum feature_id)c->id))
			return c->words;
	}
	return NULL;
}
