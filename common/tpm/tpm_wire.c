/* SPDX-License-Identifier: MIT */
#include "tpm/tpm_wire.h"

#include "base/mem.h"

enum { TPM_ST_NO_SESSIONS = 0x8001, TPM_ST_SESSIONS = 0x8002 };

#define HEADER 10 /* tag, length, code */

size_t tpm_digest_size(uint16_t alg)
{
	switch (alg) {
	case TPM_ALG_SHA1:
		return 20;
	case TPM_ALG_SHA256:
		return TPM_SHA256;
	case TPM_ALG_SHA384:
		return 48;
	case TPM_ALG_SHA512:
		return TPM_DIGEST;
	}
	return 0;
}

void tpm_put_bytes(struct tpm_command *c, const uint8_t *at, size_t size)
{
	if (c->full || size > sizeof(c->at) - c->used) {
		c->full = true;
		return;
	}
	memcpy(c->at + c->used, at, size);
	c->used += size;
}

void tpm_put(struct tpm_command *c, uint32_t value, unsigned bytes)
{
	while (bytes--) {
		const uint8_t byte = (uint8_t)(value >> bytes * 8);

		tpm_put_bytes(c, &byte, 1);
	}
}

void tpm_put_sized(struct tpm_command *c, const uint8_t *at, size_t size)
{
	tpm_put(c, (uint32_t)size, 2);
	tpm_put_bytes(c, at, size);
}

void tpm_put_password(struct tpm_command *c)
{
	tpm_put(c, TPM_RS_PW, 4);
	tpm_put(c, 0, 2); /* no nonce */
	tpm_put(c, 1, 1); /* continueSession */
	tpm_put(c, 0, 2); /* the password */
}

static void start(struct tpm_command *c, uint16_t tag, uint32_t code)
{
	c->used = 0;
	c->full = false;
	tpm_put(c, tag, 2);
	tpm_put(c, 0, 4);
	tpm_put(c, code, 4);
}

void tpm_command_start(struct tpm_command *c, uint32_t code)
{
	start(c, TPM_ST_NO_SESSIONS, code);
}

void tpm_command_sessions(struct tpm_command *c, uint32_t code)
{
	start(c, TPM_ST_SESSIONS, code);
}

void tpm_command_authorized(struct tpm_command *c, uint32_t code, const uint32_t *handle,
                            size_t handles)
{
	tpm_command_sessions(c, code);
	for (size_t i = 0; i < handles; i++)
		tpm_put(c, handle[i], 4);
	tpm_put(c, 9, 4);
	tpm_put_password(c);
}

void tpm_command_end(struct tpm_command *c)
{
	for (unsigned i = 0; i < 4; i++)
		c->at[2 + i] = (uint8_t)(c->used >> (24 - 8 * i));
}

void tpm_answer_start(struct tpm_answer *a, const uint8_t *at, size_t size)
{
	a->at = at;
	a->end = at + size;
	a->cut = false;
}

struct tpm_bytes tpm_get_bytes(struct tpm_answer *a, size_t size)
{
	struct tpm_bytes b = { a->at, size };

	if (a->cut || size > (size_t)(a->end - a->at)) {
		a->cut = true;
		b.size = 0;
	}
	a->at += b.size;
	return b;
}

uint32_t tpm_get(struct tpm_answer *a, unsigned bytes)
{
	const struct tpm_bytes b = tpm_get_bytes(a, bytes);
	uint32_t value = 0;

	for (size_t i = 0; i < b.size; i++)
		value = value << 8 | b.at[i];
	return value;
}

struct tpm_bytes tpm_get_sized(struct tpm_answer *a)
{
	return tpm_get_bytes(a, tpm_get(a, 2));
}

uint32_t tpm_answer_header(struct tpm_answer *a)
{
	const size_t room = (size_t)(a->end - a->at);

	tpm_get(a, 2);
	const size_t size = tpm_get(a, 4);
	const uint32_t code = tpm_get(a, 4);
	if (a->cut || size < HEADER || size > room)
		return TPM_RC_NO_ANSWER;
	a->end -= room - size;
	return code;
}
