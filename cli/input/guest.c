/* SPDX-License-Identifier: MIT */
#include "input/guest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "input/guest_reader.h"
#include "output/near_models.h"
#include "table/feature_find.h"

static bool begins(const struct bytes *b, char c)
{
	size_t i = 0;

	while (i < b->size && strchr(" \t\r\n", b->at[i]) && b->at[i])
		i++;
	return i < b->size && b->at[i] == c;
}

static bool is_xml(const struct bytes *b)
{
	return begins(b, '<') || (b->size > 3 && memcmp(b->at, "\xef\xbb\xbf<", 4) == 0);
}

static bool is_json(const struct bytes *b)
{
	return begins(b, '{') || begins(b, '[');
}

static bool has(const struct bytes *b, const char *word)
{
	return memmem(b->at, b->size, word, strlen(word)) != NULL;
}

static bool is_vmx(const struct bytes *b)
{
	return has(b, "virtualHW.version") || has(b, "\ncpuid.") || has(b, "featMask.") ||
	       (b->size > 6 && memcmp(b->at, "cpuid.", 6) == 0);
}

static bool is_xen(const struct bytes *b)
{
	return has(b, "cpuid=") || has(b, "cpuid =") || has(b, "builder=") || has(b, "builder =") ||
	       has(b, "type=\"hvm\"") || has(b, "type = \"hvm\"") || has(b, "type = \"pvh\"");
}

static bool is_key(const char *at, size_t size)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789_-";

	return size > 0 && strspn(at, allowed) >= size;
}

/* A VM's file of Proxmox VE, or its cpu-models.conf: lines "KEY: VALUE". */
static bool is_proxmox(const struct bytes *b)
{
	size_t lines = 0;

	for (const char *at = b->at, *end = at + b->size; at < end && *at != '[';) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		const size_t size = (size_t)((stop ? stop : end) - at);
		const char *colon = memchr(at, ':', size);
		const bool blank =
			size == 0 || *at == '#' || *at == ' ' || *at == '\t' || *at == '\r';

		if (!blank && (!colon || !is_key(at, (size_t)(colon - at))))
			return false;
		lines += !blank;
		at += size + (stop != NULL);
	}
	return lines > 0;
}

static bool is_report(const struct bytes *b)
{
	return b->size > 9 && memcmp(b->at, "cpulevel-", 9) == 0;
}

static bool is_any(const struct bytes *b)
{
	return b->size > 0;
}

/* The first whose look is right reads the file; without a reader, advice says what to do instead.
 */
static const struct format {
	const char *name;
	bool (*is)(const struct bytes *b);
	bool (*read)(struct guest_reader *r, const struct bytes *b);
	const char *advice;
} formats[] = {
	{ "libvirt", is_xml, guest_read_libvirt, NULL },
	{ NULL, is_json, NULL,
	  "JSON is no guest definition that can be checked: give libvirt's XML, QEMU's -cpu, or a "
	  "VM's file of Proxmox VE" },
	{ NULL, is_report, NULL,
	  "a report or a pool; the guest's definition comes first: mask --check FILE REPORT|POOL" },
	{ NULL, is_vmx, NULL,
	  "a .vmx file of VMware: cpulevel mask-explain says what its masks hide, and cpulevel "
	  "fits which hosts can take the VM" },
	{ "Proxmox VE", is_proxmox, guest_read_proxmox, NULL },
	{ NULL, is_xen, NULL,
	  "a file for Xen, which cannot be checked; cpulevel mask --for xen makes a line for it" },
	{ "QEMU", is_any, guest_read_qemu, NULL },
};

bool guest_fail(const struct guest_reader *r, const char *word, const char *message)
{
	char text[512], clean[PRINTABLE_MAX];

	snprintf(text, sizeof(text), "%.100s: %s", printable(clean, sizeof(clean), word), message);
	trouble_place(r->path, &r->where, *word ? text : message);
	return false;
}

void guest_near_features(struct text *t, const char *name, enum feature_namer namer)
{
	enum feature_id ids[8];
	const size_t count = feature_nearest(name, ids, sizeof(ids) / sizeof(ids[0]));
	const char *before = "; did you mean ";

	for (size_t i = 0; i < count; i++) {
		const char *known = feature_named(ids[i], namer);

		if (!*known)
			continue;
		text_put(t, before);
		text_put(t, known);
		before = ", ";
	}
	text_put(t, *before == ',' ? "?" : "");
}

bool guest_take_model(struct guest_reader *r, const char *name)
{
	const struct kvm_offer all = { .reader = r->to->kvm.reader,
		                       .qemu = CPU_NEVER - 1,
		                       .libvirt = CPU_NEVER - 1,
		                       .proxmox = CPU_NEVER - 1 };
	char line[512];
	struct text t;

	if (kvm_guest_model(&r->to->kvm, name))
		return true;
	text_start(&t, line, sizeof(line));
	text_put(&t, "unknown processor model");
	near_models_put(&t, &all, name);
	return guest_fail(r, name, text_string(&t));
}

bool guest_short(const struct guest_reader *r, const char *text)
{
	char message[96];

	if (strlen(text) <= GUEST_WORDS_MAX)
		return true;
	snprintf(message, sizeof(message), "too long for a processor (limit: %u bytes)",
	         GUEST_WORDS_MAX);
	return guest_fail(r, "", message);
}

unsigned guest_bits(const struct guest_reader *r, const char *string)
{
	char *end;
	const unsigned long bits = strtoul(string, &end, 0);

	if (string[0] >= '0' && string[0] <= '9' && !*end && bits && bits <= 64)
		return (unsigned)bits;
	guest_fail(r, string, "expected a number of address bits from 1 to 64");
	return 0;
}

bool guest_read(const char *path, const char *models, struct guest *ret)
{
	struct guest_reader r = { .path = path, .models = models, .to = ret };
	const struct format *f = formats;
	struct bytes b;

	*ret = (struct guest){ .count = 0 };
	if (!file_read(path, GUEST_MAX, &b))
		return false;
	if (!b.size) {
		trouble(path, "empty");
		free(b.at);
		return false;
	}
	while (!f->is(&b))
		f++;
	ret->format = f->name;
	const bool ok = f->read && f->read(&r, &b);
	if (!f->read)
		trouble(path, f->advice);
	free(b.at);
	return ok;
}

void guest_free(struct guest *g)
{
	for (size_t i = 0; i < g->count; i++)
		free(g->other[i]);
	free(g->other);
	g->other = NULL;
	g->count = 0;
}
