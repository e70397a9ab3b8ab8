/* SPDX-License-Identifier: MIT */
#include "mask/mask_vmx_read.h"

#include <string.h>

#include "base/ascii.h"
#include "base/vmx.h"
#include "fleet/array.h"

/* Reads a hexadecimal number of at most eight digits and a dot, if they come next. */
static bool take_number(struct vmx *c, uint32_t *value, bool *padded)
{
	const char *const start = c->at;

	*value = 0;
	for (; c->at < start + 8 && ascii_hex(vmx_peek(c)) >= 0; c->at++)
		*value = *value << 4 | (uint32_t)ascii_hex(*c->at);
	if (c->at > start && vmx_peek(c) == '.') {
		*padded |= *start == '0' && c->at > start + 1;
		c->at++;
		return true;
	}
	c->at = start;
	return false;
}

static bool take_register(struct vmx *c, enum cpuid_reg *reg)
{
	for (unsigned r = 0; r < CPUID_REGS; r++)
		if (vmx_take(c, cpuid_register((enum cpuid_reg)r))) {
			*reg = (enum cpuid_reg)r;
			return true;
		}
	return false;
}

/*
 * True if the key, after its "cpuid.", is meant to name a register: its first part begins with a
 * digit or is a number, or some part is a register.  VMware's other settings with this prefix, such
 * as cpuid.coresPerSocket, have none of these.
 */
static bool names_register(struct vmx c)
{
	const char *start = c.at;
	enum cpuid_reg reg;

	if (ascii_digit(vmx_peek(&c)))
		return true;
	while (ascii_hex(vmx_peek(&c)) >= 0)
		c.at++;
	if (c.at > start && (c.at == c.end || *c.at == '.'))
		return true;
	for (c.at = start; c.at < c.end; c.at++)
		if ((c.at == start || c.at[-1] == '.') && take_register(&c, &reg))
			return true;
	return false;
}

/* Reads "LEAF.REG" or "LEAF.SUBLEAF.REG" and a suffix, up to the end of the key. */
static bool read_key(struct vmx *c, struct mask_line *l)
{
	const char *const start = c->at;

	if (!take_number(c, &l->at.leaf, &l->padded))
		return false;
	/* The table has other registers there. */
	if (l->at.leaf >= CPUID_MSR) {
		c->at = start;
		return false;
	}
	if (!take_register(c, &l->at.reg)) {
		l->numbered = take_number(c, &l->at.subleaf, &l->padded);
		if (!l->numbered || !take_register(c, &l->at.reg))
			return false;
	}
	if (vmx_take(c, ".amd"))
		l->vendor = MASK_AMD;
	else if (vmx_take(c, ".intel"))
		l->vendor = MASK_INTEL;
	return c->at == c->end;
}

/* Returns the canonical form of a mask's character, or a NUL. */
static char canonical(char c)
{
	static const char from[] = "01-xhrtf", to[] = "01-XHRTF";

	for (unsigned i = 0; from[i]; i++)
		if (ascii_lower(c) == from[i])
			return to[i];
	return '\0';
}

/* Reads characters up to the closing quote; without quotes, up to a comment or the end. */
static enum err read_characters(struct vmx *c, struct mask_line *l, bool quoted)
{
	char bit[MASK_BITS];

	for (; c->at < c->end && *c->at != (quoted ? '"' : '#'); c->at++) {
		const char letter = canonical(*c->at);

		if (*c->at == ':' || *c->at == ' ' || *c->at == '\t')
			continue;
		if (!letter)
			return vmx_bad_character(*c->at, ERR_MASK_CHARACTER);
		if (l->width < MASK_BITS)
			bit[MASK_BITS - 1 - l->width++] = letter;
		else if (l->width++ == MASK_BITS)
			l->end = vmx_where(c);
		else
			l->width = MASK_BITS + 1;
	}
	if (l->width <= MASK_BITS)
		l->end = vmx_where(c);
	memset(l->bit, '-', sizeof(l->bit));
	if (l->width == MASK_BITS)
		memcpy(l->bit, bit, sizeof(bit));
	return ERR_NONE;
}

static enum err read_mask(struct vmx *c, struct mask_line *l)
{
	vmx_skip_blanks(c);
	const bool quoted = vmx_take(c, "\"");
	const enum err err = read_characters(c, l, quoted);

	if (err != ERR_NONE)
		return err;
	if (quoted && !vmx_take(c, "\""))
		return ERR_MASK_QUOTE;
	return vmx_end(c);
}

/* Returns the number of "19" or 19; 0 for anything else. */
static unsigned read_hw(struct vmx *c)
{
	unsigned hw = 0;

	vmx_skip_blanks(c);
	vmx_take(c, "\"");
	for (; ascii_digit(vmx_peek(c)) && hw < 100; c->at++)
		hw = hw * 10 + (unsigned)(*c->at - '0');
	return hw;
}

/* Reads "TRUE" for the key completeMasks; any other value is that of a file without the key. */
static enum err read_complete(struct mask_lines *lines, struct vmx *c)
{
	struct vmx word = *c;
	const char *value;
	size_t size;
	const enum err err = vmx_value(c, &value, &size);

	word.at = value;
	if (err == ERR_NONE && size == 4 && vmx_take(&word, "true"))
		lines->complete = c->line;
	return err;
}

/* Reads a featMask line; key is what follows "featmask.vm.", or, for a host, "featmask.". */
static enum err read_named(struct mask_lines *lines, const struct vmx *key, struct vmx *c,
                           bool host)
{
	struct mask_value v;
	const char *value;
	enum err err;
	size_t size;

	const size_t name_size = (size_t)(key->end - key->at);
	if (name_size > MASK_NAME_MAX) {
		c->at = key->at;
		return ERR_STRING_LONG;
	}
	err = vmx_value(c, &value, &size);
	if (err != ERR_NONE)
		return err;
	if (!mask_value_read(&v, value, size) || v.op == MASK_MATCH) {
		c->at = value;
		return ERR_MASK_VALUE;
	}
	struct mask_named *n = mask_lines_add_name(lines, key->at, name_size);
	if (!n)
		return ERR_MEMORY;
	if (host)
		n->of.kind = MASK_NAMED_OTHER;
	n->value = v;
	n->host = host;
	n->line = c->line;
	return ERR_NONE;
}

/* Reads a setting that gives the guest another identity.  Returns false if the key is none. */
static bool read_setting(struct mask_lines *lines, const struct vmx *key, struct vmx *c,
                         enum err *ret_err)
{
	static const char *const keys[] = { "brandstring", "family", "model", "stepping" };
	static const char *const names[] = { "brand string", "family", "model", "stepping" };
	struct mask_setting *more;
	const char *value;
	size_t size, i = 0;

	for (;; i++) {
		struct vmx rest = *key;

		if (i == sizeof(keys) / sizeof(keys[0]))
			return false;
		if (vmx_take(&rest, keys[i]) && rest.at == rest.end)
			break;
	}
	*ret_err = vmx_value(c, &value, &size);
	if (*ret_err != ERR_NONE)
		return true;
	more = array_room(lines->setting, lines->settings, sizeof(*more));
	*ret_err = more ? ERR_NONE : ERR_MEMORY;
	if (!more)
		return true;
	lines->setting = more;
	more += lines->settings++;
	*more = (struct mask_setting){ .name = names[i], .line = c->line };
	memcpy(more->value, value, size < MASK_SETTING_MAX ? size : MASK_SETTING_MAX);
	return true;
}

/* Reads the value of a register line. */
static enum err read_register(struct mask_lines *lines, struct vmx *key, struct vmx *c)
{
	struct mask_line *more = array_room(lines->at, lines->count, sizeof(*more));

	if (!more)
		return ERR_MEMORY;
	lines->at = more;
	struct mask_line *l = &lines->at[lines->count++];
	*l = (struct mask_line){ .at = place_register(0, 0, EAX), .line = c->line };
	if (!read_key(key, l)) {
		c->at = key->at;
		return ERR_MASK_KEY;
	}
	return read_mask(c, l);
}

static enum err read_line(struct mask_lines *lines, struct vmx *c)
{
	enum err err;
	struct vmx key;

	if (!vmx_split(c, &key))
		return c->at == c->end ? ERR_NONE : ERR_MASK_LINE;
	if (vmx_take(&key, "featurecompat.vm.completemasks") ||
	    vmx_take(&key, "featmask.vm.completemasks"))
		return key.at == key.end ? read_complete(lines, c) : ERR_NONE;
	if (vmx_take(&key, "featmask.vm."))
		return read_named(lines, &key, c, false);
	if (vmx_take(&key, "featmask."))
		return read_named(lines, &key, c, true);
	if (vmx_take(&key, "virtualhw.version") && key.at == key.end)
		lines->hw = read_hw(c);
	if (!vmx_take(&key, "cpuid."))
		return ERR_NONE;
	if (read_setting(lines, &key, c, &err))
		return err;
	return names_register(key) ? read_register(lines, &key, c) : ERR_NONE;
}

enum err mask_vmx_read(struct mask_lines *lines, const char *text, size_t size,
                       struct where *reterr_where)
{
	struct vmx c;

	*lines = (struct mask_lines){ .count = 0 };
	vmx_start(&c, text, size);
	while (vmx_next_line(&c)) {
		const enum err err = read_line(lines, &c);
		if (err != ERR_NONE) {
			*reterr_where = vmx_where(&c);
			return err;
		}
	}
	if (!mask_lines_link(lines)) {
		*reterr_where = vmx_where(&c);
		return ERR_MEMORY;
	}
	for (size_t i = 0; i < lines->count; i++)
		if (lines->at[i].width != MASK_BITS) {
			*reterr_where = lines->at[i].end;
			return ERR_MASK_LENGTH;
		}
	return ERR_NONE;
}
