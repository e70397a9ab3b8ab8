/* SPDX-License-Identifier: MIT */
#include "hii/hii_choice.h"

#include "base/ascii.h"
#include "table/feature_setup.h"

/* Separated as the phrases of feature_setup.def are. */
static const char subjects[] =
	"core; cores; cpu; processor; processors; thread; threads; threading; smt; "
	"hyper-threading; "
	"virtualization; virtualisation; hypervisor; vmm; vt; vt-x; vt-d; svm; iommu; microcode; "
	"c-state; c-states; c state; c states; p-state; p-states; p state; p states; t-states; "
	"cstate; cstates; pstate; pstates; turbo; speedstep; cppc; ccd; ccds; mwait";

/* Returns the number of a letter or digit, or HII_INITIALS. */
static unsigned initial(char c)
{
	c = ascii_lower(c);
	if (ascii_digit(c))
		return (unsigned)(c - '0');
	return c >= 'a' && c <= 'z' ? 10U + (unsigned)(c - 'a') : HII_INITIALS;
}

static void add(struct hii_choice *c, const char *at, size_t size, bool subject)
{
	while (size && initial(*at) == HII_INITIALS)
		at++, size--;
	const unsigned letter = size ? initial(*at) : HII_INITIALS;

	if (letter == HII_INITIALS || c->phrases == HII_PHRASES_MAX)
		return;
	c->phrase[c->phrases].at = at;
	c->phrase[c->phrases].size = (uint16_t)size;
	c->phrase[c->phrases].subject = subject;
	c->phrase[c->phrases].next = c->first[letter];
	c->first[letter] = (uint16_t)++c->phrases;
}

/* Adds the phrases of one row.  Returns the byte after its NUL. */
static const char *add_row(struct hii_choice *c, const char *at, bool subject)
{
	while (*at) {
		const char *const start = at;

		while (*at && *at != ';')
			at++;
		add(c, start, (size_t)(at - start), subject);
		while (*at == ';' || *at == ' ')
			at++;
	}
	return at + 1;
}

void hii_choice_start(struct hii_choice *c)
{
	size_t rows;
	const char *at = feature_setup_rows(&rows);

	*c = (struct hii_choice){ 0 };
	while (rows-- > 0)
		at = add_row(c, at, false);
	add_row(c, subjects, true);
}

/* Returns true if a text continues with a phrase that ends where a word does. */
static bool begins(const char *text, const char *phrase, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (ascii_lower(text[i]) != ascii_lower(phrase[i]))
			return false;
	return initial(phrase[size - 1]) == HII_INITIALS || initial(text[size]) == HII_INITIALS;
}

static bool speaks(const struct hii_choice *c, const char *text, bool subjects_only)
{
	for (const char *at = text; *at; at++) {
		const unsigned letter = initial(*at);

		if (letter == HII_INITIALS || (at > text && initial(at[-1]) != HII_INITIALS))
			continue;
		for (unsigned i = c->first[letter]; i; i = c->phrase[i - 1].next)
			if ((c->phrase[i - 1].subject || !subjects_only) &&
			    begins(at, c->phrase[i - 1].at, c->phrase[i - 1].size))
				return true;
	}
	return false;
}

bool hii_choice_takes(const struct hii_choice *c, const char *prompt, const char *help)
{
	return speaks(c, prompt, false) || speaks(c, help, true);
}
