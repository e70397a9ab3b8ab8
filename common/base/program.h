/* SPDX-License-Identifier: MIT */
/*
 * program.h - this program's name and version, as reports and seals say it.
 *
 * The Makefile makes release.h, anew only when VERSION is another one.
 */
#ifndef PROGRAM_H
#define PROGRAM_H

#include "release.h"

#define PROGRAM "cpulevel " VERSION

#endif
