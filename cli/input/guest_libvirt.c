/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "input/guest_reader.h"
#include "input/xml.h"

/* Source: libvirt docs/formatdomain.rst, "CPU model and topology", and src/conf/cpu_conf.c. */
struct domain {
	struct guest_reader *r;
	bool custom, compared; /* compared: once there is a model */
	enum kvm_said pmu;
	char wrong[PRINTABLE_MAX + 256];
};

static const char *wrong(struct domain *d, const char *what, const char *value)
{
	char clean[PRINTABLE_MAX];

	snprintf(d->wrong, sizeof(d->wrong), "%s '%.100s'", what,
	         printable(clean, sizeof(clean), value));
	return d->wrong;
}

static const char *unknown_feature(struct domain *d, const char *name)
{
	const size_t used = strlen(wrong(d, "unknown feature", name));
	struct text t;

	text_start(&t, d->wrong + used, sizeof(d->wrong) - used);
	guest_near_features(&t, name, NAMED_LIBVIRT);
	return text_string(&t) ? d->wrong : wrong(d, "unknown feature", name);
}

static const char *begin_cpu(struct domain *d, const char *const *attributes)
{
	struct kvm_guest *g = &d->r->to->kvm;
	const char *mode = xml_attribute(attributes, "mode");
	const char *match = xml_attribute(attributes, "match");

	d->compared = strcmp(xml_attribute(attributes, "check"), "none") != 0;
	d->custom = !*mode || strcmp(mode, "custom") == 0;
	if (strcmp(mode, "host-passthrough") == 0 || strcmp(mode, "maximum") == 0) {
		g->from = KVM_FROM_HOST;
		g->host_bits = g->pmu = true;
	} else if (strcmp(mode, "host-model") == 0) {
		g->from = KVM_FROM_HOST_MODEL;
	} else if (!d->custom) {
		return wrong(d, "unknown mode", mode);
	}
	if (!d->custom) {
		g->base = M_NO_MODEL;
		snprintf(g->name, sizeof(g->name), "%s", mode);
	}
	g->minimum = d->custom && strcmp(match, "minimum") == 0;
	g->strict = d->custom && strcmp(match, "strict") == 0;
	if (*match && strcmp(match, "exact") != 0 && strcmp(match, "minimum") != 0 &&
	    strcmp(match, "strict") != 0)
		return wrong(d, "unknown match", match);
	g->fixed = strcmp(xml_attribute(attributes, "migratable"), "off") == 0;
	return NULL;
}

static const char *begin_model(struct domain *d, const char *const *attributes)
{
	const char *vendor = xml_attribute(attributes, "vendor_id");

	if (!*vendor)
		return NULL;
	if (strlen(vendor) != sizeof(d->r->to->kvm.vendor) - 1)
		return wrong(d, "expected 12 characters, not vendor_id", vendor);
	strcpy(d->r->to->kvm.vendor, vendor);
	return NULL;
}

static const char *begin_feature(struct domain *d, const char *const *attributes)
{
	static const struct {
		const char *policy;
		enum kvm_said said;
	} policies[] = {
		{ "", KVM_SAID_ON },         { "force", KVM_SAID_ON },
		{ "require", KVM_SAID_ON },  { "optional", KVM_SAID_OPTIONAL },
		{ "disable", KVM_SAID_OFF }, { "forbid", KVM_SAID_FORBIDDEN },
	};
	const char *policy = xml_attribute(attributes, "policy");
	const char *name = xml_attribute(attributes, "name");

	for (size_t i = 0; i < sizeof(policies) / sizeof(policies[0]); i++)
		if (strcmp(policy, policies[i].policy) == 0) {
			if (kvm_guest_say(&d->r->to->kvm, name, policies[i].said))
				return NULL;
			return unknown_feature(d, name);
		}
	return wrong(d, "unknown policy", policy);
}

static const char *begin_width(struct domain *d, const char *const *attributes)
{
	struct kvm_guest *g = &d->r->to->kvm;
	const char *mode = xml_attribute(attributes, "mode");
	const char *bits = xml_attribute(attributes, "bits");
	const char *limit = xml_attribute(attributes, "limit");
	const bool host = strcmp(mode, "passthrough") == 0;
	const char *number = host ? limit : bits;
	unsigned value = 0;

	if (!host && strcmp(mode, "emulate") != 0)
		return wrong(d, "unknown mode of maxphysaddr", mode);
	for (const char *c = number; *c; c++)
		value = *c >= '0' && *c <= '9' && value < 1000 ? value * 10 + (unsigned)(*c - '0')
		                                               : 1000;
	if (value > 64 || (*number && !value))
		return wrong(d, "expected 1 to 64 address bits, not", number);
	g->host_bits = host || (g->from == KVM_FROM_HOST && !value);
	*(host ? &g->limit : &g->bits) = value;
	return NULL;
}

/* What is around the element <cpu>, in a whole domain. */
static const char *begin_domain(struct domain *d, const char *path, const char *const *attributes)
{
	const char *type = xml_attribute(attributes, "type");
	const char *arch = xml_attribute(attributes, "arch");

	if (strcmp(path, "/domain") == 0 && *type && strcmp(type, "kvm") != 0)
		return wrong(d, "not a domain of KVM, but of type", type);
	if (strcmp(path, "/domain/os/type") == 0 && *arch && strcmp(arch, "x86_64") != 0 &&
	    strcmp(arch, "i686") != 0)
		return wrong(d, "not for x86, but for", arch);
	if (strcmp(path, "/domain/features/pmu") == 0)
		d->pmu = strcmp(xml_attribute(attributes, "state"), "off") == 0 ? KVM_SAID_OFF
		                                                                : KVM_SAID_ON;
	if (strcmp(path, "/domain/clock/timer") == 0 && *xml_attribute(attributes, "frequency"))
		d->r->to->kvm.paced = true;
	if (strcmp(path, "/domain/qemu:commandline/qemu:arg") == 0 &&
	    strcmp(xml_attribute(attributes, "value"), "-cpu") == 0)
		return "the domain gives QEMU a -cpu of its own: check the command line of its "
		       "process";
	return NULL;
}

/* Returns the path below the domain, or NULL if it is of neither a domain nor an element <cpu>. */
static const char *below(const char *path)
{
	if (strncmp(path, "/domain", 7) == 0 && (path[7] == '/' || !path[7]))
		return path + 7;
	return strncmp(path, "/cpu", 4) == 0 && (path[4] == '/' || !path[4]) ? path : NULL;
}

static const char *begin(void *ctx, const char *path, const char *const *attributes)
{
	struct domain *d = ctx;
	const char *at = below(path);

	if (strncmp(path, "/capabilities", 13) == 0 ||
	    strncmp(path, "/domainCapabilities", 19) == 0)
		return "this is what a host has, not a guest: give the output of virsh dumpxml";
	if (!at)
		return "neither a domain nor an element <cpu> of libvirt's";
	if (strcmp(at, "/cpu") == 0)
		return begin_cpu(d, attributes);
	if (strcmp(at, "/cpu/model") == 0)
		return begin_model(d, attributes);
	if (strcmp(at, "/cpu/feature") == 0)
		return begin_feature(d, attributes);
	if (strcmp(at, "/cpu/maxphysaddr") == 0)
		return begin_width(d, attributes);
	return begin_domain(d, path, attributes);
}

/* Sets *bare to a text without the blanks around it. */
static void strip(char bare[static PRINTABLE_MAX], const char *text)
{
	text += strspn(text, " \t\r\n");
	snprintf(bare, PRINTABLE_MAX, "%.*s", (int)strcspn(text, " \t\r\n"), text);
}

static const char *end(void *ctx, const char *path, const char *text)
{
	struct domain *d = ctx;
	const char *at = below(path);
	char bare[PRINTABLE_MAX];

	strip(bare, text);
	if (at && strcmp(at, "/cpu/model") == 0 && d->custom) {
		if (!kvm_guest_model(&d->r->to->kvm, bare))
			return wrong(d, "unknown processor model", bare);
		d->r->to->kvm.compared = d->compared;
	}
	if (!at || strcmp(at, "/cpu/vendor") != 0)
		return NULL;
	for (unsigned v = CPU_ANY; v < CPU_VENDORS; v++)
		if (*bare && strcmp(bare, cpu_vendor_in_libvirt((enum cpu_vendor)v)) == 0) {
			strcpy(d->r->to->kvm.host_vendor, cpu_vendor_string((enum cpu_vendor)v));
			return NULL;
		}
	return wrong(d, "unknown vendor", bare);
}

bool guest_read_libvirt(struct guest_reader *r, const struct bytes *b)
{
	static const struct xml_reader reader = { begin, end };
	struct domain d = { .r = r };

	kvm_guest_start(&r->to->kvm, KVM_LIBVIRT);
	if (!xml_read(r->path, b, &reader, &d))
		return false;
	if (d.pmu != KVM_SAID_NOTHING)
		r->to->kvm.pmu = d.pmu == KVM_SAID_ON;
	return true;
}
