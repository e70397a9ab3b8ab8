/* SPDX-License-Identifier: MIT */
/*
 * certificate.h - reads the certificates of a PEM file (RFC 7468), which say whom to trust for TLS.
 *
 * Looks at the form only; whether a certificate is good is for who uses it.
 */
#ifndef CERTIFICATE_H
#define CERTIFICATE_H

#include "base/text.h"
#include "base/err.h"

#define CERTIFICATES_TEXT_MAX 16384 /* bytes; no file of certificates is longer */

/*
 * Moves *at, which begins at 0, past the next certificate of text[size] and appends it in DER.
 * Appends nothing if none is left; that is an error if there was none at all.  The text between
 * certificates is skipped.
 */
enum err certificate_next(struct text *der, size_t *at, const char *text, size_t size);

#endif
