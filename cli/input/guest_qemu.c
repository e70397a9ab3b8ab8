/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "input/guest_reader.h"

/*
 * Settings of -cpu that are not of features, and whether they may matter to another host though
 * CPUID does not say so.  Source: QEMU target/i386/cpu.c, x86_cpu_properties.  A name that ends in
 * '-' is the beginning of several.
 */
static const struct setting {
	const char *name;
	bool other;
} settings[] = {
	{ "check", false },
	{ "enforce", false },
	{ "family", false },
	{ "model", false },
	{ "stepping", false },
	{ "model-id", false },
	{ "level", false },
	{ "level-func7", false },
	{ "min-level", false },
	{ "min-level-func7", false },
	{ "xlevel", false },
	{ "min-xlevel", false },
	{ "xlevel2", false },
	{ "min-xlevel2", false },
	{ "full-cpuid-auto-level", false },
	{ "legacy-cache", false },
	{ "l3-cache", false },
	{ "cpuid-0xb", false },
	{ "fill-mtrr-mask", false },
	{ "kvm", false },
	{ "kvm-", false },
	{ "kvmclock", false },
	{ "kvmclock-", false },
	{ "vmware-cpuid-freq", false },
	{ "tcg-cpuid", false },
	{ "x-", false },
	{ "xen-", false },
	{ "hotpluggable", false },
	{ "guest-phys-bits", false },
	{ "ucode-rev", false },
	{ "host-cache-info", true },
	{ "lmce", true },
	{ "hv-", true },
	{ "lbr-fmt", true },
	{ "avx10-version", true },
};

#define NAME_MAX 64

static bool is_on(const char *value)
{
	return strcmp(value, "on") == 0 || strcmp(value, "yes") == 0 ||
	       strcmp(value, "true") == 0 || strcmp(value, "y") == 0;
}

static bool is_off(const char *value)
{
	return strcmp(value, "off") == 0 || strcmp(value, "no") == 0 ||
	       strcmp(value, "false") == 0 || strcmp(value, "n") == 0;
}

/* Remembers a setting that is not judged. */
static void add_other(struct guest *g, const char *name)
{
	g->other = allocate_room(g->other, g->count, sizeof(*g->other));
	g->other[g->count] = allocate(strlen(name) + 1);
	strcpy(g->other[g->count++], name);
}

/* True for a setting that is not of a feature. */
static bool take_setting(struct guest_reader *r, const char *name, const char *value)
{
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		const struct setting *s = &settings[i];
		const size_t size = strlen(s->name);

		if ((s->name[size - 1] == '-' ? strncmp(name, s->name, size)
		                              : strcmp(name, s->name)) != 0)
			continue;
		if (s->other && !is_off(value))
			add_other(r->to, name);
		return true;
	}
	return false;
}

static bool take_vendor(struct guest_reader *r, const char *value)
{
	if (strlen(value) != sizeof(r->to->kvm.vendor) - 1)
		return guest_fail(r, value, "expected a vendor of 12 characters");
	strcpy(r->to->kvm.vendor, value);
	return true;
}

/* Takes a setting that is on or off.  *known is false if it is none of them. */
static bool take_switch(struct guest_reader *r, const char *name, const char *value, bool *known)
{
	struct kvm_guest *g = &r->to->kvm;
	bool *const to = strcmp(name, "host-phys-bits") == 0 ? &g->host_bits
	                 : strcmp(name, "pmu") == 0          ? &g->pmu
	                 : strcmp(name, "migratable") == 0   ? &g->fixed
	                                                     : NULL;

	*known = to != NULL;
	if (!to)
		return true;
	if (!is_on(value) && !is_off(value))
		return guest_fail(r, name, "expected on or off");
	*to = is_on(value) != (to == &g->fixed);
	return true;
}

bool guest_take_flag(struct guest_reader *r, const char *name, enum kvm_said what)
{
	const char *value = what == KVM_SAID_OFF ? "off" : "on";
	char own[NAME_MAX], line[256];
	struct text t;
	bool known;

	if (kvm_guest_say(&r->to->kvm, name, what))
		return true;
	snprintf(own, sizeof(own), "%s", name);
	for (char *c = own; *c; c++)
		*c = *c == '_' ? '-' : *c;
	if (!take_switch(r, own, value, &known))
		return false;
	if (known || take_setting(r, own, value))
		return true;
	text_start(&t, line, sizeof(line));
	text_put(&t, "unknown feature");
	guest_near_features(&t, name, NAMED_QEMU);
	return guest_fail(r, name, text_string(&t));
}

/* Takes NAME=VALUE. */
static bool take_pair(struct guest_reader *r, const char *name, const char *value)
{
	struct kvm_guest *g = &r->to->kvm;
	bool known;

	if (strcmp(name, "vendor") == 0)
		return take_vendor(r, value);
	if (strcmp(name, "phys-bits") == 0)
		return (g->bits = guest_bits(r, value)) > 0;
	if (strcmp(name, "host-phys-bits-limit") == 0)
		return strcmp(value, "0") == 0 || (g->limit = guest_bits(r, value)) > 0;
	if (strcmp(name, "tsc-freq") == 0 || strcmp(name, "tsc-frequency") == 0) {
		g->paced = true;
		return true;
	}
	if (!take_switch(r, name, value, &known))
		return false;
	if (known || take_setting(r, name, value))
		return true;
	if (!is_on(value) && !is_off(value))
		return guest_fail(r, name, "expected on or off");
	return guest_take_flag(r, name, is_on(value) ? KVM_SAID_ON : KVM_SAID_OFF);
}

/* The passes over the settings: +NAME counts more than NAME=VALUE, and -NAME more than both. */
enum pass { PASS_PAIRS, PASS_ON, PASS_OFF, PASSES };

static bool take_word(struct guest_reader *r, const char *word, enum pass pass)
{
	const enum pass own = *word == '+' ? PASS_ON : *word == '-' ? PASS_OFF : PASS_PAIRS;
	char name[NAME_MAX];
	const size_t size = strcspn(word, "=");

	if (own != pass)
		return true;
	if (size >= sizeof(name))
		return guest_fail(r, word, "unknown feature");
	if (own != PASS_PAIRS)
		return guest_take_flag(r, word + 1, own == PASS_ON ? KVM_SAID_ON : KVM_SAID_OFF);
	memcpy(name, word, size);
	name[size] = '\0';
	for (char *c = name; *c; c++)
		*c = *c == '_' ? '-' : *c;
	return take_pair(r, name, word[size] ? word + size + 1 : "on");
}

/* Takes the value of -cpu. */
static bool take_cpu(struct guest_reader *r, const char *value)
{
	if (!guest_short(r, value))
		return false;
	char *words = allocate(strlen(value) + 1), *rest = words;
	bool ok = true;

	for (unsigned pass = 0; ok && pass < PASSES; pass++) {
		strcpy(words, value);
		rest = words;
		const char *model = strsep(&rest, ",");
		if (pass == 0)
			ok = guest_take_model(r, model);
		for (char *word; ok && (word = strsep(&rest, ","));)
			ok = !*word || take_word(r, word, (enum pass)pass);
	}
	free(words);
	return ok;
}

/* What a shell makes of a command line, argument by argument. */
struct arguments {
	char *next, *end;
	bool zeros; /* a NUL ends each, as in /proc/PID/cmdline */
	size_t line, column;
};

static void step(struct arguments *a)
{
	a->column++;
	if (*a->next++ == '\n') {
		a->line++;
		a->column = 1;
	}
}

static bool is_gap(const struct arguments *a)
{
	return a->zeros ? !*a->next : strchr(" \t\r\n", *a->next) != NULL;
}

/* Skips gaps, and the ends of lines that go on. */
static void skip_gaps(struct arguments *a)
{
	while (a->next < a->end &&
	       (is_gap(a) || (!a->zeros && *a->next == '\\' && a->next + 1 < a->end &&
	                      (a->next[1] == '\n' || a->next[1] == '\r'))))
		step(a);
}

/* Returns the next argument, or NULL.  There is a byte after the end. */
static char *next_argument(struct arguments *a, struct where *where)
{
	char quote = '\0';

	skip_gaps(a);
	if (a->next >= a->end)
		return NULL;
	char *const start = a->next, *to = start;
	*where = (struct where){ .line = a->line, .column = a->column };
	while (a->next < a->end && (quote || !is_gap(a))) {
		const char c = *a->next;

		step(a);
		if (a->zeros)
			*to++ = c; /* NOLINT(bugprone-branch-clone): the cases are in this order */
		else if (quote ? c == quote : c == '\'' || c == '"')
			quote = quote ? '\0' : c;
		else if (c == '\\' && quote != '\'' && a->next < a->end) {
			*to++ = *a->next;
			step(a);
		} else
			*to++ = c;
	}
	if (a->next < a->end)
		step(a);
	*to = '\0';
	return start;
}

bool guest_take_arguments(struct guest_reader *r, char *text, size_t size, bool *found)
{
	struct arguments a = { .next = text,
		               .end = text + size,
		               .zeros = memchr(text, '\0', size) != NULL,
		               .line = r->where.line,
		               .column = r->where.column };
	struct where where;
	char *value = NULL;

	for (char *word; (word = next_argument(&a, &where));) {
		if (strcmp(word, "-cpu") != 0 && strcmp(word, "--cpu") != 0)
			continue;
		value = next_argument(&a, &where);
		r->where = where;
		if (!value)
			return guest_fail(r, word, "the model is missing");
	}
	*found = value != NULL;
	return !value || take_cpu(r, value);
}

/* True for the name of a QEMU; *other if it is not for x86. */
static bool is_qemu(const char *word, bool *other)
{
	const char *name = base_name(word);

	*other = strncmp(name, "qemu-system-", 12) == 0 && strcmp(name + 12, "x86_64") != 0 &&
	         strcmp(name + 12, "i386") != 0;
	return strncmp(name, "qemu-", 5) == 0 || strcmp(name, "kvm") == 0;
}

/* Takes a text without -cpu: the option's value alone, or the line of a QEMU, which has a default.
 */
static bool take_other(struct guest_reader *r, struct arguments a)
{
	bool other = false;
	char *first = next_argument(&a, &r->where);
	struct where next;

	if (first && is_qemu(first, &other))
		return other ? guest_fail(r, first, "not a QEMU for x86") : true;
	if (first && *first != '-' && !next_argument(&a, &next))
		return take_cpu(r, first);
	r->where.line = 0;
	return guest_fail(r, "",
	                  "no guest definition: neither libvirt's XML, nor QEMU's -cpu, nor a VM's "
	                  "file of Proxmox VE");
}

bool guest_read_qemu(struct guest_reader *r, const struct bytes *b)
{
	char *text = allocate(b->size + 1);
	bool found = false;

	kvm_guest_start(&r->to->kvm, KVM_QEMU);
	r->where = (struct where){ .line = 1, .column = 1 };
	memcpy(text, b->at, b->size);
	bool ok = guest_take_arguments(r, text, b->size, &found);
	if (ok && !found) {
		memcpy(text, b->at, b->size);
		ok = take_other(r,
		                (struct arguments){ .next = text,
		                                    .end = text + b->size,
		                                    .zeros = memchr(b->at, '\0', b->size) != NULL,
		                                    .line = 1,
		                                    .column = 1 });
	}
	free(text);
	return ok;
}
