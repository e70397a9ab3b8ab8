/* SPDX-License-Identifier: MIT */
#include "base/ascii.h"
#include "base/mem.h"
#include "hii/hii_walk.h"
#include "report/report.h"

#define TYPE_OTHER  0x08 /* of a default: an expression follows */
#define TYPE_BUFFER 0x0b

enum { STANDARD = 0, MANUFACTURING = 1 };

/* The longest value: 255 containers of eight bytes, and one byte for a first bit. */
#define VALUE_MAX (255 * 8 + 1)

#define STRING_SIZE (REPORT_STRING_MAX + 1)

/* The question that is read: its opcode to the end of its package, and its strings. */
struct asking {
	const struct hii *h;
	hii_read *read;
	hii_take *take;
	void *ctx;
	uint32_t path_form; /* whose path is in path */
	uint32_t list;
	const uint8_t *op, *end;
	unsigned container; /* bytes of an item of an ordered list */
	uint64_t steps;     /* how many more opcodes may be looked at inside of questions */
	char path[SETUP_PATH_MAX + 1], help[HII_HELP_MAX + 1];
	char prompt[STRING_SIZE], store[STRING_SIZE];
	char value[STRING_SIZE], standard[STRING_SIZE], manufacturing[STRING_SIZE];
};

/* Real boards need fewer than three a byte; questions nested in questions could need millions. */
#define STEPS_A_BYTE 64

/* A menu is nowhere near as deep; the titles above are left out. */
#define PATH_DEPTH 64

/* A walk over what is in the scope of a question. */
struct inside {
	struct asking *of;
	const uint8_t *at, *end;
	size_t size; /* of the opcode at at */
	unsigned depth;
};

static struct inside inside_start(struct asking *a)
{
	return (struct inside){ a, a->op, a->end, 0, 0 };
}

/* Moves to the next opcode.  Returns false at the end of the question's scope. */
static bool inside_next(struct inside *i)
{
	const unsigned scope = i->size ? i->depth : (i->at[1] & 0x80) != 0;

	i->at += i->size ? i->size : hii_op_size(i->at, i->end);
	i->depth = scope;
	i->size = i->depth ? hii_op_size(i->at, i->end) : 0;
	if (i->size == 0 || i->of->steps == 0)
		return false;
	i->of->steps--;
	if (*i->at == OP_END)
		i->depth--;
	else if (i->at[1] & 0x80)
		i->depth++;
	return true;
}

/* Returns the bytes of a value of this type: numbers and booleans; 0 for others. */
static unsigned type_size(unsigned type)
{
	return type < 4 ? 1U << type : type == 4;
}

/* Reads the number of an option. */
static bool option_number(const struct inside *i, uint64_t *number)
{
	const unsigned size = *i->at == OP_OPTION && i->size > 6 ? type_size(i->at[5]) : 0;

	if (size == 0 || 6 + size > i->size)
		return false;
	*number = hii_number(i->at + 6, size);
	return true;
}

/* Writes the text of the option with a number.  Returns false if there is none. */
static bool option_text(struct asking *a, uint64_t number, char text[static STRING_SIZE])
{
	struct inside i = inside_start(a);

	for (uint64_t n; inside_next(&i);)
		if (option_number(&i, &n) && n == number)
			return hii_text(a->h, a->list, hii_word(i.at + 2), text, STRING_SIZE) > 0;
	return false;
}

static void set_number(struct asking *a, struct setup_value *v, uint64_t number,
                       char text[static STRING_SIZE])
{
	const bool named = *a->op == OP_ONE_OF && option_text(a, number, text);

	*v = (struct setup_value){ SETUP_NUMBER, number, named ? text : NULL };
}

/* The items of an ordered list up to the first zero; the last one that does not fit is cut. */
static void set_list(struct asking *a, struct setup_value *v, const uint8_t *bytes, size_t size,
                     char text[static STRING_SIZE])
{
	size_t used = 0;

	for (; size >= a->container; bytes += a->container, size -= a->container) {
		const uint64_t number = hii_number(bytes, a->container);
		char item[STRING_SIZE], digits[STRING_SIZE];
		struct text t;

		if (number == 0)
			break;
		text_start(&t, digits, sizeof(digits));
		text_hex(&t, number, 1);
		const char *name = option_text(a, number, item) ? item : text_string(&t);
		const size_t length = ascii_size(name), gap = used ? 2 : 0;
		if (length + gap > REPORT_STRING_MAX - used)
			break;
		memcpy(text + used, ", ", gap);
		memcpy(text + used + gap, name, length);
		used += gap + length;
	}
	text[used] = '\0';
	*v = (struct setup_value){ SETUP_LIST, 0, text };
}

/* A default by an opcode of its own. */
static bool take_default(struct asking *a, const struct inside *i, struct setup_value *v,
                         char text[static STRING_SIZE])
{
	const unsigned type = i->at[4], size = type_size(type);
	const bool listed = *a->op == OP_ORDERED_LIST;

	if (type == TYPE_OTHER)
		*v = (struct setup_value){ .known = SETUP_COMPUTED };
	else if (listed && type == TYPE_BUFFER)
		set_list(a, v, i->at + 5, i->size - 5, text);
	else if (!listed && size && 5 + size <= i->size)
		set_number(a, v, hii_number(i->at + 5, size), text);
	else
		return false;
	return true;
}

/* Sets a default of a class.  Returns false if the forms have none of it. */
static bool find_default(struct asking *a, unsigned class, struct setup_value *v,
                         char text[static STRING_SIZE])
{
	struct inside i = inside_start(a);
	uint64_t flagged = 0;
	bool found = false;

	while (inside_next(&i)) {
		uint64_t number;

		if (*i.at == OP_DEFAULT && i.size >= 5 && hii_word(i.at + 2) == class &&
		    take_default(a, &i, v, text))
			return true;
		if (!found && *a->op == OP_ONE_OF && option_number(&i, &number) &&
		    (i.at[4] & (0x10U << class))) {
			flagged = number;
			found = true;
		}
	}
	if (*a->op == OP_CHECKBOX) {
		flagged = a->op[13] >> class & 1;
		found = true;
	}
	if (found)
		set_number(a, v, flagged, text);
	return found;
}

static void set_defaults(struct asking *a, struct setup_question *q)
{
	if (!find_default(a, STANDARD, &q->standard, a->standard))
		q->standard = (struct setup_value){ .known = SETUP_NONE };
	if (!find_default(a, MANUFACTURING, &q->manufacturing, a->manufacturing))
		q->manufacturing = q->standard;
}

/* Returns the width in bits, 0 if the question is damaged. */
static uint32_t width_of(struct asking *a, bool bits)
{
	const unsigned flags = a->op[13];

	if (*a->op == OP_CHECKBOX)
		return bits ? 1 : 8;
	if (*a->op != OP_ORDERED_LIST)
		return bits ? flags & 0x3f : 8U << (flags & 3);
	struct inside i = inside_start(a);
	a->container = 1;
	while (inside_next(&i))
		if (*i.at == OP_OPTION && i.size > 6 && type_size(i.at[5])) {
			a->container = type_size(i.at[5]);
			break;
		}
	return flags * a->container * 8;
}

/* Returns the opcode of a store of a form set, or NULL. */
static const uint8_t *find_store(const struct hii *h, uint32_t set, unsigned id)
{
	const size_t at = hii_find(h->store_key, h->stores, hii_key(set, id, 0));

	if (at == h->stores || h->store_key[at] >> 32 != hii_key(set, id, 0) >> 32)
		return NULL;
	return h->data + (uint32_t)h->store_key[at];
}

/* The name of a store at its opcode's end: ASCII, NUL-terminated if nothing is wrong. */
static void store_name(char name[static STRING_SIZE], const uint8_t *op, size_t at)
{
	const size_t size = op[1] & 0x7f;
	size_t used = 0;

	while (at < size && op[at] && used < REPORT_STRING_MAX)
		name[used++] = (char)op[at++];
	name[used] = '\0';
}

/* Before edition 2.3 stores of variables had no name; the question has a string with it. */
static void set_store(struct asking *a, const struct hii_walk *w, struct setup_store *s)
{
	const unsigned id = hii_word(a->op + 8), place = hii_word(a->op + 10);
	const uint8_t *op = id ? find_store(a->h, w->set, id) : NULL;
	const uint32_t bits = width_of(a, w->bits);

	*s = (struct setup_store){ .kind = SETUP_NOWHERE };
	if (!op || bits == 0 || bits > UINT16_MAX)
		return;
	const bool efi = *op == OP_STORE_EFI && (op[1] & 0x7f) > 26;
	memcpy(s->guid, op + (*op == OP_STORE ? 2 : 4), SETUP_GUID);
	s->name = a->store;
	if (*op == OP_STORE || efi) {
		s->kind = efi ? SETUP_VARIABLE : SETUP_BUFFER;
		store_name(a->store, op, efi ? 26 : 22);
		s->offset = w->bits ? place / 8 : place;
		s->bit = w->bits ? place % 8 : 0;
		s->bits = bits;
	} else {
		s->kind = SETUP_NAMED;
		hii_text(a->h, a->list, place, a->store, sizeof(a->store));
	}
}

static void set_value(struct asking *a, struct setup_question *q)
{
	const struct setup_store *s = &q->store;
	uint8_t bytes[VALUE_MAX] = { 0 };
	const size_t size = s->kind == SETUP_NAMED ? 8 : (s->bit + s->bits + 7) / 8;
	const char *cause = s->kind == SETUP_NOWHERE ? "not stored"
	                    : size > sizeof(bytes)   ? "damaged question"
	                                             : a->read(a->ctx, a->list, s, bytes, size);

	if (cause) {
		q->value = (struct setup_value){ .known = SETUP_UNKNOWN, .text = cause };
	} else if (q->kind == SETUP_ORDERED) {
		set_list(a, &q->value, bytes, size, a->value);
	} else {
		uint64_t number = hii_number(bytes, size < 8 ? size : 8) >> s->bit;

		if (s->bits && s->bits < 64)
			number &= (UINT64_C(1) << s->bits) - 1;
		set_number(a, &q->value, number, a->value);
	}
}

/* Puts a title, and what separates it from the next one, before the rest of a path. */
static bool put_title(struct asking *a, size_t *at, const char *title)
{
	static const char gap[] = " > ", cut[] = "... > ";
	const size_t size = ascii_size(title), between = *at < SETUP_PATH_MAX ? sizeof(gap) - 1 : 0;

	if (size == 0)
		return true;
	/* The last title always fits; before another one there is room for the cut. */
	if (size + between + sizeof(cut) - 1 > *at) {
		*at -= sizeof(cut) - 1;
		memcpy(a->path + *at, cut, sizeof(cut) - 1);
		return false;
	}
	*at -= between;
	memcpy(a->path + *at, gap, between);
	*at -= size;
	memcpy(a->path + *at, title, size);
	return true;
}

/* The menus show a form set's title in place of its first form's. */
static void set_path(struct asking *a, uint32_t form)
{
	const struct hii *h = a->h;
	size_t at = SETUP_PATH_MAX;
	bool room = true;

	if (a->path_form == form)
		return;
	a->path_form = form;
	a->path[SETUP_PATH_MAX] = '\0';
	for (unsigned up = 0; room && form != HII_NONE && up < PATH_DEPTH; up++) {
		const struct hii_form *f = &h->form[form];
		const struct hii_set *s = &h->set[f->set];
		const unsigned of_set = hii_word(h->data + s->at + 18);
		char title[STRING_SIZE];

		hii_text(h, s->list, s->form == form ? of_set : f->title, title, sizeof(title));
		room = put_title(a, &at, title);
		if (room && s->form != form && f->via == HII_NONE) {
			hii_text(h, s->list, of_set, title, sizeof(title));
			room = put_title(a, &at, title);
		}
		form = f->via;
	}
	memmove(a->path, a->path + at, SETUP_PATH_MAX + 1 - at);
}

static enum setup_kind kind_of(uint8_t op)
{
	return op == OP_ONE_OF     ? SETUP_ONE_OF
	       : op == OP_CHECKBOX ? SETUP_CHECKBOX
	       : op == OP_NUMERIC  ? SETUP_NUMERIC
	                           : SETUP_ORDERED;
}

static bool take_question(struct hii_walk *w, const uint8_t *op, const uint8_t *end)
{
	struct asking *a = w->ctx;
	const struct hii_form *form = &a->h->form[w->form];
	struct setup_question q = { .path = a->path, .prompt = a->prompt, .kind = kind_of(*op) };

	a->list = w->list;
	a->op = op;
	a->end = end;
	set_path(a, w->form);
	hii_text(a->h, w->list, hii_word(op + 2), a->prompt, sizeof(a->prompt));
	hii_text(a->h, w->list, hii_word(op + 4), a->help, sizeof(a->help));
	q.state = w->state | form->state | (form->reached ? 0U : (unsigned)SETUP_UNREACHED);
	set_store(a, w, &q.store);
	set_value(a, &q);
	set_defaults(a, &q);
	return a->take(a->ctx, &q, a->help);
}

bool hii_each(const struct hii *h, hii_read *read, hii_take *take, void *ctx)
{
	struct asking a = { .h = h, .read = read, .take = take, .ctx = ctx };
	struct hii view = *h;

	a.path_form = HII_NONE;
	a.steps = STEPS_A_BYTE * (uint64_t)h->size;
	/* The walk fills tables if it has any; these are full. */
	view.list = NULL;
	view.set = NULL;
	view.form = NULL;
	view.ref = NULL;
	view.store_key = NULL;
	struct hii_walk w = { .h = &view, .question = take_question, .ctx = &a };
	hii_walk(&w);
	return a.steps > 0;
}
