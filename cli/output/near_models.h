/* SPDX-License-Identifier: MIT */
/*
 * near_models.h - the processor models whose names are nearest to an unknown one.
 */
#ifndef NEAR_MODELS_H
#define NEAR_MODELS_H

#include "base/text.h"
#include "mask/kvm_offer.h"

/* Writes "; did you mean A, B or C?": names that the reader of an offer knows. */
void near_models_put(struct text *t, const struct kvm_offer *o, const char *name);

#endif
