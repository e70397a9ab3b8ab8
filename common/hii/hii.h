/* SPDX-License-Identifier: MIT */
/*
 * hii.h - reads the setup questions out of what firmware exports from its HII database.
 *
 * The data are package lists, one after the other, as EFI_HII_DATABASE_PROTOCOL.ExportPackageLists
 * gives them and other programs save them.  Nothing of them is trusted: each length is checked, and
 * the time grows with their size.  Source: UEFI specification, edition 2.10, chapter 33 (opcodes
 * and packages) and 35.2 (the configuration's variable stores); bit fields: EDK2's MdeModuleHii.h.
 */
#ifndef HII_H
#define HII_H

#include "report/setup.h"

#define HII_EXPORT_MAX 0x800000 /* bytes of package lists */
#define HII_SETS_MAX   1024
#define HII_HELP_MAX   512 /* bytes of a question's help that are read */
#define HII_NONE       UINT32_MAX

/* The tables are in the caller's memory.  "at" is an offset in data. */
struct hii_string {
	uint32_t at;
	uint16_t id;
	bool wide; /* UCS-2; else SCSU */
};

struct hii_list {
	uint32_t string, strings; /* in the table of strings, ascending by id */
	uint32_t path, path_size; /* the device path of its driver; size 0: not known */
};

struct hii_set {
	uint32_t list, at, form;
	bool targeted; /* another form set has a reference to it */
};

struct hii_form {
	uint32_t set, ref, refs; /* of its references the first, and how many */
	uint32_t via;            /* the form that leads here, or HII_NONE */
	uint32_t next;           /* the one that was reached after this one */
	uint16_t id, title;
	uint8_t state; /* enum setup_state, of the way to it */
	bool reached;
};

struct hii_ref {
	uint32_t guid; /* where the GUID of the form set is; 0: its own form set */
	uint32_t to;   /* the form that it leads to, or HII_NONE */
	uint16_t form;
	uint8_t state;
};

struct hii {
	const uint8_t *data;
	size_t size;
	uint32_t lists, sets, forms, refs, stores, strings;
	uint32_t questions; /* one-of, checkbox, numeric, ordered list */
	uint32_t faults;    /* places that could not be read */
	struct hii_list *list;
	struct hii_set *set;
	struct hii_form *form;
	struct hii_ref *ref;
	struct hii_string *string;
	uint64_t *store_key; /* ascending: form set, id, and where the opcode is */
	uint64_t *form_key;  /* ascending: form set, id, and the index of the form */
};

/*
 * Counts what is in the data, and sets the rest of *h to nothing.  Returns how many bytes of memory
 * hii_open needs; 0 if the data are longer than HII_EXPORT_MAX.
 */
size_t hii_count(struct hii *h, const uint8_t *data, size_t size);

/* Fills the tables, in memory that is aligned for uint64_t and as large as hii_count said. */
void hii_open(struct hii *h, void *memory);

/*
 * Reads bytes of a store, which is in this list, from its offset on.  Returns NULL, or why there is
 * no value.  A store of SETUP_NAMED has one value: its bytes are written from bytes[0] on, the rest
 * stays zero.
 */
typedef const char *hii_read(void *ctx, uint32_t list, const struct setup_store *store,
                             uint8_t *bytes, size_t size);

/* What a question is given to; help is "" if there is none.  False: no more. */
typedef bool hii_take(void *ctx, const struct setup_question *q, const char *help);

/*
 * Calls take for each question, in the order of the data, with its value from read.  Returns false
 * if the forms are nested in such a way that looking for options took far longer than their size
 * allows for: the last questions have then numbers without texts, and no defaults.
 */
bool hii_each(const struct hii *h, hii_read *read, hii_take *take, void *ctx);

#endif
