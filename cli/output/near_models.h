/* SPDX-License-Identifier: MIT */
/*
 * near_models.h - the processor models whose names are nearest to an unknown one.
 */
#ifndef NEAR_MODELS_H
#define NEAR_MODELS_H

#include "mask/kvm_offer.h"

/* Prints the names that the reader of an offer knows on standard error, in one line. */
void near_models_print(const struct kvm_offer *o, const char *name);

#endif
