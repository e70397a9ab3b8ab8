/* SPDX-License-Identifier: MIT */
/*
 * scalar.h - arithmetic with Ed25519's scalars: numbers modulo the order of its group.
 *
 * In place of libsodium's sc25519_reduce and sc25519_muladd, whose unrolled code is 9 KiB of the
 * probe.  Constant time, as those are; a call takes some ten microseconds.  RFC 8032, 5.1.
 */
#ifndef SCALAR_H
#define SCALAR_H

/*
 * S = S modulo the order; the upper half of S is then 0.  Numbers have their lowest byte first, and
 * need not be less than the order.
 */
void scalar_reduce(unsigned char s[64]);

/* S = A * B + C modulo the order. */
void scalar_muladd(unsigned char s[32], const unsigned char a[32], const unsigned char b[32],
                   const unsigned char c[32]);

#endif
