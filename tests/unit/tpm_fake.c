/* SPDX-License-Identifier: MIT */
#include "tpm_fake.h"

#include <string.h>

uint32_t fake_tpm_number(const uint8_t *at, unsigned bytes)
{
	uint32_t value = 0;

	while (bytes--)
		value = value << 8 | *at++;
	return value;
}

static void put_fill(struct tpm_command *c, uint8_t byte, size_t size)
{
	while (size--)
		tpm_put(c, byte, 1);
}

/* Bytes with their number before them. */
static void put_filled(struct tpm_command *c, uint8_t byte, size_t size)
{
	tpm_put(c, (uint32_t)size, 2);
	put_fill(c, byte, size);
}

static void answer_pcrs(const struct fake_tpm *f, struct tpm_command *c, const uint8_t *command)
{
	uint32_t select = command[17];

	if (f->few_pcrs)
		select &= 0U - select;
	tpm_put(c, 7, 4);
	tpm_put(c, 1, 4);
	tpm_put_bytes(c, command + 14, 3);
	tpm_put(c, select, 1);
	tpm_put(c, 0, 2);
	tpm_put(c, (uint32_t)__builtin_popcount(select), 4);
	for (uint32_t i = 0; i < 8; i++)
		if (select >> i & 1)
			put_filled(c, (uint8_t)(0xa0 + i), 32);
}

/* Appends what comes after the header.  Returns a response code. */
static uint32_t answer_to(const struct fake_tpm *f, struct tpm_command *c, const uint8_t *command)
{
	const uint32_t handle = fake_tpm_number(command + 10, 4);

	switch (fake_tpm_number(command + 6, 4)) {
	case 0x131:
		if (f->closed && handle == TPM_RH_ENDORSEMENT)
			return 0x9a2;
		tpm_put(c, 0x80000001, 4);
		tpm_put(c, 90, 4);
		put_filled(c, 0x11, 88);
		return 0;
	case 0x17e:
		answer_pcrs(f, c, command);
		return 0;
	case 0x158:
		tpm_put(c, 2 + 145 + 72, 4);
		put_filled(c, 0x22, 145);
		put_fill(c, 0x33, 72);
		put_fill(c, 0x44, 5); /* the authorization that follows */
		return 0;
	case 0x169:
		if (handle != 0x01c00002)
			return 0x18b;
		tpm_put(c, 14, 2);
		tpm_put(c, handle, 4);
		tpm_put(c, TPM_ALG_SHA256, 2);
		tpm_put(c, 0, 4);
		tpm_put(c, 0, 2);
		tpm_put(c, 1016, 2);
		return 0;
	case 0x14e:
		tpm_put(c, 2 + fake_tpm_number(command + 31, 2), 4);
		put_filled(c, 0x55, fake_tpm_number(command + 31, 2));
		return 0;
	case 0x176:
		tpm_put(c, 0x03000000, 4);
		return 0;
	case 0x147:
		tpm_put(c, 34, 4);
		put_filled(c, 0x66, 32);
		return 0;
	}
	return 0; /* TPM2_FlushContext, TPM2_PolicySecret */
}

size_t fake_tpm_answer(const struct fake_tpm *f, uint32_t code, const uint8_t *command,
                       uint8_t *answer, size_t room)
{
	struct tpm_command c;

	tpm_command_start(&c, 0);
	if (!code)
		code = answer_to(f, &c, command);
	for (unsigned i = 0; i < 4; i++)
		c.at[6 + i] = (uint8_t)(code >> (24 - 8 * i));
	tpm_command_end(&c);
	if (c.full || c.used > room)
		return 0;
	memcpy(answer, c.at, c.used);
	return c.used;
}
