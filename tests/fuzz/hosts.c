// SPDX-License-Identifier: MIT
/*
 * Hosts in bytes:
 *
 *	count                    hosts less one
 *	each: name, flags        flags: 1 sealed, 2 begins as the host before, 4 a type of its own,
 *	                         8 with setup options, 16 a serial number that another host has,
 *	                         32 no serial number, 64 a version and microcode
 *	kinds, processors        less one of each
 *	each kind: leaves        as many; each:
 *	  place, subleaf         leaf: the low 6 bits of place, in a range by its high ones; the
 *	                         last range is that of model-specific registers
 *	  eax ebx ecx edx        four bytes each, the lowest first
 */
#include "hosts.h"

#include <stdio.h>
#include <string.h>

#define KINDS_MAX 3

static const uint32_t ranges[3] = { 0, 0x80000000, 0x40000000 };

/* A place beyond the ranges is one of these model-specific registers: EBX and EAX. */
static const uint32_t msrs[] = { 0x3a,  0xcf,  0x10a, 0x122, 0x140,      0x480,
	                         0x48b, 0x48c, 0x491, 0x570, 0xc0010015, 0xc0011004 };

/* Adds a register in its place, unless it is there. */
static void add_msr(struct control *c, uint32_t number, uint64_t value)
{
	size_t at = 0;

	while (at < c->msrs && c->msr[at].number < number)
		at++;
	if (at < c->msrs && c->msr[at].number == number)
		return;
	memmove(&c->msr[at + 1], &c->msr[at], (c->msrs - at) * sizeof(c->msr[0]));
	c->msr[at] = (struct control_msr){ number, { true, value } };
	c->msrs++;
}

static void take_leaf(struct feed *f, struct cpuid_set *set, struct control *control)
{
	const uint8_t place = feed_byte(f), subleaf = feed_byte(f) & 0x3f;
	uint32_t word[CPUID_REGS];

	for (unsigned i = 0; i < CPUID_REGS; i++)
		word[i] = feed_word(f);
	if (place >> 6 == COUNT(ranges)) {
		add_msr(control, msrs[place % COUNT(msrs)], (uint64_t)word[EBX] << 32 | word[EAX]);
		return;
	}
	struct cpuid_leaf *l = cpuid_insert(set, ranges[place >> 6] + (place & 0x3f), subleaf);
	if (l)
		memcpy(l->reg, word, sizeof(word));
}

/* A vendor that hypervisors know, as most hosts have. */
static void set_vendor(struct cpuid_set *set, uint8_t which)
{
	static const char vendors[][13] = { "GenuineIntel", "AuthenticAMD", "HygonGenuine" };
	struct cpuid_leaf *l = cpuid_insert(set, 0, 0);
	static const enum cpuid_reg order[] = { EBX, EDX, ECX };

	if (!l || which >= COUNT(vendors))
		return;
	for (unsigned i = 0; i < 12; i++) {
		const enum cpuid_reg reg = order[i / 4];

		if (i % 4 == 0)
			l->reg[reg] = 0;
		l->reg[reg] |= (uint32_t)(uint8_t)vendors[which][i] << 8 * (i % 4);
	}
}

static void take_kind(struct feed *f, struct report *r, struct cpuid_set *set, size_t processors)
{
	struct control control = { .msrs = 0 };
	const size_t leaves = feed_byte(f);
	const uint8_t vendor = feed_byte(f);

	for (size_t i = 0; i < leaves && f->at < f->end; i++)
		take_leaf(f, set, &control);
	set_vendor(set, vendor);
	for (size_t i = 0; i < processors; i++) {
		struct cpuid_leaf *l = cpuid_insert(set, 1, 0);

		if (l)
			l->reg[EBX] = (l->reg[EBX] & 0xffffff) | (uint32_t)r->processors << 24;
		CHECK(report_add(r, (uint16_t)r->processors, &control, set));
	}
}

static void take_setup(struct feed *f, struct report *r)
{
	static const char *const prompts[] = { "AES-NI", "Hyper-Threading", "VT-x", "Fan \"1\"" };
	static const char *const values[] = { "Enabled", "Disabled", "Auto", NULL };

	setup_start(&r->setup, NULL);
	for (size_t n = feed_below(f, 6); n > 0; n--) {
		const uint8_t which = feed_byte(f), value = feed_byte(f);
		const struct setup_question q = {
			.path = which & 0x10 ? "Setup > CPU" : "Setup",
			.prompt = prompts[which % COUNT(prompts)],
			.kind = SETUP_ONE_OF,
			.state = which >> 5,
			.store = { .kind = SETUP_VARIABLE,
			           .name = "Setup",
			           .offset = which,
			           .bits = 8 },
			.value = { .number = value & 3, .text = values[value & 3] },
			.standard = { .number = value >> 2 & 3, .text = values[value >> 2 & 3] },
			.manufacturing = { .known = SETUP_NONE },
		};

		if (setup_add(&r->setup, &q))
			r->setup.chosen++;
	}
	r->setup.found = r->setup.chosen;
	r->setup.digest[0] = (uint8_t)r->setup.chosen;
}

static void set_fields(struct feed *f, struct report *r, uint8_t flags, size_t index)
{
	char serial[16];

	report_set(r, FIELD_SYSTEM_VENDOR, "Example");
	report_set(r, FIELD_SYSTEM_PRODUCT, flags & 4 ? "R2" : "R1");
	snprintf(serial, sizeof(serial), "S-%zu", flags & 16 ? 0 : index);
	if (!(flags & 32))
		report_set(r, FIELD_SYSTEM_SERIAL, serial);
	if (flags & 64)
		report_set(r, FIELD_BIOS_VERSION, feed_byte(f) & 1 ? "1.0" : "2.0");
	report_set_decimal(r, FIELD_SEQUENCE, feed_byte(f));
	report_set(r, FIELD_MSR_ACCESS, "guarded");
	if (flags & 128)
		report_set(r, FIELD_TIME,
		           feed_byte(f) & 1 ? "2026-11-22T15:41:29Z" : "2026-11-23T15:41:29+01:00");
	if (flags & 8)
		take_setup(f, r);
}

static void take_host(struct feed *f, struct hosts *h)
{
	static struct cpuid_set set;
	struct pool_host *host = &h->host[h->count];
	struct report *r = &h->report[h->count];

	const uint8_t name = feed_byte(f), flags = feed_byte(f), many = feed_byte(f);
	memset(host, 0, sizeof(*host));
	snprintf(host->name, sizeof(host->name), "web-%02u", name % 20U);
	host->digest[0] = (uint8_t)h->count;
	host->digest[1] = name;
	host->sealed = flags & 1;
	report_start(r);
	set_fields(f, r, flags, h->count);
	if (!(flags & 2))
		set.count = 0;
	const size_t kinds = 1 + many % KINDS_MAX, processors = 1 + (many >> 2 & 3);
	for (size_t i = 0; i < kinds; i++)
		take_kind(f, r, &set, processors);
	h->count++;
}

struct hosts *hosts_take(struct feed *f)
{
	static struct hosts hosts;
	const size_t count = 1 + feed_below(f, HOSTS_MAX);

	for (hosts.count = 0; hosts.count < count;)
		take_host(f, &hosts);
	return &hosts;
}

void hosts_pool(struct pool *p, const struct hosts *h, const size_t *order, size_t count)
{
	pool_start(p);
	for (size_t i = 0; i < count; i++) {
		const size_t index = order ? order[i] : i;

		CHECK(pool_add_report(p, &h->host[index], &h->report[index]) == ERR_NONE);
	}
	CHECK(pool_finish(p) == ERR_NONE);
}
