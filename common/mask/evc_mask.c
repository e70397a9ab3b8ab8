/* SPDX-License-Identifier: MIT */
#include "mask/evc_mask.h"

#include "mask/mask_bits.h"
#include "table/feature_copy.h"

bool evc_mask_hides(const struct evc *mode, enum feature_id id, unsigned hw)
{
	return mode->state[id] == EVC_LACKS && mask_vmx_covers(id, hw);
}

enum evc_source evc_mask(const struct evc *mode, unsigned hw, struct mask_merge *m)
{
	bool ok = !mode->partial;

	for (unsigned i = F_NONE + 1; ok && i < F_COUNT; i++) {
		const enum feature_id id = (enum feature_id)i;
		const struct place at = feature_place(id);

		if (evc_mask_hides(mode, id, hw))
			ok = mask_merge_hide(m, &at);
	}
	return ok ? mode->source : EVC_UNKNOWN;
}

/* Returns the bits of a register that a published mask hides. */
static uint32_t published_bits(const struct evc_register *r)
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

enum evc_source evc_mask_published(const struct evc *mode, struct mask_merge *m)
{
	enum evc_source source = EVC_IMPORTED;
	bool ok = mode->registers > 0;

	for (const struct evc_register *r = mode->reg; r < mode->reg + mode->registers; r++) {
		ok = ok && mask_merge_hide_bits(m, &r->at, published_bits(r));
		source = evc_weaker(source, r->source);
	}
	return ok ? source : EVC_UNKNOWN;
}

static bool is_hidden(const struct mask_merge *m, enum feature_id id)
{
	const struct place at = feature_place(id);

	return id != F_NONE && mask_merge_hidden(m, &at);
}

static bool is_stranded(const struct mask_merge *m, enum feature_id id)
{
	for (const uint16_t *need = feature_needs(id); *need != F_NONE; need++)
		if (is_hidden(m, (enum feature_id) * need))
			return true;
	return is_hidden(m, feature_copy_of(id));
}

bool evc_mask_close(struct mask_merge *m, unsigned hw)
{
	bool ok = true, again;

	do {
		again = false;
		for (unsigned i = F_NONE + 1; ok && i < F_COUNT; i++) {
			const enum feature_id id = (enum feature_id)i;
			const struct place at = feature_place(id);

			if (!mask_vmx_covers(id, hw) || is_hidden(m, id) || !is_stranded(m, id))
				continue;
			ok = mask_merge_hide(m, &at);
			again = true;
		}
	} while (ok && again);
	return ok;
}
