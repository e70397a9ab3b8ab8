/* SPDX-License-Identifier: MIT */
/* In the place of efi/tpm_sign.c, for make TPM=0: there is no TPM. */
#include "tpm_sign.h"

void tpm_sign(struct tpm_result *r, const struct firmware *fw, const struct volume *stick,
              const struct text *text)
{
	(void)fw;
	(void)stick;
	(void)text;
	*r = (struct tpm_result){ .what = TPM_NONE };
}

void tpm_result_free(struct tpm_result *r, const struct firmware *fw)
{
	(void)r;
	(void)fw;
}
