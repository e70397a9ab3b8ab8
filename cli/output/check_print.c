/* SPDX-License-Identifier: MIT */
#include "output/check_print.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "cli.h"
#include "fleet/pool_kvm.h"
#include "output/print.h"
#include "table/feature_names.h"

/* The worst that the processors of a host say of each feature, and which of them says so. */
struct findings {
	const struct pool_host *host;
	struct guest_kvm kernel;
	uint8_t fit[F_COUNT];
	uint16_t of[F_COUNT];
	enum kvm_fit width, vendor, signature, worst;
	struct cpuid_set first, narrow, foreign; /* the last two: of width and vendor */
};

static void worsen(enum kvm_fit *fit, enum kvm_fit own)
{
	*fit = own > *fit ? own : *fit;
}

/* What one processor of the host says. */
static void judge_processor(const struct checking *c, struct findings *f,
                            const struct cpuid_set *set, size_t number)
{
	const enum kvm_fit width = kvm_check_width(&c->check, set);
	const enum kvm_fit vendor = kvm_check_vendor(&c->check, set);

	for (unsigned i = F_NONE + 1; i < F_COUNT; i++) {
		const enum kvm_fit own =
			kvm_check_feature(&c->check, &f->kernel, set, (enum feature_id)i);

		if (own > f->fit[i]) {
			f->fit[i] = (uint8_t)own;
			f->of[i] = (uint16_t)number;
		}
		worsen(&f->worst, own);
	}
	if (width > f->width)
		f->narrow = *set;
	if (vendor > f->vendor)
		f->foreign = *set;
	worsen(&f->width, width);
	worsen(&f->vendor, vendor);
	worsen(&f->worst, width);
	worsen(&f->worst, vendor);
}

static void judge(const struct checking *c, const struct pool_host *h, struct findings *f)
{
	struct cpuid_set set;

	*f = (struct findings){ .host = h, .kernel = pool_kvm_host(&c->kernel, h) };
	for (size_t n = 0; pool_processor(h, n, &set); n++) {
		judge_processor(c, f, &set, n);
		f->first = n ? f->first : set;
	}
	f->signature = kvm_check_signature(&c->check);
	worsen(&f->worst, f->signature);
}

/* Writes "AVX2", or "RDT_M (cqm)" if the definition's reader has another name. */
static void write_feature(FILE *to, const struct checking *c, enum feature_id id)
{
	const bool libvirt = c->check.guest->reader == KVM_LIBVIRT;
	const char *name = feature_named(id, libvirt ? NAMED_LIBVIRT : NAMED_QEMU);

	fputs(feature_name(id), to);
	if (*name && !ascii_same(name, feature_name(id)))
		fprintf(to, " (%s)", name);
}

/* Why the host does not give a feature; "" if it lacks it. */
static void write_why(char *words, size_t size, const struct findings *f, unsigned id)
{
	struct cpuid_set set;
	struct text t;

	text_start(&t, words, size);
	if (pool_processor(f->host, f->of[id], &set) &&
	    guest_kvm_why(&f->kernel, &set, (enum feature_id)id) != GUEST_KVM_LACKS)
		guest_kvm_why_text(&t, &f->kernel, &set, (enum feature_id)id);
	if (!text_string(&t))
		*words = '\0';
}

void check_list_start(struct check_list *l)
{
	*l = (struct check_list){ .words = NULL };
	l->to = stream_open(&l->words, &l->size);
}

void check_list_add(struct check_list *l, const struct checking *c, unsigned id)
{
	fputs(l->count++ ? ", " : "", l->to);
	write_feature(l->to, c, (enum feature_id)id);
}

void check_list_print(struct check_list *l, const char *words, const char *after)
{
	if (l->count)
		fputs(after, l->to);
	stream_close(l->to);
	print_wrapped(4, words, l->words, ',');
	free(l->words);
}

/* True if a feature, or one that it needs, needs one of which the same is said: VMX, and all of its
 * own. */
static bool needs_such(const struct findings *f, unsigned id, unsigned fit)
{
	for (const uint16_t *need = feature_needs((enum feature_id)id); *need != F_NONE; need++)
		if (f->fit[*need] == fit || needs_such(f, *need, fit))
			return true;
	return false;
}

/* True for a feature in a register of which it is enough to say what it needs. */
static bool is_implied(const struct findings *f, unsigned id)
{
	return feature_leaf(&features[id]) >= CPUID_MSR && needs_such(f, id, f->fit[id]);
}

/* A reason, or none. */
struct why {
	bool said;
	char words[256];
};

/* Prints what the host lacks, and what KVM does not give there, once for each reason. */
static void print_lacks(const struct checking *c, const struct findings *f)
{
	struct why *why = allocate(F_COUNT * sizeof(*why));

	for (unsigned i = F_NONE + 1; i < F_COUNT; i++) {
		why[i].said = f->fit[i] != KVM_FIT_NO || is_implied(f, i);
		if (!why[i].said)
			write_why(why[i].words, sizeof(why[i].words), f, i);
	}
	for (unsigned i = F_NONE + 1; i < F_COUNT; i++) {
		const char *words = why[i].words;
		struct check_list l;

		if (why[i].said)
			continue;
		check_list_start(&l);
		for (unsigned k = i; k < F_COUNT; k++) {
			if (why[k].said || strcmp(words, why[k].words) != 0)
				continue;
			why[k].said = true;
			check_list_add(&l, c, k);
		}
		check_list_print(&l, *words ? "does not give" : "lacks", *words ? ":" : "");
		print_wrapped(8, "", words, ' ');
	}
	free(why);
}

static void print_more(const struct checking *c, const struct findings *f)
{
	struct check_list l;

	check_list_start(&l);
	for (unsigned i = F_NONE + 1; i < F_COUNT; i++)
		if (f->fit[i] == KVM_FIT_MORE && !is_implied(f, i))
			check_list_add(&l, c, i);
	check_list_print(&l, "has, and must not have,", "");
}

/* Names the leaves and registers of which it is not known what the host has. */
static void print_unknown(const struct findings *f)
{
	uint32_t last = 0;
	struct check_list l;

	check_list_start(&l);
	for (unsigned i = F_NONE + 1; i < F_COUNT; i++) {
		const uint32_t leaf = feature_leaf(&features[i]);
		const bool same = l.count && (leaf < CPUID_MSR) == (last < CPUID_MSR);

		if (f->fit[i] != KVM_FIT_UNKNOWN || (l.count && leaf == last))
			continue;
		fprintf(l.to, "%s%s%" PRIX32 "H", l.count++ ? ", " : "",
		        same               ? ""
		        : leaf < CPUID_MSR ? "leaf "
		                           : "register ",
		        leaf < CPUID_MSR ? leaf : leaf & ~CPUID_MSR);
		last = leaf;
	}
	if (f->width == KVM_FIT_UNKNOWN)
		fprintf(l.to, "%sbits of physical addresses", l.count++ ? ", " : "");
	check_list_print(&l, "not known:", "");
}

static void print_vendor(const struct checking *c, const struct findings *f)
{
	const struct kvm_guest *g = c->check.guest;
	const bool host = *g->host_vendor && strcmp(g->host_vendor, g->vendor) != 0;
	char vendor[13], own[PRINTABLE_MAX], wanted[PRINTABLE_MAX];

	cpuid_vendor(&f->foreign, vendor);
	printf("    has the vendor %s; ", printable(own, sizeof(own), vendor));
	if (host && strcmp(vendor, g->host_vendor) != 0)
		printf("the definition asks for %s\n", g->host_vendor);
	else if (*g->vendor)
		printf("the guest has %s\n", printable(wanted, sizeof(wanted), g->vendor));
	else
		printf("the guest has that of the host, and the hosts differ\n");
}

/* Prints what is wrong with the host apart from features. */
static void print_rest(const struct checking *c, const struct findings *f)
{
	if (f->width == KVM_FIT_NO)
		printf("    has %u bits of physical addresses; the guest has %s%u\n",
		       feature_value(&f->narrow, F_PHYS_BITS),
		       c->check.guest->host_bits ? "those of the host, up to " : "",
		       kvm_check_bits(&c->check));
	if (f->vendor == KVM_FIT_NO)
		print_vendor(c, f);
	if (f->signature == KVM_FIT_NO)
		printf("    is of family %u, model %u; the guest sees that of the host, and the "
		       "hosts differ\n",
		       cpuid_family(&f->first), cpuid_model(&f->first));
}

enum kvm_fit check_print_host(const struct checking *c, const struct pool_host *h)
{
	struct findings *f = allocate(sizeof(*f));
	char name[PRINTABLE_MAX];

	judge(c, h, f);
	const enum kvm_fit worst = f->worst;
	printf("%s: %s\n", printable(name, sizeof(name), h->name),
	       worst == KVM_FIT_YES       ? "can take it"
	       : worst == KVM_FIT_UNKNOWN ? "not known"
	                                  : "cannot take it");
	print_lacks(c, f);
	print_more(c, f);
	print_rest(c, f);
	print_unknown(f);
	free(f);
	return worst;
}
