/* SPDX-License-Identifier: MIT */
#include "table/virtualization.h"

const struct virtualization_part virtualization_parts[] = {
#define PART(whole, feature, name) { F_##whole, F_##feature, name },
#include "table/virtualization.def"
#undef PART
};

const size_t virtualization_parts_count =
	sizeof(virtualization_parts) / sizeof(virtualization_parts[0]);
