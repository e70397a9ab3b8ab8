/* SPDX-License-Identifier: MIT */
#include "odd.h"

#include "hii_protocol.h"
#include "scenario.h"
#include "tcg2.h"

#include <string.h>

static size_t asked, visits;

/* Databases in turn, one a visit: empty, too large, without lists, and one that has grown. */
static EFI_STATUS EFIAPI export_lists(const EFI_HII_DATABASE_PROTOCOL *self, void *handle,
                                      UINTN *size, void *buffer)
{
	static const UINTN sizes[] = { 0, 0x10000000, 64, 64 };
	const size_t visit = asked;

	(void)self, (void)handle;
	*size = sizes[visit % COUNT(sizes)];
	if (!buffer && (visit == 2 || visit == 3))
		return EFI_BUFFER_TOO_SMALL;
	asked++;
	if (!buffer)
		return EFI_BUFFER_TOO_SMALL;
	memset(buffer, 0, *size);
	if (visit == 3)
		*size += 1;
	return EFI_SUCCESS;
}

void odd_databases(void)
{
	static EFI_HII_DATABASE_PROTOCOL hii = { .ExportPackageLists = export_lists };
	const EFI_GUID guid = EFI_HII_DATABASE_PROTOCOL_GUID;

	asked = 0;
	posed_processor_install();
	posed_install(NULL, &guid, &hii);
}

/* What is longer than any answer is walked. */
#define LONGEST 0x10010

static CHAR16 *make_answer(const CHAR16 *words)
{
	size_t length = 0;
	CHAR16 *made;

	while (words[length])
		length++;
	made = posed_pool((length + 1) * sizeof(CHAR16));
	memcpy(made, words, (length + 1) * sizeof(CHAR16));
	return made;
}

/* Answers in turn, none of which has a value. */
static EFI_STATUS EFIAPI extract(const EFI_HII_CONFIG_ROUTING_PROTOCOL *self, const CHAR16 *request,
                                 CHAR16 **progress, CHAR16 **results)
{
	static const CHAR16 *const answers[] = {
		NULL,
		L"GUID=&NAME=&PATH=&OFFSET=0&WIDTH=1&GUID=&VALUE=01",
		L"GUID=&NAME=&PATH=&OFFSET=0&WIDTH=1",
		L"GUID=&NAME=&PATH=&OFFSET=0&WIDTH=1&VALUE=",
		L"GUID=&NAME=&PATH=&OFFSET=0&WIDTH=1&VALUE=xy",
		L"GUID=&NAME=&PATH=&OFFSET=0&WIDTH=1&VALUE=1\xe9",
		L"GUID=&NAME=&PATH=&OFFSET=0&WIDTH=1&VALUE=0123456789abcdef0123456789abcdef01234567"
		L"89abcdef0123456789abcdef",
	};
	const CHAR16 *answer = answers[asked % COUNT(answers)];

	(void)self, (void)request, (void)progress;
	if (asked++ == COUNT(answers)) {
		*results = posed_pool(LONGEST * sizeof(CHAR16));
		for (size_t i = 0; i < LONGEST; i++)
			(*results)[i] = 'x';
		return EFI_SUCCESS;
	}
	*results = answer ? make_answer(answer) : NULL;
	return EFI_SUCCESS;
}

void odd_drivers(void)
{
	static EFI_HII_CONFIG_ROUTING_PROTOCOL router = { .ExtractConfig = extract };
	const EFI_GUID guid = EFI_HII_CONFIG_ROUTING_PROTOCOL_GUID;

	asked = 0;
	posed_processor_install();
	posed_setup_install(false);
	posed_install(NULL, &guid, &router);
}

/* A variable that is shorter than its questions say, and in the next visit too long. */
static EFI_STATUS EFIAPI get_variable(CHAR16 *name, EFI_GUID *guid, UINT32 *attributes, UINTN *size,
                                      void *data)
{
	const UINTN room = *size;

	(void)name, (void)guid, (void)attributes;
	*size = visits > 1 ? 0x30000 : 1;
	if (room < *size)
		return EFI_BUFFER_TOO_SMALL;
	memset(data, 1, *size);
	return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI get_time(EFI_TIME *time, EFI_TIME_CAPABILITIES *capabilities)
{
	(void)time, (void)capabilities;
	visits++;
	return EFI_DEVICE_ERROR;
}

void odd_variables(void)
{
	visits = 0;
	scenario_pose_setup();
	posed_table.RuntimeServices->GetVariable = get_variable;
	posed_table.RuntimeServices->GetTime = get_time;
}

void odd_tpm_other_bank(void)
{
	scenario_pose_tpm();
	posed_tpm.banks = EFI_TCG2_BOOT_HASH_ALG_SHA384;
	posed_tpm.room = 0;
	posed_tpm.truncated = true;
}

void odd_tpm_absent(void)
{
	scenario_pose_tpm();
	posed_tpm.absent = true;
}

/* TPM_RC_FAILURE: the TPM is in failure mode. */
void odd_tpm_refuses(void)
{
	scenario_pose_tpm();
	posed_tpm.banks = EFI_TCG2_BOOT_HASH_ALG_SHA512;
	posed_tpm.code = 0x101;
}

void odd_tpm_sha1(void)
{
	scenario_pose_tpm();
	posed_tpm.banks = EFI_TCG2_BOOT_HASH_ALG_SHA1;
}

/* A challenge for the posed TPM's key, whose name the TPM's line has. */
void before_challenge(void)
{
	static const uint8_t challenge[180];

	posed_directory_put(&stick_before, "\\cpulevel\\challenge");
	posed_file_put(&stick_before, "\\cpulevel\\challenge\\" POSED_TPM_KEY ".bin", challenge,
	               sizeof(challenge));
}
