/* SPDX-License-Identifier: MIT */
#include "table/feature_words.h"

#include "base/ascii.h"
#include "table/virtualbox.h"
#include "table/vmware.h"
#include "table/xen.h"

/* feature_name and feature_setup count the rows before theirs: too slow for all names of all rows.
 */
static const char *const manual[F_COUNT] = {
	[F_NONE] = "",
#define FEATURE(leaf, sub, reg, low, high, name, ...) [F_##name] = #name,
#include "table/feature.def"
#undef FEATURE
};

static const char *const setup[F_COUNT] = {
#define SETUP(feature, names) [F_##feature] = (names),
#include "table/feature_setup.def"
#undef SETUP
};

static const char *names_of(enum feature_id id, unsigned who)
{
	switch (who) {
	case WORDS_MANUAL:
		return manual[id];
	case WORDS_LIBXL:
		return xen_name(id);
	case WORDS_VIRTUALBOX:
		return virtualbox_name(id);
	case WORDS_VCENTER:
		return vmware_words(id);
	case WORDS_SETUP:
		return setup[id] ? setup[id] : "";
	default:
		return feature_named(id, (enum feature_namer)who);
	}
}

void feature_words_start(struct feature_words *w, enum feature_id id)
{
	*w = (struct feature_words){ .id = id, .next = names_of(id, 0) };
}

bool feature_words_phrase(const struct feature_words *w)
{
	return w->who == WORDS_VCENTER || w->who == WORDS_SETUP;
}

static bool separates(const struct feature_words *w, char c)
{
	return feature_words_phrase(w) ? c == ';' : c == ' ' || c == '|';
}

bool feature_words_next(struct feature_words *w)
{
	while (w->who < WORDS_END) {
		while (*w->next == ' ' || separates(w, *w->next))
			w->next++;
		w->word = w->next;
		while (*w->next && !separates(w, *w->next))
			w->next++;
		w->size = (size_t)(w->next - w->word);
		if (w->size)
			return true;
		if (++w->who < WORDS_END)
			w->next = names_of(w->id, w->who);
	}
	return false;
}

bool feature_words_counts(char c)
{
	c = ascii_lower(c);
	return ascii_digit(c) || (c >= 'a' && c <= 'z');
}

size_t feature_words_squeeze(char out[static WORD_MAX], const char *string, size_t size)
{
	size_t used = 0;

	for (size_t i = 0; i < size; i++) {
		if (!feature_words_counts(string[i]))
			continue;
		if (used == WORD_MAX)
			return 0;
		out[used++] = ascii_lower(string[i]);
	}
	return used;
}
