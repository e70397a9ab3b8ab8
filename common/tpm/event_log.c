/* SPDX-License-Identifier: MIT */
#include "tpm/event_log.h"

#include "base/mem.h"

/* TCG_PCClientPCREvent: PCR, type, SHA-1, length. */
#define HEADER 32

static uint32_t get(struct event_log *l, unsigned bytes)
{
	uint32_t value = 0;

	if (l->broken || (size_t)(l->end - l->at) < bytes) {
		l->broken = true;
		return 0;
	}
	for (unsigned i = 0; i < bytes; i++)
		value |= (uint32_t)l->at[i] << 8 * i;
	l->at += bytes;
	return value;
}

static const uint8_t *get_bytes(struct event_log *l, size_t size)
{
	const uint8_t *at = l->at;

	if (l->broken || (size_t)(l->end - l->at) < size) {
		l->broken = true;
		return NULL;
	}
	l->at += size;
	return at;
}

bool event_log_start(struct event_log *l, const uint8_t *at, size_t size)
{
	static const char signature[16] = "Spec ID Event03";

	*l = (struct event_log){ .at = at, .end = at + size };
	get_bytes(l, HEADER - 4);
	const size_t length = get(l, 4);
	const uint8_t *const data = get_bytes(l, length);
	if (l->broken || length < 28 || memcmp(data, signature, sizeof(signature)) != 0) {
		l->broken = true;
		return false;
	}
	struct event_log spec = { .at = data + 24, .end = data + length };
	l->algs = get(&spec, 4);
	for (size_t i = 0; i < l->algs && i < EVENT_LOG_ALGS; i++) {
		l->alg[i] = (uint16_t)get(&spec, 2);
		l->digest_size[i] = (uint16_t)get(&spec, 2);
	}
	l->broken = spec.broken || l->algs > EVENT_LOG_ALGS;
	return !l->broken;
}

/* Reads one digest; *ret is set if it is the bank's. */
static void read_digest(struct event_log *l, uint16_t bank, const uint8_t **ret)
{
	const uint16_t alg = (uint16_t)get(l, 2);

	for (size_t i = 0; i < l->algs; i++) {
		if (l->alg[i] != alg)
			continue;
		const uint8_t *digest = get_bytes(l, l->digest_size[i]);
		if (alg == bank && l->digest_size[i] == tpm_digest_size(bank))
			*ret = digest;
		return;
	}
	l->broken = true;
}

bool event_log_next(struct event_log *l, uint16_t bank, struct event *ret)
{
	struct event e = { .digest = NULL };

	if (l->broken || l->at == l->end)
		return false;
	e.pcr = get(l, 4);
	e.type = get(l, 4);
	const uint32_t digests = get(l, 4);
	if (digests > EVENT_LOG_ALGS)
		l->broken = true;
	for (uint32_t i = 0; i < digests && !l->broken; i++)
		read_digest(l, bank, &e.digest);
	e.size = get(l, 4);
	e.data = get_bytes(l, e.size);
	if (l->broken)
		return false;
	*ret = e;
	return true;
}

size_t event_log_size(const uint8_t *first, const uint8_t *last, size_t max)
{
	struct event_log l;
	struct event e;

	if (!first || !event_log_start(&l, first, max))
		return 0;
	if (last == first)
		return (size_t)(l.at - first);
	for (;;) {
		const bool is_last = l.at == last;

		if (!event_log_next(&l, 0, &e))
			return 0;
		if (is_last)
			return (size_t)(l.at - first);
	}
}

/* PCR 0 begins with the locality from which it was started, if the log says one. */
static bool is_locality(const struct event *e)
{
	static const char signature[16] = "StartupLocality";

	return e->type == EV_NO_ACTION && e->pcr == 0 && e->size > sizeof(signature) &&
	       memcmp(e->data, signature, sizeof(signature)) == 0;
}

bool event_log_replay(const uint8_t *at, size_t size, uint16_t bank, event_hash *hash, void *of,
                      uint8_t pcr[static TPM_PCRS][TPM_DIGEST])
{
	const size_t digest_size = tpm_digest_size(bank);
	struct event_log l;
	struct event e;

	if (digest_size == 0)
		return false;
	memset(pcr, 0, TPM_PCRS * sizeof(*pcr));
	event_log_start(&l, at, size);
	while (event_log_next(&l, bank, &e)) {
		uint8_t both[2 * TPM_DIGEST];

		if (is_locality(&e))
			pcr[0][digest_size - 1] = e.data[16];
		if (e.type == EV_NO_ACTION || e.pcr >= TPM_PCRS)
			continue;
		if (!e.digest)
			return false;
		memcpy(both, pcr[e.pcr], digest_size);
		memcpy(both + digest_size, e.digest, digest_size);
		hash(of, bank, both, 2 * digest_size, pcr[e.pcr]);
	}
	return !l.broken;
}
