/* SPDX-License-Identifier: MIT */
#include "forms.h"

#include "base/ascii.h"
#include "base/mem.h"
#include "drivers.h"
#include "hii/hii.h"
#include "hii/hii_choice.h"
#include "hii_protocol.h"
#include "report/report.h"
#include "sign.h"

/* So many variables are kept: questions of one menu mostly share one or two. */
#define VARIABLES    4
#define VARIABLE_MAX 0x20000 /* an offset has 16 bits */
#define HEAD_MAX     256

struct variable {
	char name[REPORT_STRING_MAX + 1]; /* "": none */
	uint8_t guid[SETUP_GUID];
	const char *trouble; /* why it has no bytes, or NULL */
	void *bytes;
	UINTN size;
};

struct reading {
	const struct firmware *fw;
	const struct hii *hii;
	struct alarm *drivers; /* or NULL */
	struct setup *setup;
	struct text *all; /* or NULL */
	char path[SETUP_PATH_MAX + 1];
	struct sign_sha512 *digest;
	struct hii_choice choice;
	struct variable variable[VARIABLES];
	unsigned oldest;
};

static EFI_HII_DATABASE_PROTOCOL *database(const struct firmware *fw)
{
	EFI_GUID guid = EFI_HII_DATABASE_PROTOCOL_GUID;
	void *found;

	return EFI_ERROR(fw->boot->LocateProtocol(&guid, NULL, &found)) ? NULL : found;
}

bool forms_find(const struct firmware *fw)
{
	return database(fw) != NULL;
}

static void read_variable(struct variable *v, const struct firmware *fw)
{
	EFI_RUNTIME_SERVICES *run = fw->table->RuntimeServices;
	CHAR16 name[REPORT_STRING_MAX + 1];
	EFI_STATUS status;
	EFI_GUID guid;
	size_t n = 0;

	for (; v->name[n]; n++)
		name[n] = (unsigned char)v->name[n];
	name[n] = 0;
	memcpy(&guid, v->guid, sizeof(guid));
	v->size = 0;
	status = run->GetVariable(name, &guid, NULL, &v->size, NULL);
	v->trouble = status == EFI_NOT_FOUND ? "no such variable" : "the variable cannot be read";
	if (status != EFI_BUFFER_TOO_SMALL || v->size > VARIABLE_MAX ||
	    EFI_ERROR(fw->boot->AllocatePool(EfiLoaderData, v->size, &v->bytes))) {
		v->bytes = NULL;
		return;
	}
	if (!EFI_ERROR(run->GetVariable(name, &guid, NULL, &v->size, v->bytes)))
		v->trouble = NULL;
}

static void forget(struct variable *v, const struct firmware *fw)
{
	if (v->bytes)
		fw->boot->FreePool(v->bytes);
	*v = (struct variable){ 0 };
}

static const struct variable *variable_of(struct reading *r, const struct setup_store *s)
{
	for (unsigned i = 0; i < VARIABLES; i++)
		if (r->variable[i].name[0] && ascii_compare(r->variable[i].name, s->name) == 0 &&
		    memcmp(r->variable[i].guid, s->guid, SETUP_GUID) == 0)
			return &r->variable[i];
	struct variable *v = &r->variable[r->oldest++ % VARIABLES];
	forget(v, r->fw);
	memcpy(v->name, s->name, ascii_size(s->name) + 1);
	memcpy(v->guid, s->guid, SETUP_GUID);
	read_variable(v, r->fw);
	return v;
}

static const char *ask_driver(struct reading *r, uint32_t list, const struct setup_store *s,
                              uint8_t *bytes, size_t size)
{
	const struct hii_list *l = &r->hii->list[list];

	return drivers_read(r->fw, r->drivers, s, r->hii->data + l->path, l->path_size, bytes,
	                    size);
}

/* A hii_read.  Drivers' buffers often are variables too: on real boards processor options are. */
static const char *read_store(void *ctx, uint32_t list, const struct setup_store *s, uint8_t *bytes,
                              size_t size)
{
	struct reading *r = ctx;

	if (s->kind == SETUP_NAMED)
		return "kept by a driver";
	if (!s->name[0])
		return "no such variable";
	const struct variable *v = variable_of(r, s);
	if (v->trouble && r->drivers && s->kind == SETUP_BUFFER)
		return ask_driver(r, list, s, bytes, size);
	if (v->trouble)
		return v->trouble;
	if (s->offset > v->size || size > v->size - s->offset)
		return "the variable is too short";
	memcpy(bytes, (const uint8_t *)v->bytes + s->offset, size);
	return NULL;
}

/* A question that does not fit as a whole, and all after it, are left out. */
static void add_to_all(struct reading *r, const struct setup_question *q)
{
	struct text *t = r->all;
	const size_t used = t->used;

	if (t->full)
		return;
	if (ascii_compare(r->path, q->path) != 0 || used == HEAD_MAX)
		setup_path_write(t, q->path);
	memcpy(r->path, q->path, ascii_size(q->path) + 1);
	setup_question_write(t, q);
	if (t->full)
		t->used = used;
}

static bool take(void *ctx, const struct setup_question *q, const char *help)
{
	struct reading *r = ctx;
	char lines[SETUP_LINES_MAX];
	struct text t;

	text_start(&t, lines, sizeof(lines));
	setup_question_write(&t, q);
	sign_sha512_add(r->digest, (const uint8_t *)lines, t.used);
	r->setup->found++;
	if (hii_choice_takes(&r->choice, q->prompt, help)) {
		r->setup->chosen++;
		setup_add(r->setup, q);
	}
	if (r->all)
		add_to_all(r, q);
	return true;
}

/* Puts what goes before the questions there, and the last line. */
static void finish_all(struct setup *s, struct text *all)
{
	const uint32_t chosen = s->chosen;
	char head[HEAD_MAX];
	struct text t;

	text_start(&t, head, sizeof(head));
	text_put(&t, "cpulevel-setup 1\n");
	s->chosen = s->found;
	setup_head_write(&t, s);
	s->chosen = chosen;
	all->full = false;
	all->size = SETUP_FILE_MAX + HEAD_MAX;
	text_put(all, "end\n");
	memcpy(all->at + HEAD_MAX - t.used, head, t.used);
	all->at += HEAD_MAX - t.used;
	all->used -= HEAD_MAX - t.used;
}

static void read_questions(struct reading *r)
{
	static const char last[] = "end\n";
	uint8_t digest[SIGN_SHA512];
	struct sign_sha512 state;

	if (r->all)
		r->all->used = HEAD_MAX, r->all->size = SETUP_FILE_MAX - sizeof(last);
	setup_start(r->setup, NULL);
	/* cppcheck-suppress autoVariables ; nothing uses it after this function */
	r->digest = &state;
	sign_sha512_start(&state);
	hii_choice_start(&r->choice);
	const bool complete = hii_each(r->hii, read_store, take, r);
	sign_sha512_end(&state, digest);
	memcpy(r->setup->digest, digest, SETUP_DIGEST);
	r->setup->faults = r->hii->faults + !complete;
	if (r->all)
		finish_all(r->setup, r->all);
	for (unsigned i = 0; i < VARIABLES; i++)
		forget(&r->variable[i], r->fw);
}

/* Opens the export and reads it.  Returns why not, or NULL. */
static const char *read_export(struct reading *r, const uint8_t *data, UINTN size)
{
	struct hii h;
	const size_t room = hii_count(&h, data, size);
	void *memory;

	if (h.lists == 0)
		return "the HII database has no package lists";
	if (EFI_ERROR(r->fw->boot->AllocatePool(EfiLoaderData, room, &memory)))
		return "no memory for the setup forms";
	/* cppcheck-suppress autoVariables ; nothing uses it after this function */
	r->hii = &h;
	hii_open(&h, memory);
	read_questions(r);
	r->fw->boot->FreePool(memory);
	return NULL;
}

/* While drivers are asked, no other alarm watches this. */
static EFI_STATUS export_lists(const struct reading *r, const EFI_HII_DATABASE_PROTOCOL *hii,
                               UINTN *size, void *data)
{
	if (r->drivers)
		alarm_start(r->drivers, ALARM_SECONDS);
	const EFI_STATUS status = hii->ExportPackageLists(hii, NULL, size, data);
	if (r->drivers)
		alarm_stop(r->drivers);
	return status;
}

/* Exports the database and reads it.  Returns why not, or NULL. */
static const char *read_database(struct reading *r)
{
	const struct firmware *fw = r->fw;
	EFI_HII_DATABASE_PROTOCOL *hii = database(fw);
	const char *trouble = "the HII database cannot be exported";
	EFI_STATUS status;
	UINTN size = 0, got;
	void *data;

	if (!hii)
		return "no HII database";
	status = export_lists(r, hii, &size, NULL);
	if (status != EFI_BUFFER_TOO_SMALL || size == 0)
		return trouble;
	if (size > HII_EXPORT_MAX)
		return "the HII database is too large";
	if (EFI_ERROR(fw->boot->AllocatePool(EfiLoaderData, size, &data)))
		return "no memory for the setup forms";
	got = size;
	if (!EFI_ERROR(export_lists(r, hii, &got, data)) && got <= size)
		trouble = read_export(r, data, got);
	fw->boot->FreePool(data);
	return trouble;
}

void forms_read(struct setup *s, struct forms_file *file, const struct firmware *fw,
                struct alarm *drivers)
{
	struct reading *r;
	const char *trouble = "no memory for the setup forms";
	void *memory;

	if (EFI_ERROR(fw->boot->AllocatePool(EfiLoaderData, sizeof(*r), &memory))) {
		setup_start(s, trouble);
		return;
	}
	r = memory;
	memset(r, 0, sizeof(*r));
	r->fw = fw;
	r->drivers = drivers;
	r->setup = s;
	if (file && !EFI_ERROR(fw->boot->AllocatePool(EfiLoaderData, SETUP_FILE_MAX + HEAD_MAX,
	                                              &file->memory))) {
		text_start(&file->text, file->memory, SETUP_FILE_MAX);
		r->all = &file->text;
	}
	trouble = read_database(r);
	fw->boot->FreePool(memory);
	if (!trouble)
		return;
	setup_start(s, trouble);
	if (file)
		forms_free(file, fw);
}

void forms_free(struct forms_file *file, const struct firmware *fw)
{
	if (file->memory)
		fw->boot->FreePool(file->memory);
	file->memory = NULL;
}
