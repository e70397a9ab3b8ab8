/* SPDX-License-Identifier: MIT */
#include "beside.h"

static EFI_STATUS read_stick(const char *name, char *buffer, UINTN size, UINTN *ret_size,
                             const struct volume *stick)
{
	char path[FILES_PATH_MAX + 1];
	struct text t;

	text_start(&t, path, sizeof(path));
	text_put(&t, "\\cpulevel\\");
	text_put(&t, name);
	return text_string(&t) ? file_read(stick, path, buffer, size, ret_size)
	                       : EFI_INVALID_PARAMETER;
}

EFI_STATUS beside_read(const struct beside *b, const char *name, bool secret, char *buffer,
                       UINTN size, UINTN *ret_size, char clause[static REMOTE_CLAUSE_MAX + 1])
{
	struct text into, t;
	EFI_STATUS status;

	*ret_size = 0;
	clause[0] = '\0';
	text_start(&into, buffer, size);
	if (b->stick->root) {
		status = read_stick(name, buffer, size, ret_size, b->stick);
	} else {
		status = remote_read(name, secret, &into, b->fw, b->net, clause);
		*ret_size = into.used;
	}
	if (EFI_ERROR(status) && !clause[0]) {
		text_start(&t, clause, REMOTE_CLAUSE_MAX + 1);
		text_put(&t, files_clause(status));
		text_string(&t);
	}
	return status;
}
