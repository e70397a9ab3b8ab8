/* SPDX-License-Identifier: MIT */
#include "sbat.h"

#include "release.h"

/* Name, generation, maker, maker's name for it, version, where to read more. */
const char sbat[] __attribute__((section(".sbat"), aligned(4096))) =
	"sbat,1,SBAT Version,sbat,1,https://github.com/rhboot/shim/blob/main/SBAT.md\n"
	"cpulevel,1,cpulevel,cpulevel," VERSION ",none\n";
