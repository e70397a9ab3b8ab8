/* SPDX-License-Identifier: MIT */
/*
 * authenticode.h - what firmware measures of a program before it starts it.
 */
#ifndef AUTHENTICODE_H
#define AUTHENTICODE_H

#include "tpm/tpm.h"

/*
 * Sets digest to the Authenticode SHA-256 of a PE file, which leaves out a signature in it (Windows
 * Authenticode Portable Executable Signature Format, 2008, "Calculating the PE Image Hash").
 * Returns false after a message.
 */
bool authenticode_of(const char *path, uint8_t digest[static TPM_SHA256]);

#endif
