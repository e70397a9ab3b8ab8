/* SPDX-License-Identifier: MIT */
#include "output/merge_print.h"

#include <stdio.h>

#include "cli.h"
#include "output/document.h"
#include "output/message.h"
#include "output/vendors.h"

static size_t unsealed(const struct pool *pool)
{
	size_t count = 0;

	for (size_t i = 0; i < pool->hosts; i++)
		count += !pool->host[i].sealed;
	return count;
}

void merge_print(const struct merge_result *r)
{
	const struct pool *pool = r->pool;
	char line[128], rest[80] = "";

	if (pool->hosts > 1 && pool->answers == 1)
		snprintf(rest, sizeof(rest), ", all with the same CPUID leaves");
	else if (pool->hosts > 1)
		snprintf(rest, sizeof(rest), ", %zu different sets of CPUID leaves", pool->answers);
	snprintf(line, sizeof(line), "%zu host%s%s", pool->hosts, pool->hosts == 1 ? "" : "s",
	         rest);
	message_note(line);
	if (unsealed(pool)) {
		snprintf(line, sizeof(line), "hosts without a good seal: %zu of %zu",
		         unsealed(pool), pool->hosts);
		message_note(line);
	}
	vendors_warn(r->merge);
}

static json_t *host_of(const struct pool_host *h)
{
	json_t *object = json_object();
	char number[17];

	seal_number(h->key, number);
	json_put(object, "host", json_text(h->name));
	json_put(object, "sealed", json_boolean(h->sealed));
	json_put(object, "key", h->sealed ? json_text(number) : json_null());
	json_put(object, "verified", json_boolean(h->sealed && !h->claimed));
	json_put(object, "guest",
	         h->guest == GUEST_UNKNOWN ? json_null() : json_boolean(h->guest == GUEST_IS));
	return object;
}

void merge_json(const struct merge_result *r, int exit_status)
{
	json_t *document = document_start("merge", 1), *hosts = json_array();

	json_put(document, "pool", r->path ? json_text(r->path) : json_null());
	json_put(document, "sealed", json_boolean(r->sealed));
	json_put(document, "different", json_count(r->pool->answers));
	json_put(document, "unsealed_hosts", json_count(unsealed(r->pool)));
	json_put(document, "vendors", vendors_json(r->pool));
	for (size_t i = 0; i < r->pool->hosts; i++)
		json_add(hosts, host_of(&r->pool->host[i]));
	json_put(document, "hosts", hosts);
	document_left_out(document, r->pool->left_out, r->pool->left_outs);
	document_print(document, exit_status);
}
