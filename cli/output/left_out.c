/* SPDX-License-Identifier: MIT */
#include "output/left_out.h"

#include <stdio.h>

#include "cli.h"
#include "output/message.h"

/* So many files are named, and the others counted. */
#define FILES_NAMED 6

void left_out_write(struct text *t, const struct pool_name *name, size_t count)
{
	char shown[PRINTABLE_MAX];

	if (count == 0)
		return;
	text_decimal(t, count);
	text_put(t, count == 1 ? " file was left out, as it could not be used: "
	                       : " files were left out, as they could not be used: ");
	for (size_t i = 0; i < count && i < FILES_NAMED; i++) {
		text_put(t, i ? ", " : "");
		text_put(t, printable(shown, sizeof(shown), name[i].name));
	}
	if (count > FILES_NAMED) {
		text_put(t, " and ");
		text_decimal(t, count - FILES_NAMED);
		text_put(t, " more");
	}
}

static const char *sentence(char words[static LEFT_OUT_MAX], const struct pool_name *name,
                            size_t count)
{
	struct text t;

	text_start(&t, words, LEFT_OUT_MAX);
	left_out_write(&t, name, count);
	return text_string(&t);
}

void left_out_print_names(const struct pool_name *name, size_t count)
{
	char words[LEFT_OUT_MAX];

	if (count)
		message_error(NULL, 0, 0, sentence(words, name, count));
}

void left_out_print(const struct pool *pool)
{
	left_out_print_names(pool->left_out, pool->left_outs);
}

void left_out_show_names(const struct pool_name *name, size_t count)
{
	char words[LEFT_OUT_MAX];

	if (count)
		puts(sentence(words, name, count));
}

void left_out_show(const struct pool *pool)
{
	left_out_show_names(pool->left_out, pool->left_outs);
}
