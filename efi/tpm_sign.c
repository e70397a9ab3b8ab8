/* SPDX-License-Identifier: MIT */
#include "tpm_sign.h"

#include "base/mem.h"
#include "console.h"
#include "sign.h"
#include "tcg2.h"
#include "tpm/event_log.h"

#define CHALLENGES "\\cpulevel\\challenge\\"

/* What is too large for the stack. */
struct memory {
	struct attestation attestation;
	uint8_t answer[TPM_ANSWER_MAX];
	char text[ATTEST_TEXT_MAX];
};

static bool send(void *of, const uint8_t *command, size_t size, uint8_t *answer, size_t room,
                 size_t *ret_size)
{
	EFI_TCG2_PROTOCOL *tcg2 = of;

	/* The protocol does not say how long the answer is; its header does. */
	*ret_size = room;
	return !EFI_ERROR(
		tcg2->SubmitCommand(tcg2, (UINT32)size, (UINT8 *)command, (UINT32)room, answer));
}

/*
 * The bank into which the firmware measures.  In one that is not active PCRs do not exist, and a
 * TPM signs a quote of none.
 */
static uint16_t active_bank(UINT32 active)
{
	if (active & EFI_TCG2_BOOT_HASH_ALG_SHA256)
		return TPM_ALG_SHA256;
	if (active & EFI_TCG2_BOOT_HASH_ALG_SHA384)
		return TPM_ALG_SHA384;
	if (active & EFI_TCG2_BOOT_HASH_ALG_SHA512)
		return TPM_ALG_SHA512;
	return TPM_ALG_SHA1;
}

/* Finds the TPM.  Returns NULL if there is none of version 2. */
static EFI_TCG2_PROTOCOL *find(const struct firmware *fw, struct tpm_device *device)
{
	EFI_GUID guid = EFI_TCG2_PROTOCOL_GUID;
	EFI_TCG2_BOOT_SERVICE_CAPABILITY has;
	EFI_TCG2_PROTOCOL *tcg2;
	void *found;

	if (EFI_ERROR(fw->boot->LocateProtocol(&guid, NULL, &found)))
		return NULL;
	tcg2 = found;
	memset(&has, 0, sizeof(has));
	has.Size = sizeof(has);
	if (EFI_ERROR(tcg2->GetCapability(tcg2, &has)) || !has.TPMPresentFlag)
		return NULL;
	device->send = send;
	device->of = tcg2;
	/* EDK2's drivers refuse more room than their TPM has. */
	device->room = has.MaxResponseSize && has.MaxResponseSize < TPM_ANSWER_MAX
	                       ? has.MaxResponseSize
	                       : TPM_ANSWER_MAX;
	device->bank = active_bank(has.ActivePcrBanks);
	return tcg2;
}

/* Sets the log of what the firmware has measured, if there is a whole one. */
static void read_log(struct attestation *a, EFI_TCG2_PROTOCOL *tcg2)
{
	EFI_PHYSICAL_ADDRESS first = 0, last = 0;
	BOOLEAN truncated = FALSE;

	if (EFI_ERROR(tcg2->GetEventLog(tcg2, EFI_TCG2_EVENT_LOG_FORMAT_TCG_2, &first, &last,
	                                &truncated)) ||
	    truncated)
		return;
	a->log = (const uint8_t *)(UINTN)first;
	a->log_size = event_log_size(a->log, (const uint8_t *)(UINTN)last, TPM_LOG_MAX);
}

/* Reads the challenge that the stick has for a key. */
static size_t read_challenge(void *of, const char *key, uint8_t challenge[static TPM_CHALLENGE_MAX])
{
	const struct volume *const *stick = of;
	char path[sizeof(CHALLENGES) + TPM_KEY_NAME + 8];
	struct text t;
	UINTN size;

	text_start(&t, path, sizeof(path));
	text_put(&t, CHALLENGES);
	text_put(&t, key);
	text_put(&t, ".bin");
	if (!(*stick)->root || !text_string(&t) ||
	    EFI_ERROR(file_read(*stick, path, (char *)challenge, TPM_CHALLENGE_MAX, &size)))
		return 0;
	return size;
}

void tpm_sign(struct tpm_result *r, const struct firmware *fw, const struct volume *stick,
              const struct text *text)
{
	const struct attest_report report = { text->at, text->used, sign_sha256, read_challenge,
		                              &stick };
	struct tpm_device device;
	struct memory *m;

	*r = (struct tpm_result){ .what = TPM_NONE };
	EFI_TCG2_PROTOCOL *tcg2 = find(fw, &device);
	if (!tcg2)
		return;
	r->what = TPM_MEMORY;
	if (EFI_ERROR(fw->boot->AllocatePool(EfiLoaderData, sizeof(*m), &r->memory))) {
		r->memory = NULL;
		return;
	}
	m = r->memory;
	console_progress(fw, "asking the TPM to sign the report");
	r->what = TPM_REFUSED;
	if (!attest(&m->attestation, &device, &report, m->answer, &r->failure))
		return;
	read_log(&m->attestation, tcg2);
	attest_key(&m->attestation, sign_sha256, r->key);
	text_start(&r->text, m->text, sizeof(m->text));
	attest_write(&r->text, &m->attestation);
	r->what = r->text.full ? TPM_MEMORY : TPM_SIGNED;
}

void tpm_result_free(struct tpm_result *r, const struct firmware *fw)
{
	if (r->memory)
		fw->boot->FreePool(r->memory);
	r->memory = NULL;
}
