/* SPDX-License-Identifier: MIT */
#include "mask/evc_mask.h"

#include "mask/mask_bits.h"
#include "table/feature_names.h"

bool evc_mask_hides(const struct evc *mode, enum feature_id id, unsigned hw)
{
	return mode->state[id] == EVC_LACKS && mask_vmx_covers(id, hw) &&
	       *feature_named(id, NAMED_CAPABILITY);
}

/* Returns the bits of a register that a mask may hide. */
static uint32_t hidden_bits(const struct evc_register *r)
{
	const struct place *at = &r->at;
	uint32_t bits = ~r->bits;

	if ((at->leaf == 0 || (at->leaf == 1 && at->reg == EAX)) && at->subleaf == 0)
		return 0;
	for (unsigned bit = 0; bit < MASK_BITS; bit++) {
		const enum feature_id id = feature_at(at->leaf, at->subleaf, at->reg, bit);
		const uint32_t field = feature_mask(id);

		if (id != F_NONE && features[id].low != features[id].high && (r->bits & field))
			bits &= ~field;
	}
	return bits;
}

enum evc_source evc_mask(const struct evc *mode, unsigned hw, struct mask_merge *m)
{
	enum evc_source source = EVC_IMPORTED;
	bool ok = true;

	for (const struct evc_register *r = mode->reg; r < mode->reg + mode->registers; r++) {
		ok = ok && mask_merge_hide_bits(m, &r->at, hidden_bits(r));
		source = evc_weaker(source, r->source);
	}
	if (mode->registers)
		return ok ? source : EVC_UNKNOWN;
	if (mode->partial)
		return EVC_UNKNOWN;
	for (unsigned i = F_NONE + 1; i < F_COUNT; i++) {
		const enum feature_id id = (enum feature_id)i;
		const struct place at = feature_place(id);

		if (evc_mask_hides(mode, id, hw))
			ok = ok && mask_merge_hide(m, &at);
	}
	return ok ? evc_weaker(mode->source, EVC_DERIVED) : EVC_UNKNOWN;
}
