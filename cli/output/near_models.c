/* SPDX-License-Identifier: MIT */
#include "output/near_models.h"

#include <string.h>

#include "base/near.h"

void near_models_put(struct text *t, const struct kvm_offer *o, const char *name)
{
	struct near near;

	near_start(&near, name);
	for (unsigned i = M_NO_MODEL + 1; i < M_COUNT; i++) {
		const char *known = kvm_offer_model(o, (enum cpu_model_id)i);

		if (known)
			near_add(&near, known, strlen(known));
	}
	near_put(t, &near, "");
}
