/* SPDX-License-Identifier: MIT */
#include "trust.h"

#include "base/mem.h"
#include "embedded.h"
#include "report/certificate.h"

#define NAME "ca.pem"

/* EFI_SIGNATURE_LIST and EFI_SIGNATURE_DATA, UEFI 2.10, 32.4.1. */
#define LIST_HEADER 28
#define OWNER       16

/* Each certificate has a list of its own, because lists have entries of one size. */
static const uint8_t x509[16] = { 0xa1, 0x59, 0xc0, 0xa5, 0xe4, 0x94, 0xa7, 0x4a,
	                          0x87, 0xb5, 0xab, 0x15, 0x5c, 0x2b, 0xf0, 0x72 };

/* EDK2's, CryptoPkg: the variable of certificates for TLS. */
static EFI_GUID variable_guid = {
	0xfd2340d0, 0x3dab, 0x4349, { 0xa6, 0xc7, 0x3b, 0x4f, 0x12, 0xb4, 0x8e, 0xae }
};
static CHAR16 variable_name[] = L"TlsCaCertificate";

struct memory {
	char pem[CERTIFICATES_TEXT_MAX];
	char list[2 * CERTIFICATES_TEXT_MAX]; /* the firmware's, then ours */
};

static void put32(char *at, size_t value)
{
	for (unsigned i = 0; i < 4; i++)
		at[i] = (char)(value >> 8 * i);
}

/* Appends lists of the certificates. */
static enum err put_lists(struct text *list, const char *pem, size_t size)
{
	static const char zeros[LIST_HEADER + OWNER];

	for (size_t at = 0;;) {
		const size_t before = list->used;

		text_bytes(list, zeros, sizeof(zeros));
		const enum err err = certificate_next(list, &at, pem, size);
		if (err != ERR_NONE)
			return err;
		if (list->full)
			return ERR_BAD_CERTIFICATE;
		if (list->used == before + sizeof(zeros)) {
			list->used = before;
			return ERR_NONE;
		}
		memcpy(list->at + before, x509, sizeof(x509));
		put32(list->at + before + 16, list->used - before);
		put32(list->at + before + 24, list->used - before - LIST_HEADER);
	}
}

static EFI_STATUS set(const struct firmware *fw, UINTN size, void *list)
{
	/* Not stored: after a reset there is nothing of it. */
	return fw->table->RuntimeServices->SetVariable(variable_name, &variable_guid,
	                                               EFI_VARIABLE_BOOTSERVICE_ACCESS, size, list);
}

/* Keeps the firmware's own list, and copies it.  Returns false if a stored one is there. */
static bool keep(struct trust *t, const struct firmware *fw, struct text *list)
{
	UINT32 attributes = 0;
	UINTN size = list->size;
	EFI_STATUS status = fw->table->RuntimeServices->GetVariable(variable_name, &variable_guid,
	                                                            &attributes, &size, list->at);

	if (status == EFI_NOT_FOUND)
		return true;
	if (EFI_ERROR(status) || attributes != EFI_VARIABLE_BOOTSERVICE_ACCESS ||
	    EFI_ERROR(fw->boot->AllocatePool(EfiLoaderData, size, &t->before)))
		return false;
	memcpy(t->before, list->at, size);
	t->size = list->used = size;
	return true;
}

/* Sets why to "ca.pem is not used: " and a clause. */
static bool fail(char why[static TRUST_WHY_MAX + 1], const char *clause)
{
	struct text t;

	text_start(&t, why, TRUST_WHY_MAX + 1);
	text_put(&t, NAME " is not used: ");
	text_put(&t, clause);
	text_string(&t);
	return false;
}

static bool use(struct trust *t, struct memory *m, const struct firmware *fw, const char *pem,
                size_t size, char why[static TRUST_WHY_MAX + 1])
{
	struct text list;
	enum err err;

	text_start(&list, m->list, sizeof(m->list));
	if (!keep(t, fw, &list))
		return fail(why, "the firmware has stored certificates of its own, which are not "
		                 "touched; add yours to them in its setup");
	err = put_lists(&list, pem, size);
	if (err != ERR_NONE)
		return fail(why, err_text(err));
	if (list.used == t->size)
		return true;
	t->changed = !EFI_ERROR(set(fw, list.used, list.at));
	return t->changed || fail(why, "the firmware does not take certificates");
}

bool trust_start(struct trust *t, const struct beside *from, char why[static TRUST_WHY_MAX + 1])
{
	char clause[REMOTE_CLAUSE_MAX + 1];
	/* cppcheck-suppress comparePointers ; the two ends of one file */
	UINTN size = (UINTN)(embedded_ca_end - embedded_ca);
	EFI_STATUS status = EFI_SUCCESS;
	struct memory *m;
	void *memory;
	bool ok;

	*t = (struct trust){ .before = NULL };
	if (EFI_ERROR(from->fw->boot->AllocatePool(EfiLoaderData, sizeof(*m), &memory)))
		return fail(why, "the firmware is out of memory");
	m = memory;
	const bool built_in = size > 0;
	if (!built_in)
		status = beside_read(from, NAME, false, m->pem, sizeof(m->pem), &size, clause);
	if (status == EFI_NOT_FOUND)
		ok = true; /* the firmware may have certificates of its own */
	else if (EFI_ERROR(status))
		ok = fail(why, clause);
	else
		ok = use(t, m, from->fw, built_in ? embedded_ca : m->pem, size, why);
	from->fw->boot->FreePool(m);
	return ok;
}

void trust_end(struct trust *t, const struct firmware *fw)
{
	if (t->changed)
		set(fw, t->size, t->before);
	if (t->before)
		fw->boot->FreePool(t->before);
	*t = (struct trust){ .before = NULL };
}
