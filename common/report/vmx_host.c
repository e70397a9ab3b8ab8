/* SPDX-License-Identifier: MIT */
#include "report/vmx_host.h"

#include "base/ascii.h"
#include "base/mem.h"
#include "base/vmx.h"

#define HOST "hostcpuid."

/* Reads hexadecimal digits, at most max.  Returns how many there were. */
static size_t read_hex(const char *at, const char *end, size_t max, uint32_t *number)
{
	size_t count = 0;

	*number = 0;
	for (; at + count < end && count < max && ascii_hex(at[count]) >= 0; count++)
		*number = *number << 4 | (uint32_t)ascii_hex(at[count]);
	return count;
}

/* Splits a line.  Returns true if it is one of the prefix; key is then at the leaf. */
static bool split(struct vmx *v, struct vmx *key, const char *prefix)
{
	return vmx_split(v, key) && vmx_take(key, prefix);
}

/* Reads the leaf and its registers. */
static enum err read_leaf(struct vmx *v, struct vmx *key, struct cpuid_leaf *l)
{
	const char *value;
	size_t size;

	*l = (struct cpuid_leaf){ .subleaf = 0 };
	const size_t digits = read_hex(key->at, key->end, 8, &l->leaf);
	if (!digits || key->at + digits != key->end || l->leaf >= CPUID_MSR) {
		v->at = key->at;
		return ERR_VMX_HOST_LINE;
	}
	const enum err err = vmx_value(v, &value, &size);
	if (err != ERR_NONE)
		return err;
	for (unsigned reg = 0; reg < CPUID_REGS; reg++)
		if (size != 32 || read_hex(value + 8 * reg, value + size, 8, &l->reg[reg]) != 8) {
			v->at = value;
			return ERR_VMX_HOST_LINE;
		}
	return ERR_NONE;
}

static enum err read_line(struct vmx *v, struct cpuid_set *set, const char *prefix)
{
	struct cpuid_leaf l, *own;
	struct vmx key;

	if (!split(v, &key, prefix))
		return ERR_NONE;
	const enum err err = read_leaf(v, &key, &l);
	if (err != ERR_NONE)
		return err;
	v->at = key.at;
	if (cpuid_find(set, l.leaf, 0))
		return memcmp(cpuid_find(set, l.leaf, 0), &l, sizeof(l)) == 0 ? ERR_NONE
		                                                              : ERR_LEAF_TWICE;
	own = cpuid_insert(set, l.leaf, 0);
	if (!own)
		return ERR_MANY_LEAVES;
	*own = l;
	return ERR_NONE;
}

bool vmx_host_is(const char *text, size_t size)
{
	struct vmx v, key;

	vmx_start(&v, text, size);
	while (vmx_next_line(&v))
		if (split(&v, &key, HOST))
			return true;
	return false;
}

static enum err read_lines(struct report *r, const char *text, size_t size, const char *prefix,
                           struct where *reterr_where)
{
	static const struct control unknown;
	struct cpuid_set set = { .count = 0 };
	struct vmx v;

	report_start(r);
	*reterr_where = (struct where){ 0, 0 };
	vmx_start(&v, text, size);
	while (vmx_next_line(&v)) {
		const enum err err = read_line(&v, &set, prefix);
		if (err != ERR_NONE) {
			*reterr_where = vmx_where(&v);
			return err;
		}
	}
	if (set.count == 0)
		return ERR_VMX_NO_HOST;
	cpuid_drop_echoes(&set);
	if (set.count == 0)
		return ERR_NO_LEAVES;
	return report_add(r, 0, &unknown, &set) ? ERR_NONE : ERR_MANY_KINDS;
}

enum err vmx_host_read(struct report *r, const char *text, size_t size, struct where *reterr_where)
{
	return read_lines(r, text, size, HOST, reterr_where);
}

enum err vmx_guest_read(struct report *r, const char *text, size_t size, struct where *reterr_where)
{
	return read_lines(r, text, size, "guestcpuid.", reterr_where);
}
