/* SPDX-License-Identifier: MIT */
#include "posed.h"

#include "tcg2.h"
#include "tpm_fake.h"

static const struct fake_tpm tpm;

static EFI_STATUS EFIAPI get_capability(EFI_TCG2_PROTOCOL *self,
                                        EFI_TCG2_BOOT_SERVICE_CAPABILITY *capability)
{
	const EFI_STATUS status = posed_call(SERVICE_GetCapability);

	(void)self;
	if (EFI_ERROR(status))
		return status;
	*capability = (EFI_TCG2_BOOT_SERVICE_CAPABILITY){
		.Size = sizeof(*capability),
		.TPMPresentFlag = TRUE,
		.MaxResponseSize = 2048,
		.ActivePcrBanks = EFI_TCG2_BOOT_HASH_ALG_SHA256,
	};
	return EFI_SUCCESS;
}

/* A log that is none. */
static EFI_STATUS EFIAPI get_log(EFI_TCG2_PROTOCOL *self, UINT32 format, UINT64 *location,
                                 UINT64 *last, BOOLEAN *truncated)
{
	static const uint8_t log[128];
	const EFI_STATUS status = posed_call(SERVICE_GetEventLog);

	(void)self, (void)format;
	if (EFI_ERROR(status))
		return status;
	*location = *last = (uintptr_t)log;
	*truncated = FALSE;
	return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI submit(EFI_TCG2_PROTOCOL *self, UINT32 size, UINT8 *command, UINT32 room,
                                UINT8 *answer)
{
	const EFI_STATUS status = posed_call(SERVICE_SubmitCommand);

	(void)self;
	if (EFI_ERROR(status))
		return status;
	if (fake_tpm_number(command + 2, 4) != size || room > 2048)
		posed_wrong("a command of the TPM has another length, or its answer too much room");
	return fake_tpm_answer(&tpm, 0, command, answer, room) ? EFI_SUCCESS : EFI_BUFFER_TOO_SMALL;
}

void posed_tpm_install(void)
{
	static EFI_TCG2_PROTOCOL tcg2 = { get_capability, get_log, NULL, submit };
	const EFI_GUID guid = EFI_TCG2_PROTOCOL_GUID;

	posed_install(NULL, &guid, &tcg2);
}
