/* SPDX-License-Identifier: MIT */
#include "mask/kvm_plan.h"

#include <limits.h>
#include <string.h>

#include "mask/mask_bits.h"
#include "table/feature_names.h"

bool kvm_plan_is_owners(enum feature_id id)
{
	switch (guest_kvm_choice(id)) {
	case GUEST_KVM_NONE:
	case GUEST_KVM_TILES:
	case GUEST_KVM_NESTED:
		break;
	case GUEST_KVM_PMU:
	case GUEST_KVM_IDLE:
	case GUEST_KVM_SGX:
	case GUEST_KVM_TRACE:
	case GUEST_KVM_TIMER:
	case GUEST_KVM_TOPOLOGY:
	case GUEST_KVM_AVX10:
		return true;
	}
	return false;
}

/*
 * True if a feature may be named.  Of the bits of rule ANY, MD_CLEAR and VERW_CLEAR say that VERW
 * clears buffers.  The others say what a processor no longer has, and are named where a model has
 * them.
 */
static bool is_named(enum feature_id id)
{
	return *feature_named(id, NAMED_QEMU) &&
	       (mask_is_feature(id) || features[id].rule == RULE_ANY);
}

/* True if KVM shows it on all hosts. */
static bool is_in_baseline(const struct mask *m, enum feature_id id)
{
	return feature_value(m->baseline, id) &&
	       (features[id].rule == RULE_ALL || (m->every && feature_value(m->every, id)));
}

/* True if the hosts themselves have it, whatever KVM has in software. */
static bool is_on_hosts(const struct mask *m, enum feature_id id)
{
	return !m->hosts || feature_value(m->hosts, id);
}

/* True if libvirt's model has the feature: libvirt then looks for it on the host. */
static bool is_expected(const struct cpu_model_features *f, const struct kvm_offer *o,
                        enum feature_id id)
{
	return o->reader == KVM_LIBVIRT && cpu_model_in_libvirt(f, id, o->libvirt);
}

struct guest_kvm kvm_plan_host(unsigned kernel, bool nested)
{
	return (struct guest_kvm){ .kernel = kernel,
		                   .updated = true,
		                   .nested = nested,
		                   .pmu = true,
		                   .idle = true,
		                   .sgx = true,
		                   .trace = true,
		                   .timer = true };
}

enum kvm_left kvm_plan_left(const struct kvm_offer *offer, enum feature_id id)
{
	if (kvm_offer_withholds(offer, id))
		return KVM_LEFT_WITHHELD;
	if (kvm_plan_is_owners(id))
		return KVM_LEFT_OWNER;
	return kvm_offer_feature(offer, id) ? KVM_LEFT_NOT : KVM_LEFT_VERSION;
}

/* The last leaf that tells of AMX's tiles. */
#define TILE_LEAF 0x1eU

static enum kvm_left left_out(const struct kvm_plan *p, enum feature_id id)
{
	if (guest_kvm_choice(id) == GUEST_KVM_TILES && cpu_models[p->base].last < TILE_LEAF)
		return KVM_LEFT_BASE;
	return kvm_plan_left(&p->offer, id);
}

/* True if the feature need not be turned off: without VMX or SVM, QEMU does not show it. */
static bool is_harmless(const struct mask *m, enum feature_id id)
{
	const bool nested = feature_value(m->baseline, F_VMX) || feature_value(m->baseline, F_SVM);

	return !nested && guest_kvm_choice(id) == GUEST_KVM_NESTED && id != F_VMX && id != F_SVM;
}

/* True for a bit of what the processor no longer has, not worth a word where the model lacks it. */
static bool is_trifle(enum feature_id id)
{
	return features[id].rule == RULE_ANY && feature_leaf(&features[id]) < CPUID_MSR &&
	       id != F_MD_CLEAR && id != F_VERW_CLEAR;
}

/*
 * True for a bit of the other vendor that KVM shows beside the hosts' own for the same thing (Linux
 * arch/x86/kvm/cpuid.c, kvm_set_cpu_caps): the guest finds the other.
 */
static bool is_repeated(const struct mask *m, enum feature_id id)
{
	static const struct {
		uint16_t intel, amd;
	} both[] = {
		{ F_IBRS_IBPB, F_IBPB },           { F_IBRS_IBPB, F_AMD_IBRS },
		{ F_STIBP, F_AMD_STIBP },          { F_SSBD, F_AMD_SSBD },
		{ F_SSB_NO, F_SSBD_NOT_REQUIRED },
	};

	for (size_t i = 0; i < sizeof(both) / sizeof(both[0]); i++) {
		const enum cpu_vendor own = id == both[i].amd     ? CPU_INTEL
		                            : id == both[i].intel ? CPU_AMD
		                                                  : CPU_ANY;
		const uint16_t same = own == CPU_INTEL ? both[i].intel : both[i].amd;

		if (own != CPU_ANY && cpu_model_vendor(m->baseline) == own &&
		    feature_value(m->baseline, (enum feature_id)same))
			return true;
	}
	return false;
}

/* What holds of each feature that may be named, whatever the model is. */
struct pool {
	size_t count;
	struct facts {
		uint16_t id;
		bool shown, repeated, on_hosts, withheld;
	} at[F_COUNT];
};

static void pool_start(struct pool *pool, const struct mask *m, const struct kvm_offer *offer)
{
	pool->count = 0;
	for (unsigned i = F_NONE + 1; i < F_COUNT; i++) {
		const enum feature_id id = (enum feature_id)i;

		if (is_named(id))
			pool->at[pool->count++] =
				(struct facts){ .id = (uint16_t)id,
				                .shown = is_in_baseline(m, id),
				                .repeated = is_repeated(m, id),
				                .on_hosts = is_on_hosts(m, id),
				                .withheld = kvm_offer_withholds(offer, id) };
	}
}

static void say(struct kvm_plan *p, enum feature_id id, enum kvm_say what)
{
	p->say[id] = (uint8_t)what;
	p->on += what == KVM_ON;
	p->off += what == KVM_OFF;
}

/* A feature of the baseline that the model lacks.  libvirt does not treat XSAVES as migratable. */
static void add(struct kvm_plan *p, enum feature_id id)
{
	p->left[id] = (uint8_t)left_out(p, id);
	p->lost += p->left[id] == KVM_LEFT_BASE;
	if (p->left[id] == KVM_LEFT_NOT && !is_trifle(id) &&
	    !(id == F_XSAVES && p->offer.reader == KVM_LIBVIRT))
		say(p, id, KVM_ON);
}

/*
 * True if a feature of the model must be turned off.  Where that cannot be, a model must not even
 * have what KVM has in software: who compares it with a host finds a feature that the host lacks.
 * But SVM may stay where all hosts have it, and no guest of such a model gets what registers say of
 * nested virtualization.
 */
static bool is_to_go(const struct kvm_plan *p, const struct mask *m, const struct facts *f,
                     bool given, bool expected)
{
	const enum feature_id id = (enum feature_id)f->id;

	if (p->offer.only_adds && expected && feature_leaf(&features[id]) < CPUID_MSR &&
	    !f->on_hosts)
		return true;
	if (!(given || expected) || (f->shown && !(given && f->withheld)))
		return false;
	if (p->offer.only_adds && id == F_SVM)
		return f->withheld;
	return f->withheld || !is_harmless(m, id);
}

/* Returns F_NONE, or the feature that cannot be turned off. */
static enum feature_id say_all(struct kvm_plan *p, const struct mask *m, const struct pool *pool,
                               const struct cpu_model_features *model)
{
	for (const struct facts *f = pool->at; f < pool->at + pool->count; f++) {
		const enum feature_id id = (enum feature_id)f->id;
		const bool given = cpu_model_gives(model, id),
			   expected = is_expected(model, &p->offer, id);

		if (f->shown && !given && !f->repeated && (!p->offer.only_adds || f->on_hosts))
			add(p, id);
		if (is_to_go(p, m, f, given, expected)) {
			if (p->offer.only_adds || !kvm_offer_feature(&p->offer, id))
				return id;
			say(p, id, KVM_OFF);
		}
	}
	return F_NONE;
}

static uint32_t capped(uint32_t model, uint32_t hosts)
{
	return hosts && model > hosts ? hosts : 0;
}

/* Plans for one model. */
static enum feature_id plan_for(struct kvm_plan *p, const struct mask *m, const struct pool *pool,
                                enum cpu_model_id base)
{
	struct cpu_model_features model;

	memset(p->say, KVM_UNSAID, sizeof(p->say));
	memset(p->left, KVM_LEFT_NOT, sizeof(p->left));
	p->on = p->off = p->lost = 0;
	p->base = base;
	p->phys_bits = feature_value(m->baseline, F_PHYS_BITS);
	p->last = capped(cpu_models[base].last, feature_value(m->baseline, F_NUMLEVELS));
	p->last_extended = capped(cpu_models[base].last_extended,
	                          feature_value(m->baseline, F_NUM_EXT_LEVELS));
	cpu_model_features(base, &model);
	return say_all(p, m, pool, &model);
}

/* True if a model may be chosen for the pool unasked. */
static bool is_candidate(const struct mask *m, const struct kvm_offer *o, enum cpu_model_id id)
{
	const struct cpu_model *model = &cpu_models[id];

	if (!kvm_offer_model(o, id))
		return false;
	if (model->vendor != CPU_ANY && model->vendor != cpu_model_vendor(m->baseline))
		return false;
	return !m->oldest || model->age <= m->oldest;
}

static size_t to_say(const struct kvm_plan *p)
{
	return p->on + p->off + (p->last != 0) + (p->last_extended != 0);
}

/* The best plan loses the least, then says the least; of equal ones it is that of the newest model.
 */
static bool is_better(const struct kvm_plan *p, const struct kvm_plan *than)
{
	if (than->base == M_NO_MODEL || p->lost != than->lost)
		return than->base == M_NO_MODEL || p->lost < than->lost;
	if (to_say(p) != to_say(than))
		return to_say(p) < to_say(than);
	return cpu_models[p->base].age > cpu_models[than->base].age;
}

static enum kvm_planned plan_best(struct kvm_plan *p, const struct mask *m, const struct pool *pool)
{
	struct kvm_plan best = { .base = M_NO_MODEL };

	for (unsigned i = M_NO_MODEL + 1; i < M_COUNT; i++) {
		const enum cpu_model_id id = (enum cpu_model_id)i;

		if (is_candidate(m, &p->offer, id) && plan_for(p, m, pool, id) == F_NONE &&
		    is_better(p, &best))
			best = *p;
	}
	*p = best;
	return p->base == M_NO_MODEL ? KVM_BASE_TOO_NEW : KVM_PLANNED;
}

static bool is_plain(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* True if the hosts differ in a row of rule SAME. */
static bool differs(const struct mask *m, enum feature_id id)
{
	return m->every && feature_value(m->every, id) && !feature_value(m->baseline, id);
}

/*
 * A guest keeps its vendor when it migrates only if it is told, because KVM's default is that of
 * the host (QEMU, x86_cpu_load_model).  For hosts of several vendors it is AMD: KVM can give an
 * Intel host's guest what AMD's processors do in compatibility mode, not the other way round (Linux
 * arch/x86/kvm/emulate.c, em_syscall_is_enabled); and QEMU's models of no processor have AMD's
 * signature.
 */
static void set_vendor(struct kvm_plan *p, const struct mask *m)
{
	static const char mixed[] = "AuthenticAMD";

	cpuid_vendor(m->baseline, p->vendor);
	p->several_vendors =
		differs(m, F_VENDOR1) || differs(m, F_VENDOR2) || differs(m, F_VENDOR3);
	if (p->several_vendors)
		memcpy(p->vendor, mixed, sizeof(mixed));
	for (size_t i = 0; i < sizeof(mixed) - 1; i++)
		if (!is_plain(p->vendor[i]))
			p->vendor[0] = '\0';
}

static enum kvm_planned make(struct kvm_plan *p, const struct mask *m,
                             const struct kvm_offer *offer, enum feature_id *reterr_id)
{
	struct pool pool;

	p->offer = *offer;
	pool_start(&pool, m, offer);
	if (!m->base)
		return plan_best(p, m, &pool);
	const enum cpu_model_id base = cpu_model_find(m->base);
	if (base == M_NO_MODEL)
		return KVM_NO_SUCH_BASE;
	if (!kvm_offer_model(offer, base))
		return KVM_BASE_TOO_NEW;
	const enum feature_id id = plan_for(p, m, &pool, base);
	if (id == F_NONE)
		return KVM_PLANNED;
	*reterr_id = id;
	return KVM_BASE_NOT_SAFE;
}

enum kvm_planned kvm_plan_make(struct kvm_plan *p, const struct mask *m,
                               const struct kvm_offer *offer, enum feature_id *reterr_id)
{
	const enum kvm_planned planned = make(p, m, offer, reterr_id);

	set_vendor(p, m);
	return planned;
}
