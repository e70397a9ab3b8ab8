/* SPDX-License-Identifier: MIT */
#include "fleet/evc_settle.h"

#include "table/feature_copy.h"
#include "table/feature_names.h"
#include "table/vmware.h"

/* The last virtual hardware version that registers are for. */
#define HW_REGISTERS 8

/* True for a single bit that a machine has or lacks. */
static bool is_feature(enum feature_id id)
{
	const struct feature *f = &features[id];

	return id != F_NONE && f->kind == KIND_FEATURE && f->low == f->high &&
	       f->rule != RULE_FIXED;
}

void evc_guarantee(struct evc *mode, enum feature_id id, enum evc_state state)
{
	if (is_feature(id) && state > mode->state[id])
		mode->state[id] = (uint8_t)state;
}

void evc_guarantee_bits(struct evc *mode, const struct place *at, uint32_t bits,
                        enum evc_state state)
{
	for (unsigned bit = 0; bit < 32; bit++)
		if (bits >> bit & 1)
			evc_guarantee(mode, feature_at(at->leaf, at->subleaf, at->reg, bit), state);
}

bool evc_shows(const struct evc *mode, enum feature_id id)
{
	return mode->state[id] >= EVC_MAY;
}

/* True if a register of the mode has 0 for the feature. */
static bool register_denies(const struct evc *mode, enum feature_id id)
{
	const struct place at = feature_place(id);

	for (const struct evc_register *r = mode->reg; r < mode->reg + mode->registers; r++)
		if (place_same_register(&r->at, &at))
			return (r->bits & feature_mask(id)) == 0;
	return false;
}

/* True if the mode's lists speak of a feature and do not show it. */
static bool is_left_out(const struct evc *mode, enum feature_id id)
{
	if (feature_copy_of(id) != F_NONE)
		return false;
	if (register_denies(mode, id))
		return true;
	if (mode->named)
		return *feature_named(id, NAMED_CAPABILITY) || vmware_since(id) > VMWARE_HW_MIN;
	return vmware_since(id) > HW_REGISTERS;
}

/* True if a feature needs, or repeats, one that the mode lacks. */
static bool is_stranded(const struct evc *mode, enum feature_id id)
{
	for (const uint16_t *need = feature_needs(id); *need != F_NONE; need++)
		if (mode->state[*need] == EVC_LACKS)
			return true;
	return mode->state[feature_copy_of(id)] == EVC_LACKS;
}

typedef bool changes(const struct evc *mode, enum feature_id id);

/* Makes LACKS of the features of which nothing is said and that are to change, until none is left.
 */
static void lack_all(struct evc *mode, changes *change)
{
	bool again;

	do {
		again = false;
		for (unsigned i = F_NONE + 1; i < F_COUNT; i++) {
			const enum feature_id id = (enum feature_id)i;

			if (mode->state[id] != EVC_SILENT || !is_feature(id) || !change(mode, id))
				continue;
			mode->state[id] = EVC_LACKS;
			again = true;
		}
	} while (again);
}

/* Shows what a feature that is shown needs, until nothing is lacking. */
static void show_needs(struct evc *mode)
{
	bool again;

	do {
		again = false;
		for (unsigned id = F_NONE + 1; id < F_COUNT; id++) {
			if (!evc_shows(mode, (enum feature_id)id))
				continue;
			for (const uint16_t *need = feature_needs((enum feature_id)id);
			     *need != F_NONE; need++) {
				again = again || mode->state[*need] == EVC_LACKS;
				if (mode->state[*need] == EVC_LACKS)
					mode->state[*need] = EVC_MAY;
			}
		}
	} while (again);
}

void evc_settle(struct evc *mode)
{
	lack_all(mode, is_left_out);
	show_needs(mode);
	lack_all(mode, is_stranded);
}
