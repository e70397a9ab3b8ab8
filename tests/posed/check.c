/* SPDX-License-Identifier: MIT */
#include "check.h"

#include "report/report.h"
#include "report/seal.h"
#include "report/transcript.h"
#include "sign.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define REPORTS "\\cpulevel\\reports\\"

static struct seal_public key;
static struct report report;
static char said[POSED_CONSOLE_MAX];
static char wrong[512];
static bool keyless;

bool check_load(const char *folder)
{
	char path[512], text[1024];
	FILE *file;
	size_t size;

	snprintf(path, sizeof(path), "%s/stick.pub", folder);
	file = fopen(path, "rb");
	if (!file)
		return false;
	size = fread(text, 1, sizeof(text), file);
	fclose(file);
	return seal_public_read(&key, text, size) == ERR_NONE;
}

/* What was said, with one blank where there are several or a row ends. */
static void take_said(void)
{
	size_t used = 0;

	for (const char *c = posed_console; *c; c++) {
		const char byte = *c == '\n' ? ' ' : *c;

		if (byte != ' ' || (used && said[used - 1] != ' '))
			said[used++] = byte;
	}
	said[used] = '\0';
}

bool check_said(const char *words)
{
	take_said();
	return strstr(said, words) != NULL;
}

/* The words by which a visit says what became of its report, or a log has one. */
static const char *const claim_words[] = { "STORED",    "SENT",      "NOT ",    " is stored",
	                                   "is on ",    "follows ",  "HANGS",   "verified",
	                                   "CPUID was", "No report", "P power", "|BEGIN" };

bool check_could_claim(const void *bytes, size_t size)
{
	for (size_t i = 0; i < COUNT(claim_words); i++)
		if (memmem(bytes, size, claim_words[i], strlen(claim_words[i])))
			return true;
	return false;
}

static const char *fail(const char *what, const char *name)
{
	snprintf(wrong, sizeof(wrong), "%s: %s", what, name);
	return wrong;
}

static bool is_whole(const struct posed_file *f)
{
	struct where where;

	return f && report_read(&report, (const char *)f->data, f->size, &where) == ERR_NONE;
}

static bool is_sealed(const struct posed_file *f, const struct posed_file *seal)
{
	static char comment[SEAL_COMMENT_MAX + 1];
	const struct seal_public *signer;
	uint8_t number[SEAL_NUMBER];

	return f && seal &&
	       seal_check((const char *)seal->data, seal->size, f->data, f->size, &key, 1,
	                  sign_check, &signer, comment, number) == ERR_NONE;
}

/* The file whose name is at these words, and its seal. */
static void find(const char *at, struct posed_volume *v, const char *folder, char name[64],
                 struct posed_file *found[2])
{
	char path[POSED_PATH + 80];

	snprintf(name, 64, "%.*s", (int)strcspn(at, " ,"), at);
	if (name[0] && name[strlen(name) - 1] == '.')
		name[strlen(name) - 1] = '\0';
	snprintf(path, sizeof(path), "%s%s", folder, name);
	found[0] = posed_file(v, path);
	snprintf(path, sizeof(path), "%s%s.minisig", folder, name);
	found[1] = posed_file(v, path);
}

/* Whether every file that these words claim is there and whole, and sealed. */
static const char *claims(const char *words, struct posed_volume *v, const char *folder,
                          bool sealed)
{
	struct posed_file *found[2];
	char name[64];

	for (const char *at = said; (at = strstr(at, words)) != NULL;) {
		at += strlen(words);
		find(at, v, folder, name, found);
		if (!is_whole(found[0]))
			return fail(words, name);
		if (sealed && !is_sealed(found[0], found[1]))
			return fail("its seal is not there or does not verify", name);
	}
	return NULL;
}

/* A report that is said to be the boot processor's is one, and the other way round. */
static const char *claims_kept(const char *words, struct posed_volume *v, bool boot)
{
	const char *at = strstr(said, words), *what = claims(words, v, REPORTS, !keyless);

	if (what || !at)
		return what;
	return report_boot_only(&report) == boot ? NULL : fail("it has other processors", words);
}

/* The server's folder is not said: it may be any that has files. */
static const char *claims_sent(const char *words, bool sealed)
{
	const char *what = claims(words, &posed_server, "", sealed);

	for (size_t i = 0; i < POSED_FILES && what; i++) {
		const char *path = posed_server.file[i].path, *last = strrchr(path, '/');
		char folder[POSED_PATH];

		snprintf(folder, sizeof(folder), "%.*s", last ? (int)(last + 1 - path) : 0, path);
		what = claims(words, &posed_server, folder, sealed);
	}
	return what;
}

/* Whether the console has a whole report, as a block of numbered lines. */
static bool is_on_console(void)
{
	static struct transcript t;
	const size_t size = strlen(posed_console);
	bool all = true, any = false;
	struct where where;

	transcript_find(&t, posed_console, size, &where);
	for (size_t i = 0; i < t.blocks; i++)
		t.block[i].piece = calloc(t.block[i].head.lines + 1, sizeof(*t.block[i].piece));
	if (transcript_collect(&t, posed_console, size, &where) != ERR_NONE)
		all = false;
	for (size_t i = 0; i < t.blocks; i++) {
		size_t number = 0;

		all &= transcript_next_bad(&t.block[i], &number, NULL) == ERR_NONE;
		any = true;
		free(t.block[i].piece);
	}
	return any && all;
}

static struct posed_volume *used_stick(void)
{
	return other.device && stick.read_only ? &other : &stick;
}

/* Whether the console does not show all that is said. */
static bool is_deaf(const struct posed_fault *fault)
{
	return fault && posed_services[posed_called(fault->call)].kind == 'C';
}

static const char *check_claims(const struct scenario *s, const struct posed_fault *fault)
{
	struct posed_volume *v = used_stick();
	const bool lost = strstr(said, "NOT VERIFIED") != NULL;
	const char *what = NULL;

	keyless = s->keyless;
	if (!(v->loses && (lost || is_deaf(fault) || (fault && fault->how == POSED_HANGS)))) {
		what = claims("STORED AND SEALED ", v, REPORTS, true);
		what = what ? what : claims("STORED WITHOUT A SEAL ", v, REPORTS, false);
	}
	if (!what && v->loses && strstr(said, ", verified on the stick"))
		what = "a stick that loses data is said to have been verified";
	what = what ? what : claims_sent("SENT AND SEALED ", true);
	what = what ? what : claims_sent("SENT WITHOUT A SEAL ", false);
	what = what ? what : claims_sent("SENT, SIGNED BY THE TPM ", false);
	what = what ? what : claims_sent("The report is on the server, as ", false);
	what = what ? what
	            : claims_kept("Only the boot processor's report is stored, as ", v, true);
	what = what ? what
	            : claims("Only the report without setup is stored, as ", v, REPORTS, false);
	what = what ? what : claims_kept("The boot processor's report is stored, as ", v, true);
	if (!v->loses)
		what = what ? what
		            : claims("The report without setup is stored, as ", v, REPORTS, false);
	if (!what && fault && fault->how == POSED_HANGS && !v->loses)
		what = claims("The report is stored, as ", v, REPORTS, false);
	return what;
}

static const char *check_console(const struct posed_fault *fault)
{
	const bool sent = strstr(said, "It was sent over the console.") ||
	                  strstr(said, "it follows on the console.");

	if (is_deaf(fault) || !posed_table.ConOut)
		return NULL;
	if (sent && !is_on_console())
		return "the report is said to be on the console";
	if (posed_ended != END_HANGS && !strstr(said, "STORED") && !strstr(said, "SENT") &&
	    !strstr(said, "No report: ") && !strstr(said, "CPUID was not read") &&
	    !strstr(said, "THE FIRMWARE HANGS"))
		return "nothing is said of the report";
	return NULL;
}

static bool is_temporary(const char *path)
{
	const size_t size = strlen(path);

	return size > 4 && strcasecmp(path + size - 4, ".tmp") == 0;
}

/* What was there is there, and as it was; but a visit that left no report may be finished. */
static const char *check_kept(struct posed_volume *now, const struct posed_volume *before)
{
	for (size_t i = 0; i < POSED_FILES; i++) {
		const struct posed_file *f = &before->file[i];
		const struct posed_file *g = f->path[0] ? posed_file(now, f->path) : NULL;

		if (!f->path[0] || is_temporary(f->path))
			continue;
		if (!g)
			return fail("lost", f->path);
		if (g->directory != f->directory || g->size != f->size ||
		    (f->size && memcmp(g->data, f->data, f->size) != 0))
			return fail("changed", f->path);
	}
	return NULL;
}

/* Each processor for which there is room is in the report, or said to be disabled or silent. */
static bool has_all(const struct scenario *s)
{
	const unsigned there = scenario_processors(s), most = REPORT_PROCESSORS_MAX;

	return report.processors + report.disabled.count + report.silent.count ==
	       (there < most ? there : most);
}

/* A file with a report's name is a whole report, and its seal verifies. */
static const char *check_reports(const struct scenario *s, struct posed_volume *now,
                                 struct posed_volume *before)
{
	for (size_t i = 0; i < POSED_FILES; i++) {
		const struct posed_file *f = &now->file[i];
		const size_t size = strlen(f->path);
		char seal_path[POSED_PATH + 16];

		if (size < 5 || strncmp(f->path, REPORTS, sizeof(REPORTS) - 1) != 0 ||
		    strcmp(f->path + size - 4, ".txt") != 0 || posed_file(before, f->path))
			continue;
		if (!is_whole(f))
			return fail("has a report's name and is none", f->path);
		if (!report_boot_only(&report) && !has_all(s))
			return fail("a processor is missing", f->path);
		snprintf(seal_path, sizeof(seal_path), "%s.minisig", f->path);
		const struct posed_file *seal = posed_file(now, seal_path);
		if (seal && !is_sealed(f, seal))
			return fail("the seal does not verify", f->path);
	}
	return NULL;
}

/* What was allocated and begun is freed and ended; pages only if the firmware goes on. */
static const char *check_left(void)
{
	if (posed_pools_left() || (posed_ended == END_RETURNED && posed_pages_left()))
		return "memory is not freed";
	if (posed_files_left())
		return "a file is open";
	if (posed_events_left())
		return "an event is not closed";
	if (posed_handler_left())
		return "the handler of faults is left";
	return NULL;
}

static const char *check_end(const struct posed_fault *fault)
{
	const bool hangs = fault && fault->how == POSED_HANGS;

	switch (posed_ended) {
	case END_OFF:
	case END_REBOOT:
	case END_RETURNED:
		return hangs ? NULL : check_left();
	case END_WAITS:
		return strstr(said, "P power off") || is_deaf(fault)
		               ? NULL
		               : "it waits and does not say for what";
	case END_HANGS:
		return hangs ? NULL : "it hangs";
	case END_ENDLESS:
	case END_NONE:
		break;
	}
	return "it does not end";
}

/* What cannot be put back because just that fails is not the program's fault. */
static bool fails_at(const struct posed_fault *fault, enum posed_service service)
{
	return fault && posed_called(fault->call) == service;
}

/* The firmware says that there is no such variable, and there is. */
static bool hides_variable(const struct posed_fault *fault)
{
	return fails_at(fault, SERVICE_GetVariable) && fault->status == EFI_NOT_FOUND;
}

static bool any_has(struct posed_volume *v, const char *words)
{
	for (size_t i = 0; i < POSED_FILES; i++)
		if (strstr(v->file[i].path, ".txt") && v->file[i].size &&
		    memmem(v->file[i].data, v->file[i].size, words, strlen(words)))
			return true;
	return false;
}

bool check_has(const char *words)
{
	return any_has(used_stick(), words) || any_has(&posed_server, words) ||
	       strstr(posed_console, words);
}

const char *check_visit(const struct scenario *s, const struct posed_fault *fault)
{
	const bool hangs = fault && fault->how == POSED_HANGS;
	const bool gone = fault && fault->how == POSED_FAILS_ON;
	const char *what = posed_what_is_wrong();

	take_said();
	what = what ? what : check_end(fault);
	what = what ? what : check_claims(s, fault);
	what = what ? what : check_console(fault);
	what = what ? what : check_kept(&stick, &stick_before);
	what = what ? what : check_kept(&other, &other_before);
	if (!what && !hangs && !gone && !stick.loses)
		what = check_reports(s, used_stick(),
		                     used_stick() == &stick ? &stick_before : &other_before);
	if (!what && !hangs && !gone && !fails_at(fault, SERVICE_IpSetData) && posed_network_left())
		what = "the network is not as it was";
	if (!what && !hangs && !gone && !fails_at(fault, SERVICE_SetVariable) &&
	    !hides_variable(fault) && posed_variable_left())
		what = "a variable is not as it was";
	return what;
}
