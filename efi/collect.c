/* SPDX-License-Identifier: MIT */
#include "collect.h"

#include "base/ascii.h"
#include "base/crc32.h"
#include "base/mem.h"
#include "exchange.h"
#include "report/report.h"
#include "store.h"

#define TRIES 4 /* with pauses of one, two and four seconds */
#define NAMES 3

/* Characters of a report's time up to the second. */
#define SECOND_SIZE 19

/* Sets why to a clause: what the server or the firmware said. */
static void fail(char why[static COLLECT_WHY_MAX + 1], EFI_STATUS status, unsigned code)
{
	struct text t;

	text_start(&t, why, COLLECT_WHY_MAX + 1);
	exchange_clause(&t, status, code);
	text_string(&t);
}

/* A number that no other machine has at this time, nor this one at another time. */
static uint32_t number(const struct network *n, const struct text *report)
{
	EFI_GUID guid = EFI_SIMPLE_NETWORK_PROTOCOL_GUID;
	const uint64_t now = __builtin_ia32_rdtsc();
	uint32_t crc = crc32_more(0, (const char *)&now, sizeof(now));
	EFI_SIMPLE_NETWORK *snp;

	for (size_t i = 0; i < n->count; i++)
		if (!EFI_ERROR(n->fw->boot->HandleProtocol(n->way[i].card, &guid, (void **)&snp)))
			crc = crc32_more(crc, (const char *)&snp->Mode->PermanentAddress,
			                 sizeof(snp->Mode->PermanentAddress));
	return crc32_more(crc, report->at, report->used);
}

/* "S-1234-20261127T004215-9f3a1c02.txt": the time is the firmware's. */
static void name(struct collect *c, const struct network *n, const struct collect_report *r)
{
	struct text t;

	text_start(&t, c->name, sizeof(c->name));
	store_put_serial(&t, r->serial);
	text_put(&t, "-");
	for (size_t i = 0; i < SECOND_SIZE && r->time[i]; i++)
		if (ascii_digit(r->time[i]) || r->time[i] == 'T')
			text_bytes(&t, r->time + i, 1);
	text_put(&t, *r->time ? "-" : "");
	text_hex(&t, number(n, r->text), 8);
	text_put(&t, STORE_WHOLE);
	if (!text_string(&t))
		c->name[0] = '\0';
}

/*
 * The file is there, and a try before this got no answer: it may be that try's.  EFI_SUCCESS: it
 * is.
 */
static EFI_STATUS compare(const struct exchange *put, const struct beside *from)
{
	struct exchange get = { .url = put->url };
	EFI_STATUS status;
	struct text there;
	void *memory;

	status = from->fw->boot->AllocatePool(EfiLoaderData, put->body->used + 1, &memory);
	if (EFI_ERROR(status))
		return status;
	text_start(&there, memory, put->body->used + 1);
	get.into = &there;
	status = exchange_try(&get, from->net, TRIES);
	if (!EFI_ERROR(status) &&
	    (there.used != put->body->used || memcmp(there.at, put->body->at, there.used) != 0))
		status = EFI_ALREADY_STARTED;
	from->fw->boot->FreePool(memory);
	return status;
}

/* Sends one file.  EFI_ALREADY_STARTED: the server has another one of this name. */
static EFI_STATUS send(const struct collect *c, const struct beside *from, const char *ending,
                       const struct text *text, unsigned *ret_code)
{
	char url[URL_MAX + COLLECT_NAME_MAX + 16];
	struct exchange x = { .url = url, .body = text };
	EFI_STATUS status;
	struct text t;

	text_start(&t, url, sizeof(url));
	text_put(&t, c->folder);
	text_put(&t, c->name);
	text_put(&t, ending);
	if (!text_string(&t))
		return EFI_INVALID_PARAMETER;
	status = exchange_try(&x, from->net, TRIES);
	*ret_code = x.code;
	if (x.code != 412)
		return status;
	*ret_code = 0;
	return x.unsure ? compare(&x, from) : EFI_ALREADY_STARTED;
}

void collect_start(struct collect *c, const char *folder, const struct beside *from)
{
	*c = (struct collect){ .folder = folder };
	if (*folder)
		network_start(from->net, from->fw, exchange_families(folder));
}

/* The certificates are read late: over the network that takes an address. */
static bool trust(struct collect *c, const struct beside *from)
{
	return c->trust.changed || memcmp(c->folder, "https:", 6) != 0 ||
	       trust_start(&c->trust, from, c->why);
}

void collect_put(struct collect *c, const struct beside *from, const struct collect_report *r)
{
	EFI_STATUS status = EFI_ALREADY_STARTED;
	unsigned code = 0;

	c->stored = false;
	c->why[0] = c->beside[0] = '\0';
	if (!c->folder || !*c->folder || r->text->used == 0 || !trust(c, from))
		return;
	for (unsigned i = 0; i < NAMES && status == EFI_ALREADY_STARTED; i++) {
		name(c, from->net, r);
		status = r->seal->used ? send(c, from, STORE_SEAL, r->seal, &code) : EFI_SUCCESS;
		if (!EFI_ERROR(status))
			status = send(c, from, "", r->text, &code);
	}
	c->stored = !EFI_ERROR(status);
	if (!c->stored)
		fail(c->why, status, code);
}

void collect_beside(struct collect *c, const struct beside *from, const char *ending,
                    const struct text *text)
{
	unsigned code = 0;

	if (!c->stored)
		return;
	const EFI_STATUS status = send(c, from, ending, text, &code);
	if (EFI_ERROR(status))
		fail(c->beside, status, code);
}

void collect_end(struct collect *c, const struct beside *from)
{
	trust_end(&c->trust, from->fw);
	network_end(from->net);
}
