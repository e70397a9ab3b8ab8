/* SPDX-License-Identifier: MIT */
#include "posed.h"

#include "tcg2.h"
#include "tpm_fake.h"

static const struct fake_tpm tpm;
struct posed_tpm posed_tpm;

static EFI_STATUS EFIAPI get_capability(EFI_TCG2_PROTOCOL *self,
                                        EFI_TCG2_BOOT_SERVICE_CAPABILITY *capability)
{
	const EFI_STATUS status = posed_call(SERVICE_GetCapability);

	(void)self;
	if (EFI_ERROR(status))
		return status;
	*capability = (EFI_TCG2_BOOT_SERVICE_CAPABILITY){
		.Size = sizeof(*capability),
		.TPMPresentFlag = !posed_tpm.absent,
		.MaxResponseSize = (UINT16)posed_tpm.room,
		.ActivePcrBanks = posed_tpm.banks,
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
	*truncated = posed_tpm.truncated;
	return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI submit(EFI_TCG2_PROTOCOL *self, UINT32 size, UINT8 *command, UINT32 room,
                                UINT8 *answer)
{
	const EFI_STATUS status = posed_call(SERVICE_SubmitCommand);

	(void)self;
	if (EFI_ERROR(status))
		return status;
	if (fake_tpm_number(command + 2, 4) != size ||
	    room > (posed_tpm.room ? posed_tpm.room : 4096))
		posed_wrong("a command of the TPM has another length, or its answer too much room");
	return fake_tpm_answer(&tpm, posed_tpm.code, command, answer, room) ? EFI_SUCCESS
	                                                                    : EFI_BUFFER_TOO_SMALL;
}

void posed_tpm_install(void)
{
	static EFI_TCG2_PROTOCOL tcg2 = { get_capability, get_log, NULL, submit };
	const EFI_GUID guid = EFI_TCG2_PROTOCOL_GUID;

	posed_tpm = (struct posed_tpm){ .banks = EFI_TCG2_BOOT_HASH_ALG_SHA256, .room = 2048 };
	posed_install(NULL, &guid, &tcg2);
}
