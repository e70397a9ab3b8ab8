/* SPDX-License-Identifier: MIT */
#include "names.h"

#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "feature_find.h"
#include "print.h"

#define OFFERED 5

static void offer(char *line, size_t size, const enum feature_id *ids, size_t count)
{
	for (size_t i = 0; i < count && i < OFFERED; i++) {
		const size_t used = strlen(line);
		char place[PLACE_MAX];

		snprintf(line + used, size - used, "%s%s (%s)", i ? ", " : "", feature_name(ids[i]),
		         print_row_place(place, ids[i]));
	}
}

void name_unknown(const char *name)
{
	enum feature_id ids[OFFERED];
	const size_t count = feature_nearest(name, ids, OFFERED);
	char line[512] = "no feature of this name";

	if (count)
		strcat(line, "; nearest: ");
	offer(line, sizeof(line), ids, count);
	trouble(name, line);
}

enum feature_id name_feature(const char *name)
{
	enum feature_id ids[OFFERED];
	const size_t count = feature_find(name, ids, OFFERED);
	char line[512] = "more than one feature goes by this name: ";

	if (count == 1)
		return ids[0];
	if (count == 0) {
		name_unknown(name);
	} else {
		offer(line, sizeof(line), ids, count);
		trouble(name, line);
	}
	return F_NONE;
}
