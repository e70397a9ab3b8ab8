// SPDX-License-Identifier: MIT
/*
 * firmware.c - what the probe reads of firmware and processor, and from the stick.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cpuid/cpuid.h"
#include "pack/pack.h"
#include "unpack.h"
#include "fuzz.h"
#include "report/acpi.h"
#include "report/caches.h"
#include "report/certificate.h"
#include "report/config.h"
#include "report/cpuid_r.h"
#include "report/device_path.h"
#include "report/identity.h"
#include "report/smbios.h"
#include "report/topology.h"

static struct report report;

/* The first byte says how long the entry point is; the table follows it. */
void fuzz_smbios(const uint8_t *data, size_t size)
{
	struct feed f = { data, data + size };
	size_t entry_size = feed_below(&f, 64), table_size, left;
	uint64_t address;

	const uint8_t *entry = feed_bytes(&f, &entry_size);
	const struct bytes exact = fuzz_copy(entry, entry_size);
	smbios_entry((const uint8_t *)exact.at, exact.size, &address, &table_size);
	free(exact.at);
	left = (size_t)(f.end - f.at);
	report_start(&report);
	smbios_identify(&report, feed_bytes(&f, &left), left);
	fuzz_respell(&report);
	struct identity one, two;
	identity_take(&one, &report);
	identity_take(&two, &report);
	CHECK(one.size <= IDENTITY_MAX && identity_same(&one, &two) == (one.size > 0));
}

void fuzz_acpi(const uint8_t *data, size_t size)
{
	size_t width = 0;

	if (size >= ACPI_RSDP) {
		const uint64_t root = acpi_root(data, &width);
		CHECK(!root || width == 4 || width == 8);
	}
	if (size < ACPI_HEADER)
		return;
	CHECK(acpi_processors(data, size) <= size / 8);
	const size_t told = acpi_size(data, "APIC");
	CHECK(told == 0 || told >= ACPI_HEADER);
	size_t entries = 0;
	for (size_t i = 0; i < size; i++)
		entries += acpi_entry(data, size, 8, i) != 0;
	CHECK(entries <= (size - ACPI_HEADER) / 8);
}

/* A path does not say how long it is, and is read to its longest. */
void fuzz_device_path(const uint8_t *data, size_t size)
{
	uint8_t *path = calloc(1, DEVICE_PATH_MAX);
	static char room[0x10000];
	struct device_path p;
	size_t nodes = 0;
	struct text t;

	CHECK(path && size <= DEVICE_PATH_MAX);
	if (size)
		memcpy(path, data, size);
	for (device_path_start(&p, path); device_path_next(&p); nodes++)
		CHECK(p.used <= DEVICE_PATH_MAX && p.size >= 4);
	CHECK(nodes <= DEVICE_PATH_MAX / 4);
	text_start(&t, room, sizeof(room));
	device_path_write(&t, path);
	CHECK(!t.full);
	free(path);
}

void fuzz_config(const uint8_t *data, size_t size)
{
	struct config c, again;
	struct where where = { 0, 0 };
	enum err err = ERR_NONE;
	struct url url;

	config_default(&c);
	const size_t wrong = config_read(&c, (const char *)data, size, &err, &where);
	CHECK((wrong > 0) == (err != ERR_NONE) && (wrong > 0) == (where.line > 0));
	CHECK(c.exit <= EXIT_WAIT && c.verbosity <= VERBOSITY_FULL &&
	      c.processors <= PROCESSORS_BOOT && c.forms <= FORMS_DRIVERS);
	CHECK(memchr(c.label, '\0', sizeof(c.label)) && memchr(c.collect, '\0', sizeof(c.collect)));
	const size_t collect = strlen(c.collect);
	CHECK(!collect ||
	      (url_read(&url, c.collect, collect) == ERR_NONE && url.folder == collect));
	again = c;
	config_read(&again, (const char *)data, size, &err, &where);
	CHECK(again.countdown == c.countdown && again.exit == c.exit && again.msr == c.msr &&
	      again.tpm == c.tpm && again.exit_set == c.exit_set &&
	      strcmp(again.label, c.label) == 0 && strcmp(again.collect, c.collect) == 0);
}

void fuzz_certificates(const uint8_t *data, size_t size)
{
	static char room[CERTIFICATES_TEXT_MAX];
	struct text der;
	size_t at = 0;

	text_start(&der, room, sizeof(room));
	while (at < size) {
		const size_t before = at, used = der.used;

		if (certificate_next(&der, &at, (const char *)data, size) != ERR_NONE)
			return;
		CHECK(at > before && der.used >= used && (der.used > used || at == size));
	}
}

/* Bytes that are packed, which takes long. */
#define PACKED_MAX 200

/* The first two bytes say how much is unpacked; of every eighth the rest is packed first. */
void fuzz_unpack(const uint8_t *data, size_t size)
{
	struct feed f = { data, data + size };
	const size_t wanted = feed_byte(&f) | (size_t)(feed_byte(&f) & 0x1f) << 8;
	size_t left = (size_t)(f.end - f.at);
	const uint8_t *rest = feed_bytes(&f, &left);
	uint8_t *to = malloc(wanted ? wanted : 1);

	CHECK(to);
	unpack(to, wanted, rest, left);
	free(to);
	if (wanted % 8 != 7)
		return;
	left = left < PACKED_MAX ? left : PACKED_MAX;
	const size_t room = 2 * left + 64;
	uint8_t *packed = malloc(room), *back = malloc(left ? left : 1);
	CHECK(packed && back);
	const size_t used = pack(packed, room, rest, left);
	CHECK(used > 0 && unpack(back, left, packed, used));
	CHECK(left == 0 || memcmp(back, rest, left) == 0);
	free(packed);
	free(back);
}

/* A processor that answers whatever it likes; the same question in the same way, or not. */
struct hostile {
	const uint8_t *data;
	size_t size, asked;
	unsigned way;
};

/* Leaves beyond those that the input names have a value that is made from the question. */
static uint32_t mixed(uint32_t a, uint32_t b, uint32_t c)
{
	uint32_t x = a * 0x9e3779b1U ^ b * 0x85ebca77U ^ c * 0xc2b2ae3dU;

	x ^= x >> 15;
	x *= 0x2c1b3c6dU;
	return x ^ x >> 13;
}

#define ANSWER 18 /* bytes: leaf in 6 bits of two bytes and its range, and four registers */

static uint32_t number(const uint8_t *at)
{
	return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static void answer(void *ctx, uint32_t leaf, uint32_t subleaf, uint32_t reg[CPUID_REGS])
{
	static const uint32_t ranges[4] = { 0, 0x80000000, 0x40000000, 0xc0000000 };
	struct hostile *h = ctx;

	h->asked++;
	memset(reg, 0, CPUID_REGS * sizeof(*reg));
	for (size_t at = 1; at + ANSWER <= h->size; at += ANSWER) {
		const uint8_t *a = h->data + at;

		if (leaf != ranges[a[0] >> 6] + (a[0] & 0x3f) || subleaf != a[1])
			continue;
		for (unsigned i = 0; i < CPUID_REGS; i++)
			reg[i] = number(a + 2 + 4 * i);
		return;
	}
	if (h->way & 1)
		for (unsigned i = 0; i < CPUID_REGS; i++)
			reg[i] = mixed(leaf, subleaf & (h->way >> 4), i);
	if (h->way & 2)
		reg[EAX] ^= (uint32_t)h->asked;
	if (h->way & 4)
		reg[EAX] = reg[EBX] = reg[ECX] = reg[EDX] = UINT32_MAX;
}

static void check_ascending(const struct cpuid_set *set)
{
	CHECK(set->count <= CPUID_SET_MAX);
	for (size_t i = 1; i < set->count; i++) {
		const struct cpuid_leaf *a = &set->at[i - 1], *b = &set->at[i];

		CHECK(a->leaf < b->leaf || (a->leaf == b->leaf && a->subleaf < b->subleaf));
	}
}

/* What is read of a report's processors later. */
static void look_at(const struct report *r)
{
	static struct machine_cache list[MACHINE_CACHES_MAX];
	static struct cpuid_set set, back;
	static char room[0x1000];
	enum cache_source source;
	struct topology topology;
	struct text t;

	topology_take(&topology, r);
	text_start(&t, room, sizeof(room));
	topology_write(&t, &topology);
	CHECK(!t.full);
	CHECK(caches_take(r, list, &source) <= MACHINE_CACHES_MAX);
	for (size_t i = 0; i < r->processors; i++) {
		report_processor_set(r, i, &set);
		if (cpuid_complete(&back, &set))
			check_ascending(&back);
		cpuid_drop_echoes(&set);
		check_ascending(&set);
	}
}

/* The first byte says how the processor answers what the input does not have. */
void fuzz_collect(const uint8_t *data, size_t size)
{
	static struct cpuid_set set, again, back;
	static char about[32];
	struct hostile h = { data, size, 0, size ? data[0] : 0 };
	static const struct control control;

	const bool whole = cpuid_collect(&set, answer, &h);
	CHECK(whole || set.count == CPUID_SET_MAX);
	CHECK(h.asked <= 4 * CPUID_SET_MAX + 0x10000);
	check_ascending(&set);
	h.asked = 0;
	cpuid_collect(&again, answer, &h);
	if (!(h.way & 2))
		fuzz_same_set(&set, &again);
	report_start(&report);
	CHECK(report_add(&report, 0, &control, &set));
	CHECK(report_add(&report, 1, &control, &again));
	report_processor_set(&report, 0, &back);
	fuzz_same_set(&back, &set);
	report_processor_set(&report, 1, &back);
	fuzz_same_set(&back, &again);
	fuzz_respell(&report);
	look_at(&report);
	/*
	 * Without leaf 80000000H the set says nothing of its range; where a first leaf tells of
	 * more than a range has, no other is read.
	 */
	uint32_t leaf = 0, subleaf = 0;
	if (whole && !(h.way & 2) && cpuid_find(&set, 0x80000000, 0) &&
	    cpuid_value(&set, 0, 0, EAX) <= 0xffff &&
	    cpuid_value(&set, 0x80000000, 0, EAX) <= 0x8000ffff) {
		const bool unknown = cpuid_next_unknown(&set, &leaf, &subleaf);

		snprintf(about, sizeof(about), "leaf %x.%x", leaf, subleaf);
		fuzz_about = about;
		CHECK(!unknown);
		fuzz_about = NULL;
	}
}
