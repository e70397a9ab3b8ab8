/* SPDX-License-Identifier: MIT */
#include "output/setup_json.h"

#include "report/setup_text.h"

json_t *json_setup_value(const struct setup_value *v)
{
	json_t *object = json_object();

	switch (v->known) {
	case SETUP_NUMBER:
		json_put(object, "number", json_count(v->number));
		if (v->text)
			json_put(object, "text", json_text(v->text));
		break;
	case SETUP_LIST:
		json_put(object, "list", json_text(v->text));
		break;
	case SETUP_UNKNOWN:
		json_put(object, "unknown", json_text(v->text));
		break;
	case SETUP_NONE:
		json_decref(object);
		return json_null();
	case SETUP_COMPUTED:
		json_put(object, "computed", json_true());
		break;
	}
	return object;
}

json_t *json_setup_store(const struct setup_store *s)
{
	json_t *object = json_object();
	char guid[64];
	struct text t;

	if (s->kind == SETUP_NOWHERE) {
		json_decref(object);
		return json_null();
	}
	text_start(&t, guid, sizeof(guid));
	setup_guid(&t, s->guid);
	json_put(object, "kind", json_text(setup_store_word(s->kind)));
	json_put(object, "name", json_text(s->name));
	json_put(object, "guid", json_text(text_string(&t)));
	if (s->kind != SETUP_NAMED) {
		json_put(object, "offset", json_count(s->offset));
		json_put(object, "bit", json_count(s->bit));
		json_put(object, "bits", json_count(s->bits));
	}
	return object;
}

json_t *json_setup_question(const struct setup_question *q)
{
	json_t *object = json_object(), *states = json_array();

	json_put(object, "path", json_text(q->path));
	json_put(object, "prompt", json_text(q->prompt));
	json_put(object, "kind", json_text(setup_kind_word(q->kind)));
	for (unsigned bit = 0; bit < SETUP_STATES; bit++)
		if (q->state >> bit & 1)
			json_add(states, json_text(setup_state_word(bit)));
	json_put(object, "state", states);
	json_put(object, "store", json_setup_store(&q->store));
	json_put(object, "value", json_setup_value(&q->value));
	json_put(object, "default", json_setup_value(&q->standard));
	json_put(object, "manufacturing", json_setup_value(&q->manufacturing));
	return object;
}
