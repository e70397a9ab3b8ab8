// SPDX-License-Identifier: MIT
/*
 * inputs.c - the files of other programs.  A reader that refuses says why; what it accepts makes a
 * report, and the formats that export has too are read as they were written.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "input/capabilities.h"
#include "input/evc_modes.h"
#include "input/formats.h"
#include "input/guest.h"
#include "input/import_console.h"
#include "input/json.h"
#include "input/mask_file.h"
#include "input/requirements.h"
#include "mask/kvm_check.h"
#include "mask/mask_vmx_merge.h"
#include "mask/mask_vmx_read.h"

static struct report report;

/* Writes a report in a format.  False: it does not fit, or has nothing that the format can have. */
static bool write_as(const struct format *f, const struct report *r, struct text *t)
{
	static char room[4][1 << 20];
	static unsigned next;

	text_start(t, room[next % COUNT(room)], sizeof(room[0]));
	next++;
	f->write(t, r, "web-01");
	return !t->full && t->used > 0;
}

static bool read_as(const struct format *f, struct report *r, const struct text *t)
{
	struct bytes b = fuzz_copy((const uint8_t *)t->at, t->used);
	const bool ok = format_read(f, r, "exported", &b);

	free(b.at);
	return ok;
}

/* Returns true if all processors say the same. */
static bool same_answers(const struct report *a, const struct report *b)
{
	static struct cpuid_set one, other;

	if (a->processors != b->processors)
		return false;
	for (size_t i = 0; i < a->processors; i++) {
		report_processor_set(a, i, &one);
		report_processor_set(b, i, &other);
		if (cpuid_compare(&one, &other) != 0)
			return false;
	}
	return true;
}

/* What is written of a report is read, and then written as before. */
static void check_export(const struct format *f, const struct report *r)
{
	const bool lossless = strcmp(f->name, "json") == 0 || strcmp(f->name, "csv") == 0;
	static struct report back, again;
	struct text first, second;

	if (!write_as(f, r, &first))
		return;
	const bool read = read_as(f, &back, &first);
	CHECK(read || !lossless);
	if (!read)
		return;
	CHECK(!lossless || same_answers(r, &back));
	CHECK(write_as(f, &back, &second));
	CHECK(read_as(f, &again, &second));
	CHECK(same_answers(&back, &again));
}

static void read_console(const struct bytes *b)
{
	fuzz_says_why(import_console("console", b, NULL, 0));
}

/*
 * The first line names the format.  With an unknown name the format is looked for, as import does.
 */
void fuzz_import(const uint8_t *data, size_t size)
{
	const uint8_t *end = size ? memchr(data, '\n', size) : NULL;
	const struct format *f = NULL;
	char name[32] = "";

	if (!end)
		return;
	if ((size_t)(end - data) < sizeof(name))
		memcpy(name, data, (size_t)(end - data));
	struct bytes b = fuzz_copy(end + 1, (size_t)(data + size - end - 1));
	f = format_named(name);
	if (!f) {
		json_plain(&b);
		f = format_of(&b);
	}
	if (f && !f->read) {
		read_console(&b);
	} else if (f) {
		const bool ok = format_read(f, &report, "input", &b);

		fuzz_says_why(ok);
		if (ok) {
			CHECK(report.processors > 0);
			fuzz_respell(&report);
		}
		for (const struct format *to = formats; ok && to->name; to++)
			if (to->write)
				check_export(to, &report);
	}
	free(b.at);
}

static struct text write_merged(const struct mask_merge *m, bool grouped)
{
	static char room[4][1 << 18];
	static unsigned next;
	struct text t;

	text_start(&t, room[next % COUNT(room)], sizeof(room[0]));
	next++;
	mask_merge_write(&t, m, grouped);
	CHECK(!t.full);
	return t;
}

/* What a line hides, the merged lines hide on hosts of its vendor. */
static void check_hidden(const struct mask_lines *in, const struct mask_lines *out)
{
	for (size_t l = 0; l < in->count; l++) {
		const struct mask_line *own = &in->at[l];
		uint32_t hidden = 0;

		for (size_t o = 0; o < out->count; o++)
			if (place_same_register(&out->at[o].at, &own->at) &&
			    (out->at[o].vendor == own->vendor || out->at[o].vendor == MASK_ANY))
				hidden |= mask_line_hidden(&out->at[o]);
		CHECK(mask_line_spoofs(own) || (mask_line_hidden(own) & ~hidden) == 0);
	}
	for (size_t n = 0; n < in->names; n++) {
		const struct mask_named *own = &in->name[n];

		CHECK(own->host || !mask_named_hides(own) || !own->of.ids ||
		      mask_lines_hide(out, own->of.id[0]));
	}
}

static struct mask_merge merge_of(const struct mask_lines *a, const struct mask_lines *b)
{
	struct mask_merge m;

	mask_merge_start(&m);
	CHECK(mask_merge_add(&m, a) && mask_merge_add(&m, b));
	return m;
}

/* The two parts are files: merged in any order, and once more with the result. */
static void check_merge(const struct mask_lines *a, const struct mask_lines *b)
{
	struct mask_merge ab = merge_of(a, b), ba = merge_of(b, a);
	struct mask_lines out;
	struct where where;

	const struct text one = write_merged(&ab, false), other = write_merged(&ba, false);
	fuzz_same_text(&one, &other);
	mask_merge_free(&ba);
	CHECK(mask_vmx_read(&out, one.at, one.used, &where) == ERR_NONE);
	ba = merge_of(&out, &out);
	const struct text twice = write_merged(&ba, false), grouped = write_merged(&ba, true);
	fuzz_same_text(&one, &twice);
	check_hidden(a, &out);
	check_hidden(b, &out);
	mask_lines_free(&out);
	CHECK(mask_vmx_read(&out, grouped.at, grouped.used, &where) == ERR_NONE);
	mask_lines_free(&out);
	mask_merge_free(&ab);
	mask_merge_free(&ba);
}

/* Returns whether a part of the input, a copy of exactly its size, has masks. */
static bool read_lines(struct mask_lines *lines, const uint8_t *data, size_t size)
{
	const struct bytes b = fuzz_copy(data, size);
	struct where where = { 0, 0 };

	const enum err err = mask_vmx_read(lines, b.at, b.size, &where);
	free(b.at);
	for (size_t l = 0; err == ERR_NONE && l < lines->count; l++)
		CHECK(lines->at[l].width == MASK_BITS);
	CHECK(err == ERR_NONE || where.line > 0);
	for (unsigned id = F_NONE + 1; err == ERR_NONE && id < F_COUNT; id++)
		mask_lines_hide(lines, (enum feature_id)id);
	return err == ERR_NONE;
}

/* A zero byte ends the first file. */
void fuzz_mask_lines(const uint8_t *data, size_t size)
{
	const uint8_t *cut = size ? memchr(data, '\0', size) : NULL;
	const size_t first = cut ? (size_t)(cut - data) : size;
	static struct mask_lines a, b;

	const bool good_a = read_lines(&a, data, first);
	const bool good_b =
		read_lines(&b, data + first + (cut != NULL), size - first - (cut != NULL));
	if (good_a && good_b)
		check_merge(&a, &b);
	mask_lines_free(&a);
	mask_lines_free(&b);
	const char *path = fuzz_file("masks.vmx", data, size);
	fuzz_says_why(mask_file_read(path, size % 2, &a));
	mask_lines_free(&a);
}

/* A zero byte ends the guest's file; a cpu-models.conf follows. */
void fuzz_guest(const uint8_t *data, size_t size)
{
	const uint8_t *cut = size ? memchr(data, '\0', size) : NULL;
	const size_t first = cut ? (size_t)(cut - data) : size;
	static struct kvm_check check;
	struct guest g;

	const char *path = fuzz_file("guest", data, first);
	const char *models =
		cut ? fuzz_file("cpu-models.conf", cut + 1, size - first - 1) : "/dev/null";
	const bool ok = guest_read(path, models, &g);
	fuzz_says_why(ok);
	if (ok) {
		CHECK(memchr(g.kvm.name, '\0', sizeof(g.kvm.name)));
		CHECK(g.kvm.bits <= 64 && g.kvm.limit <= 64);
		kvm_check_start(&check, &g.kvm);
	}
	guest_free(&g);
}

void fuzz_capabilities(const uint8_t *data, size_t size)
{
	struct kvm_offer o = { .reader = KVM_QEMU };

	const bool ok = capabilities_read(fuzz_file("capabilities", data, size), &o);
	fuzz_says_why(ok);
	CHECK(!ok || o.models.count || o.features.count);
	for (unsigned id = F_NONE + 1; ok && id < F_COUNT; id++)
		kvm_offer_feature(&o, (enum feature_id)id);
	capabilities_free(&o);
}

void fuzz_evc_modes(const uint8_t *data, size_t size)
{
	struct evc_modes modes;

	const bool ok = evc_import(fuzz_file("modes.json", data, size), &modes);
	fuzz_says_why(ok);
	if (!ok)
		return;
	CHECK(modes.count > 0);
	for (size_t i = 0; i < modes.count; i++) {
		const struct evc *m = &modes.at[i];

		CHECK(i == 0 || m[-1].vendor < m->vendor ||
		      (m[-1].vendor == m->vendor && m[-1].tier <= m->tier));
		CHECK(evc_find(modes.at, modes.count, m->key) != NULL);
		CHECK(m->vendor <= EVC_NO_VENDOR && m->source < EVC_SOURCES);
	}
	evc_modes_free(&modes);
}

void fuzz_requirements(const uint8_t *data, size_t size)
{
	static struct cpuid_set set;
	struct requirements r;

	const bool ok = requirements_read(fuzz_file("runtime.json", data, size), &r);
	fuzz_says_why(ok);
	if (!ok)
		return;
	CHECK(r.count > 0);
	for (size_t i = 0; i < r.count; i++)
		if (requirement_judged(&r.at[i]))
			requirement_fit(&r.at[i], &set);
	free(r.at);
}
