/* SPDX-License-Identifier: MIT */
#include "sealing.h"

#include "sign.h"

#define SEALING_NAME "stick.key"
#define SEALING_KEY  "\\cpulevel\\" SEALING_NAME
#define UNUSABLE     SEALING_KEY " cannot be used"

/* Sets why to a clause: what is wrong and, in parentheses, the cause or what to do. */
static bool fail(char why[static SEALING_WHY_MAX + 1], const char *what, const char *cause)
{
	struct text t;

	text_start(&t, why, SEALING_WHY_MAX + 1);
	text_put(&t, what);
	text_put(&t, " (");
	text_put(&t, cause);
	text_put(&t, ")");
	if (!text_string(&t))
		why[0] = '\0';
	return false;
}

static bool secret_read(struct seal_secret *secret, char why[static SEALING_WHY_MAX + 1],
                        const struct beside *from)
{
	char file[SEAL_TEXT_MAX], clause[REMOTE_CLAUSE_MAX + 1];
	UINTN size = 0;
	EFI_STATUS status;
	enum err err;

	status = beside_read(from, SEALING_NAME, true, file, sizeof(file), &size, clause);
	if (EFI_ERROR(status)) {
		sign_wipe(file, sizeof(file));
		if (status == EFI_SECURITY_VIOLATION)
			return fail(why, "no key is read over this network",
			            "only from where HTTP Boot has https://");
		if (status == EFI_NOT_FOUND && from->stick->root)
			return fail(why, SEALING_KEY " is not there",
			            "make it with cpulevel keygen");
		if (status == EFI_NOT_FOUND)
			return fail(why, SEALING_NAME " is not there", "neither stick nor server");
		return fail(why, from->stick->root ? UNUSABLE : SEALING_NAME " was not read",
		            clause);
	}
	err = seal_secret_read(secret, file, size);
	sign_wipe(file, sizeof(file));
	return err ? fail(why, UNUSABLE, err_text(err)) : true;
}

bool sealing_write(struct text *seal, struct seal_public *public, char key[static 17],
                   char why[static SEALING_WHY_MAX + 1], const struct beside *from,
                   const struct text *report, const char *comment)
{
	struct seal_secret secret;
	enum err err;
	bool usable;

	key[0] = '\0';
	usable = secret_read(&secret, why, from);
	if (usable) {
		seal_number(secret.number, key);
		seal_public_of(public, &secret);
		err = seal_write(seal, &secret, sign_make, sign_check, report->at, report->used,
		                 comment);
		if (err || seal->full) {
			seal->used = 0;
			usable = fail(why, UNUSABLE, err_text(err ? err : ERR_SIGN));
		}
	}
	sign_wipe(&secret, sizeof(secret));
	return usable;
}
