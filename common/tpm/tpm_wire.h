/* SPDX-License-Identifier: MIT */
/*
 * tpm_wire.h - commands to a TPM and its answers, as bytes.
 */
#ifndef TPM_WIRE_H
#define TPM_WIRE_H

#include "tpm/tpm.h"

#define TPM_COMMAND_MAX 2048

struct tpm_command {
	uint8_t at[TPM_COMMAND_MAX];
	size_t used; /* after tpm_command_end the command's length */
	bool full;   /* something did not fit; such a command must not be sent */
};

/* Begins a command without authorizations, or one in which they come after the handles. */
void tpm_command_start(struct tpm_command *c, uint32_t code);
void tpm_command_sessions(struct tpm_command *c, uint32_t code);

/* The same with its handles, and an empty password for the first. */
void tpm_command_authorized(struct tpm_command *c, uint32_t code, const uint32_t *handle,
                            size_t handles);

/* Appends a number of 1, 2 or 4 bytes, bytes, or bytes with their number (2 bytes) before them. */
void tpm_put(struct tpm_command *c, uint32_t value, unsigned bytes);
void tpm_put_bytes(struct tpm_command *c, const uint8_t *at, size_t size);
void tpm_put_sized(struct tpm_command *c, const uint8_t *at, size_t size);

/* Appends an authorization with an empty password (TPMS_AUTH_COMMAND). */
void tpm_put_password(struct tpm_command *c);

/* Writes the command's length into its header. */
void tpm_command_end(struct tpm_command *c);

/* Some bytes of the answer's. */
struct tpm_bytes {
	const uint8_t *at;
	size_t size;
};

struct tpm_answer {
	const uint8_t *at, *end;
	bool cut; /* more was read than there was: what was read is zero */
};

/* Begins to read size bytes. */
void tpm_answer_start(struct tpm_answer *a, const uint8_t *at, size_t size);

/* Reads a header.  Returns the TPM's response code (0: success), or TPM_RC_NO_ANSWER if it is none.
 */
#define TPM_RC_NO_ANSWER 0xffffffffU
uint32_t tpm_answer_header(struct tpm_answer *a);

/* Reads what the functions above write. */
uint32_t tpm_get(struct tpm_answer *a, unsigned bytes);
struct tpm_bytes tpm_get_bytes(struct tpm_answer *a, size_t size);
struct tpm_bytes tpm_get_sized(struct tpm_answer *a);

#endif
