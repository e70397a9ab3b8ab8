/* SPDX-License-Identifier: MIT */
#include "command/page_masks.h"

#include <stdlib.h>

#include "cli.h"
#include "command/mask_make.h"
#include "input/capabilities.h"
#include "output/said.h"

/* Makes the mask, and collects what is said meanwhile. */
static json_t *mask_json(const struct mask_dialect *d, const struct explained *e)
{
	struct mask_job *j = allocate(sizeof(*j));
	char *buffer = allocate(MASK_TEXT_MAX);
	json_t *object = json_object();
	struct said said;
	struct text t;

	mask_job_start(j);
	j->dialect = d;
	mask_job_hosts(j, e->merge, &e->merge->high, e->baseline);
	text_start(&t, buffer, MASK_TEXT_MAX);
	said_start(&said);
	const bool ok = mask_make(&t, j, e->pool);
	json_put(object, "dialect", json_text(d->name));
	json_put(object, "about", json_text(d->about));
	said_end(&said, json_put_list(object, "notes"));
	json_put(object, "mask", ok ? json_stringn(buffer, t.used) : json_null());
	capabilities_free(&j->kvm.offer);
	free(buffer);
	free(j);
	return object;
}

json_t *page_masks(const struct explained *e)
{
	json_t *list = json_array();

	for (size_t i = 0; i < mask_dialect_count; i++)
		json_add(list, mask_json(&mask_dialects[i], e));
	return list;
}
