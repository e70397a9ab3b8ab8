/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "cli.h"
#include "command/verify_print.h"
#include "output/csv.h"
#include "output/document.h"

static const char *const outcome_words[] = {
	[TPM_OUT_NONE] = "none",       [TPM_OUT_GOOD] = "good",
	[TPM_OUT_MISSING] = "missing", [TPM_OUT_BAD] = "bad",
	[TPM_OUT_OTHER] = "other",     [TPM_OUT_UNREADABLE] = "unreadable",
	[TPM_OUT_UNKNOWN] = "unknown",
};

const char *verify_outcome(const struct verified *f)
{
	switch (f->result) {
	case EXIT_YES:
		return "good";
	case EXIT_NO:
		return "bad";
	}
	return (f->seen && f->seal) || f->tpm->outcome == TPM_OUT_UNKNOWN ? "not_verified"
	                                                                  : "unusable";
}

static bool sealed(const struct verified *f)
{
	return f->seal && f->seen && f->seal->err == ERR_NONE;
}

static json_t *program_of(const struct tpm_verdict *t)
{
	static const char *const words[] = { [PROGRAM_NO_LOG] = "no_log",
		                             [PROGRAM_BAD_LOG] = "bad_log",
		                             [PROGRAM_UNNAMED] = "unnamed",
		                             [PROGRAM_KNOWN] = "known" };
	json_t *object = json_object();
	char hash[2 * TPM_SHA256 + 1] = "";

	for (size_t i = 0; i < TPM_SHA256; i++)
		snprintf(hash + 2 * i, 3, "%02x", t->hash[i]);
	json_put(object, "log", json_text(words[t->program]));
	json_put(object, "sha256", t->program == PROGRAM_KNOWN ? json_text(hash) : json_null());
	json_put(object, "is_probe", t->probe_asked ? json_boolean(t->is_probe) : json_null());
	return object;
}

static json_t *machine_of(const struct tpm_verdict *t)
{
	static const char *const words[] = { [MACHINE_NOT_ASKED] = "not_asked",
		                             [MACHINE_UNNAMED] = "unnamed",
		                             [MACHINE_NEW] = "new",
		                             [MACHINE_REMEMBERED] = "remembered",
		                             [MACHINE_SAME] = "same",
		                             [MACHINE_CHANGED] = "changed" };
	json_t *object = json_object();

	json_put(object, "known", json_text(words[t->machine]));
	json_put(object, "was", json_words(t->was));
	json_put(object, "from", t->from ? json_text(t->from) : json_null());
	return object;
}

/* What is known of a report's TPM; null: nothing. */
static json_t *tpm_of(const struct tpm_verdict *t)
{
	if (t->outcome == TPM_OUT_NONE)
		return json_null();
	json_t *object = json_object();
	json_put(object, "outcome", json_text(outcome_words[t->outcome]));
	json_put(object, "tpm", json_words(t->name));
	if (t->outcome == TPM_OUT_BAD)
		json_put(object, "cause", json_text(t->cause));
	if (t->outcome == TPM_OUT_GOOD) {
		json_put(object, "resets", t->owner ? json_null() : json_count(t->resets));
		json_put(object, "program", program_of(t));
		json_put(object, "machine", machine_of(t));
	}
	return object;
}

json_t *verify_json(const struct verified *f)
{
	json_t *object = json_object();
	char number[17] = "";

	if (sealed(f))
		seal_number(f->seal->key, number);
	json_put(object, "file", json_text(f->path));
	json_put(object, "kind", json_text(f->pool ? "pool" : "report"));
	json_put(object, "outcome", json_text(verify_outcome(f)));
	json_put(object, "key", json_words(number));
	json_put(object, "comment", sealed(f) ? json_text(f->seal->comment) : json_null());
	json_put(object, "tpm", tpm_of(f->tpm));
	return object;
}

void verify_csv_head(void)
{
	csv_head("file,kind,outcome,key,comment,tpm,tpm_key");
}

void verify_csv(const struct verified *f)
{
	char number[17] = "";

	if (sealed(f))
		seal_number(f->seal->key, number);
	csv_put(f->path);
	csv_put(f->pool ? "pool" : "report");
	csv_put(verify_outcome(f));
	csv_put(number);
	csv_put(sealed(f) ? f->seal->comment : "");
	csv_put(f->tpm->outcome == TPM_OUT_NONE ? "" : outcome_words[f->tpm->outcome]);
	csv_put(f->tpm->name);
	csv_end();
}
