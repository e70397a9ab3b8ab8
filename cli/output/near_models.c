/* SPDX-License-Identifier: MIT */
#include "output/near_models.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "output/message.h"

/* The number of changes of one character that make one name of the other, without regard to case.
 */
static size_t distance(const char *a, const char *b)
{
	const size_t width = strlen(b) + 1;
	size_t *row = allocate(width * sizeof(*row));

	for (size_t i = 0; i < width; i++)
		row[i] = i;
	for (size_t i = 0; a[i]; i++) {
		size_t above = row[0]++;

		for (size_t k = 1; k < width; k++) {
			const size_t same = above + (strncasecmp(&a[i], &b[k - 1], 1) != 0);
			const size_t other = 1 + (row[k] < row[k - 1] ? row[k] : row[k - 1]);

			above = row[k];
			row[k] = same < other ? same : other;
		}
	}
	const size_t result = row[width - 1];
	free(row);
	return result;
}

void near_models_print(const struct kvm_offer *o, const char *name)
{
	size_t nearest = (size_t)-1, printed = 0;

	for (unsigned i = M_NO_MODEL + 1; i < M_COUNT; i++) {
		const char *known = kvm_offer_model(o, (enum cpu_model_id)i);

		if (known && distance(name, known) < nearest)
			nearest = distance(name, known);
	}
	for (unsigned i = M_NO_MODEL + 1; i < M_COUNT; i++) {
		const char *known = kvm_offer_model(o, (enum cpu_model_id)i);

		if (known && distance(name, known) <= nearest + 1)
			fprintf(message_out(), "%s%s", printed++ ? ", " : "near names: ", known);
	}
	if (printed)
		fputc('\n', message_out());
}
