/* SPDX-License-Identifier: MIT */
#include "base/mem.h"
#include "hii/hii_walk.h"

#define GUID_SIZE 16

/* EDK2's EFI_IFR_BIT_VARSTORE_GUID: around questions whose offsets and widths are in bits. */
static const uint8_t bit_fields[GUID_SIZE] = { 0x8b, 0xd6, 0xdd, 0x82, 0x63, 0x91, 0x87, 0x41,
	                                       0x9b, 0x27, 0x20, 0xa8, 0xfd, 0x60, 0xa7, 0x1d };

static uint32_t offset(const struct hii_walk *w, const uint8_t *at)
{
	return (uint32_t)(at - w->h->data);
}

static void take_set(struct hii_walk *w, const uint8_t *op)
{
	w->form = HII_NONE;
	if (w->sets == HII_SETS_MAX) {
		w->set = HII_NONE;
		w->faults++;
		return;
	}
	if (w->h->set)
		w->h->set[w->sets] =
			(struct hii_set){ .list = w->list, .at = offset(w, op), .form = HII_NONE };
	w->set = w->sets++;
}

static void take_form(struct hii_walk *w, const uint8_t *op, size_t size)
{
	if (w->set == HII_NONE)
		return;
	if (w->h->form) {
		/* A form map has a title for each standard that it maps. */
		const bool titled = *op == OP_FORM || size >= 6 + GUID_SIZE;

		w->h->form[w->forms] = (struct hii_form){
			.set = w->set,
			.ref = w->refs,
			.via = HII_NONE,
			.next = HII_NONE,
			.id = (uint16_t)hii_word(op + 2),
			.title = (uint16_t)(titled ? hii_word(op + 4) : 0),
		};
		if (w->h->set[w->set].form == HII_NONE)
			w->h->set[w->set].form = w->forms;
	}
	w->form = w->forms++;
}

/* References to a form: of this form set, or of another.  That of a value, REF5, is not known. */
static void take_ref(struct hii_walk *w, const uint8_t *op, size_t size)
{
	static const uint8_t zeros[GUID_SIZE];

	if (w->form == HII_NONE || size < 15)
		return;
	if (w->h->ref) {
		const bool far = size >= 33 && memcmp(op + 17, zeros, GUID_SIZE) != 0;

		w->h->ref[w->refs] = (struct hii_ref){ .guid = far ? offset(w, op + 17) : 0,
			                               .form = (uint16_t)hii_word(op + 13),
			                               .state = w->state };
		w->h->form[w->form].refs++;
	}
	w->refs++;
}

static void take_store(struct hii_walk *w, const uint8_t *op)
{
	if (w->set == HII_NONE)
		return;
	if (w->h->store_key) {
		const unsigned id = hii_word(op + (*op == OP_STORE ? 18 : 2));

		w->h->store_key[w->stores] = hii_key(w->set, id, offset(w, op));
	}
	w->stores++;
}

/* What a condition adds to the state of all that it holds: its expression comes first. */
static uint8_t condition(const uint8_t *op, size_t size, const uint8_t *end)
{
	const uint8_t *const next = op + size;
	const bool constant = hii_op_size(next, end) == 2 && !(next[1] & 0x80);

	if (constant && *next == OP_FALSE)
		return 0;
	if (constant && *next == OP_TRUE)
		return *op == OP_GRAY_OUT_IF ? SETUP_GRAYED : SETUP_SUPPRESSED;
	return *op == OP_SUPPRESS_IF   ? SETUP_SUPPRESS_IF
	       : *op == OP_GRAY_OUT_IF ? SETUP_GRAYOUT_IF
	                               : SETUP_DISABLE_IF;
}

/* Returns how many bytes an opcode needs at least for what is read of it. */
static size_t least_size(uint8_t op)
{
	switch (op) {
	case OP_FORM:
	case OP_FORM_MAP:
		return op == OP_FORM ? 6 : 4;
	case OP_ONE_OF:
	case OP_CHECKBOX:
	case OP_NUMERIC:
		return 14;
	case OP_ORDERED_LIST:
		return 15;
	case OP_FORM_SET:
	case OP_STORE:
		return 22;
	case OP_STORE_NAMED:
	case OP_STORE_EFI:
		return 20;
	case OP_GUID:
		return 2 + GUID_SIZE;
	default:
		return 2;
	}
}

/* Returns false to end the walk. */
static bool take_op(struct hii_walk *w, const uint8_t *op, size_t size, const uint8_t *end)
{
	if (size < least_size(*op)) {
		w->faults++;
		return true;
	}
	switch (*op) {
	case OP_FORM_SET:
		take_set(w, op);
		break;
	case OP_FORM:
	case OP_FORM_MAP:
		take_form(w, op, size);
		break;
	case OP_REF:
		take_ref(w, op, size);
		break;
	case OP_STORE:
	case OP_STORE_NAMED:
	case OP_STORE_EFI:
		take_store(w, op);
		break;
	case OP_SUPPRESS_IF:
	case OP_GRAY_OUT_IF:
	case OP_DISABLE_IF:
		w->state |= condition(op, size, end);
		break;
	case OP_GUID:
		w->bits |= (op[1] & 0x80) && memcmp(op + 2, bit_fields, GUID_SIZE) == 0;
		break;
	case OP_ONE_OF:
	case OP_CHECKBOX:
	case OP_NUMERIC:
	case OP_ORDERED_LIST:
		if (w->form == HII_NONE)
			break;
		w->questions++;
		return !w->question || w->question(w, op, end);
	default:
		break;
	}
	return true;
}

static bool pass_forms(void *ctx, uint32_t list, const uint8_t *at, const uint8_t *end)
{
	struct hii_walk *w = ctx;
	struct {
		uint8_t state;
		bool bits;
	} outer[HII_DEPTH];
	size_t depth = 0;

	w->list = list;
	w->set = w->form = HII_NONE;
	w->state = 0;
	w->bits = false;
	for (size_t size, least = 4; (at += least) < end; least = size) {
		size = hii_op_size(at, end);
		if (size == 0 || ((at[1] & 0x80) && *at != OP_END && depth == HII_DEPTH)) {
			w->faults++;
			break;
		}
		if (*at == OP_END) {
			if (depth > 0) {
				depth--;
				w->state = outer[depth].state;
				w->bits = outer[depth].bits;
			}
			continue;
		}
		if (at[1] & 0x80) {
			outer[depth].state = w->state;
			outer[depth++].bits = w->bits;
		}
		if (!take_op(w, at, size, end))
			return false;
	}
	return true;
}

uint32_t hii_walk(struct hii_walk *w)
{
	uint32_t faults = 0;
	const uint32_t lists = hii_packages(w->h, 2, pass_forms, w, &faults);

	w->faults += faults;
	return lists;
}
