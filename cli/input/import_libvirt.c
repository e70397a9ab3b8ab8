/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "input/importers.h"
#include "input/named_bits.h"
#include "input/xml.h"
#include "table/cpu_model.h"
#include "table/msr.h"

/* Reads an attribute as a decimal number. */
static bool read_decimal(const char *const *attributes, const char *name, uint32_t max,
                         uint32_t *ret)
{
	const char *at = xml_attribute(attributes, name);

	return dump_decimal(&at, max, ret) && !*at;
}

/* Reads the attribute of an element as a number of 32 bits; an absent one is 0 if it may be. */
static bool read_number(const char *const *attributes, const char *name, bool optional,
                        uint32_t *ret)
{
	const char *at = xml_attribute(attributes, name);

	*ret = 0;
	return (optional && !*at) || (dump_hex(&at, ret) && !*at);
}

static const char *take_msr(struct dump *d, const char *const *attributes)
{
	struct control *c = &d->control;
	uint32_t number, low, high;

	if (!read_number(attributes, "index", false, &number) ||
	    !read_number(attributes, "eax", false, &low) ||
	    !read_number(attributes, "edx", false, &high))
		return "expected the attributes index, eax and edx of <msr>";
	/* libvirt writes them in any order. */
	size_t at = c->msrs;
	while (at && c->msr[at - 1].number > number)
		at--;
	if (!*msr_name(number) || (at && c->msr[at - 1].number == number))
		return NULL;
	if (c->msrs == CONTROL_MSRS_MAX)
		return err_text(ERR_MANY_MSRS);
	memmove(&c->msr[at + 1], &c->msr[at], (c->msrs++ - at) * sizeof(c->msr[0]));
	c->msr[at] = (struct control_msr){ number, { true, (uint64_t)high << 32 | low } };
	return NULL;
}

/* <cpuid eax_in='0x00000007' ecx_in='0x00' eax='...' ebx='...' ecx='...' edx='...'/> */
static const char *begin_data(void *ctx, const char *path, const char *const *attributes)
{
	struct dump *d = ctx;
	struct cpuid_leaf l = { .leaf = 0 };

	if (strcmp(path, "/cpudata") == 0)
		return strcmp(xml_attribute(attributes, "arch"), "x86") == 0
		               ? NULL
		               : "expected <cpudata arch='x86'>";
	if (strcmp(path, "/cpudata/msr") == 0)
		return take_msr(d, attributes);
	if (strcmp(path, "/cpudata/cpuid") != 0)
		return NULL;
	if (!read_number(attributes, "eax_in", false, &l.leaf) ||
	    !read_number(attributes, "ecx_in", true, &l.subleaf))
		return "expected the attributes eax_in and ecx_in of <cpuid>";
	for (unsigned reg = 0; reg < CPUID_REGS; reg++)
		if (!read_number(attributes, cpuid_register((enum cpuid_reg)reg), false,
		                 &l.reg[reg]))
			return "expected the attributes eax, ebx, ecx and edx of <cpuid>";
	return dump_leaf(d, &l) ? NULL : "the leaf cannot be taken";
}

static const char *end_nothing(void *ctx, const char *path, const char *text)
{
	(void)ctx;
	(void)path;
	(void)text;
	return NULL;
}

bool cpudata_is(const struct bytes *b)
{
	return memmem(b->at, b->size, "<cpudata", 8) != NULL;
}

bool cpudata_read(struct report *r, const char *path, struct bytes *b)
{
	static const struct xml_reader reader = { begin_data, end_nothing };
	struct dump *d = dump_start(r, path, b);

	if (!xml_read(path, b, &reader, d))
		d->failed = true;
	return dump_end(d);
}

static void write_attribute(struct text *t, const char *name, uint32_t value, unsigned digits)
{
	text_put(t, " ");
	text_put(t, name);
	text_put(t, "='0x");
	text_hex(t, value, digits);
	text_put(t, "'");
}

/* libvirt has one processor: the first. */
void cpudata_write(struct text *t, const struct report *r, const char *host)
{
	const struct control *c = &r->kind[0].control;

	(void)host;
	text_put(t, "<cpudata arch='x86'>\n");
	for (size_t i = 0; i < r->kind[0].set.count; i++) {
		const struct cpuid_leaf *l = &r->kind[0].set.at[i];

		text_put(t, "  <cpuid");
		write_attribute(t, "eax_in", l->leaf, 8);
		write_attribute(t, "ecx_in", l->subleaf, 2);
		for (unsigned reg = 0; reg < CPUID_REGS; reg++)
			write_attribute(t, cpuid_register((enum cpuid_reg)reg), l->reg[reg], 8);
		text_put(t, "/>\n");
	}
	for (size_t i = 0; i < c->msrs; i++) {
		if (!c->msr[i].value.known)
			continue;
		text_put(t, "  <msr");
		write_attribute(t, "index", c->msr[i].number, 1);
		write_attribute(t, "edx", (uint32_t)(c->msr[i].value.value >> 32), 8);
		write_attribute(t, "eax", (uint32_t)c->msr[i].value.value, 8);
		text_put(t, "/>\n");
	}
	text_put(t, "</cpudata>\n");
}

/* The host's CPU in virsh capabilities, and in virsh domcapabilities. */
static const char *const hosts[] = {
	"/capabilities/host/cpu/",
	"/domainCapabilities/cpu/mode/",
	"/cpu/",
};

struct named {
	struct dump *d;
	bool host_model; /* of domcapabilities: the mode that is read */
	bool found;
	enum cpu_model_id model;
	char vendor[16];
	size_t count;
	char **feature; /* names that the host has */
	char **absent;  /* and does not have */
	size_t absents;
};

/* Returns what is after the path of a host's CPU, or NULL. */
static const char *in_host(const char *path)
{
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
		if (strncmp(path, hosts[i], strlen(hosts[i])) == 0)
			return path + strlen(hosts[i]);
	return NULL;
}

static void keep(char ***list, size_t *count, const char *name)
{
	*list = allocate_room(*list, *count, sizeof(**list));
	(*list)[*count] = strcpy(allocate(strlen(name) + 1), name);
	++*count;
}

static const char *take_microcode(struct dump *d, const char *const *attributes)
{
	uint32_t version;

	if (!read_decimal(attributes, "version", UINT32_MAX, &version))
		return "expected the attribute version of <microcode>";
	d->control.microcode = (struct control_value){ true, version };
	return NULL;
}

static const char *take_signature(struct dump *d, const char *const *attributes)
{
	uint32_t family, model, stepping;

	if (!read_decimal(attributes, "family", UINT32_MAX, &family) ||
	    !read_decimal(attributes, "model", UINT32_MAX, &model) ||
	    !read_decimal(attributes, "stepping", UINT32_MAX, &stepping))
		return "expected the attributes family, model and stepping of <signature>";
	return dump_signature(d, family, model, stepping) ? NULL : "the signature cannot be taken";
}

/* Without bits it is what the host has (mode "passthrough"). */
static const char *take_width(struct dump *d, const char *const *attributes)
{
	struct cpuid_leaf *l = dump_unknown(d, 0x80000008, 0);
	uint32_t bits;

	if (!*xml_attribute(attributes, "bits"))
		return NULL;
	if (!read_decimal(attributes, "bits", 255, &bits))
		return "the attribute bits of <maxphysaddr> is no number of at most 255";
	if (l)
		dump_know(l, EAX, 0xff, bits);
	return NULL;
}

static const char *begin_names(void *ctx, const char *path, const char *const *attributes)
{
	struct named *n = ctx;
	const char *part = in_host(path);

	if (strcmp(path, "/domainCapabilities/cpu/mode") == 0)
		n->host_model = strcmp(xml_attribute(attributes, "name"), "host-model") == 0;
	if (strncmp(path, "/domainCapabilities", 19) == 0 && !n->host_model)
		return NULL;
	if (!part)
		return NULL;
	if (strcmp(part, "microcode") == 0)
		return take_microcode(n->d, attributes);
	if (strcmp(part, "signature") == 0)
		return take_signature(n->d, attributes);
	if (strcmp(part, "maxphysaddr") == 0)
		return take_width(n->d, attributes);
	if (strcmp(part, "feature") == 0) {
		const char *policy = xml_attribute(attributes, "policy");
		const bool off = strcmp(policy, "disable") == 0 || strcmp(policy, "forbid") == 0;

		keep(off ? &n->absent : &n->feature, off ? &n->absents : &n->count,
		     xml_attribute(attributes, "name"));
	}
	return NULL;
}

static const char *end_names(void *ctx, const char *path, const char *text)
{
	struct named *n = ctx;
	const char *part = in_host(path);

	if (!part || (strncmp(path, "/domainCapabilities", 19) == 0 && !n->host_model))
		return NULL;
	if (strcmp(part, "model") == 0) {
		n->model = cpu_model_find(text);
		n->found = true;
	}
	if (strcmp(part, "vendor") == 0 && strlen(text) < sizeof(n->vendor))
		strcpy(n->vendor, text);
	return NULL;
}

static bool set_vendor(struct named *n)
{
	for (unsigned i = CPU_INTEL; i < CPU_VENDORS; i++)
		if (*n->vendor && strcmp(n->vendor, cpu_vendor_in_libvirt((enum cpu_vendor)i)) == 0)
			return dump_vendor(n->d, cpu_vendor_string((enum cpu_vendor)i));
	return true;
}

/*
 * Sets what the model has in all versions of libvirt, then what is named.  What is not named is
 * unknown: another libvirt may have another list.
 */
static bool set_names(struct named *n)
{
	static _Thread_local struct cpu_model_features f;
	const bool known = n->model != M_NO_MODEL;

	if (!set_vendor(n))
		return false;
	/* Of a model that is not in the table only the features that are named are known. */
	if (known)
		cpu_model_features(n->model, &f);
	for (unsigned id = F_NONE + 1; known && id < F_COUNT; id++)
		if (f.has[id] && !f.unlike[id] && features[id].low == features[id].high)
			named_bits_row(n->d, (enum feature_id)id, 1);
	for (size_t i = 0; i < n->count; i++)
		named_bits_set(n->d, NAMED_LIBVIRT, n->feature[i]);
	for (size_t i = 0; i < n->absents; i++)
		named_bits_clear(n->d, NAMED_LIBVIRT, n->absent[i]);
	return !n->d->failed;
}

static void free_list(char **list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(list[i]);
	free(list);
}

bool libvirt_is(const struct bytes *b)
{
	return memmem(b->at, b->size, "<capabilities", 13) != NULL ||
	       memmem(b->at, b->size, "<domainCapabilities", 19) != NULL;
}

bool libvirt_read(struct report *r, const char *path, struct bytes *b)
{
	static const struct xml_reader reader = { begin_names, end_names };
	struct named n = { .d = dump_start(r, path, b) };

	dump_processor(n.d, 0);
	if (!xml_read(path, b, &reader, &n))
		n.d->failed = true;
	else if (!n.found && !n.count)
		dump_fail(n.d, NULL, "without the CPU of the host (no <model> of a host-model)");
	else
		set_names(&n);
	free_list(n.feature, n.count);
	free_list(n.absent, n.absents);
	return dump_end(n.d);
}
