/* SPDX-License-Identifier: MIT */
/*
 * sbat.h - the generation number by which shim revokes programs.
 *
 * shim refuses a program without a section .sbat.  If a flaw of the probe lets somebody get around
 * Secure Boot, the number after the name is raised with the correction.
 */
#ifndef SBAT_H
#define SBAT_H

extern const char sbat[];

#endif
