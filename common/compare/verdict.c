/* SPDX-License-Identifier: MIT */
#include "compare/verdict.h"

#include "base/mem.h"
#include "table/feature_setup.h"

/* So many features are named; the report has the others. */
#define NAMED 6

void verdict_start(struct verdict *v)
{
	memset(v, 0, sizeof(*v));
}

static void copy_name(char *to, size_t size, const char *name)
{
	struct text t;

	text_start(&t, to, size);
	text_put(&t, name);
	if (!text_string(&t))
		to[0] = '\0';
}

static void put_drift(struct text *t, const struct drift *d)
{
	switch (d->what) {
	case DRIFT_FEATURE:
	case DRIFT_SWITCH:
		if (d->id == F_NONE) {
			text_put(t, "<");
			place_write(t, &d->differ.at);
			text_put(t, ">");
		} else {
			text_put(t, feature_name(d->id));
		}
		break;
	case DRIFT_PROCESSORS:
		text_decimal(t, d->a);
		text_put(t, " vs. ");
		text_decimal(t, d->b);
		text_put(t, " processors");
		break;
	case DRIFT_END:
		break;
	}
}

/*
 * Appends names while there is room, NAMED at most.  Returns how many differences are not named.
 * *setup becomes the first feature for which setup has an option, if it is F_NONE.
 */
static size_t put_names(struct text *t, enum feature_id *setup, const struct drift_host *mine,
                        const struct drift_host *other)
{
	size_t count = 0, named = 0;

	for (struct drift d = { .what = DRIFT_FEATURE }; drift_next(&d, mine, other); count++) {
		struct text next = *t;

		if (*setup == F_NONE && feature_setup_named(d.id))
			*setup = d.id;
		text_put(&next, count ? ", " : "");
		put_drift(&next, &d);
		if (next.full || named != count || named == NAMED)
			continue;
		*t = next;
		named++;
	}
	return count - named;
}

bool verdict_compare(struct verdict_difference *d, const struct drift_host *mine,
                     const struct drift_host *other, const char *name)
{
	static const char more[] = " and 4294967295 more";
	struct text t;

	memset(d, 0, sizeof(*d));
	copy_name(d->from, sizeof(d->from), name);
	text_start(&t, d->names, sizeof(d->names) - sizeof(more));
	const size_t left = put_names(&t, &d->setup, mine, other);
	t.size = sizeof(d->names);
	if (left) {
		text_put(&t, " and ");
		text_decimal(&t, left);
		text_put(&t, " more");
	}
	text_string(&t);
	return t.used > 0;
}

/* FNV-1a of what identifies a host.  If two hosts have the same hash, one is not counted. */
static uint32_t hash_of(const struct drift_host *host)
{
	uint32_t hash = 2166136261U;

	for (size_t i = 0; i < host->identity.size; i++)
		hash = (hash ^ (uint8_t)host->identity.bytes[i]) * 16777619U;
	return hash;
}

/*
 * True if a visit of the host with this outcome was counted before; notes it if not.  Serial
 * numbers are not trusted to be unique, so a host that differs counts beside one that does not.
 */
static bool is_counted(struct verdict *v, const struct drift_host *host, bool differs)
{
	const uint32_t hash = hash_of(host) + differs;

	if (host->identity.size == 0)
		return false;
	for (size_t i = 0; i < v->counted; i++)
		if (v->host[i] == hash)
			return true;
	if (v->counted < VERDICT_HOSTS_MAX)
		v->host[v->counted++] = hash;
	return false;
}

void verdict_add(struct verdict *v, const struct drift_host *mine, const struct drift_host *other,
                 const char *name)
{
	struct verdict_difference d;

	if (identity_same(&mine->identity, &other->identity)) {
		if (!v->before)
			verdict_compare(&v->previous, mine, other, name);
		v->before = true;
		return;
	}
	if (!drift_like(mine, other))
		return;
	const bool differs = verdict_compare(&d, mine, other, name);
	if (is_counted(v, other, differs))
		return;
	if (differs && v->same == v->like)
		v->odd = d;
	v->like++;
	v->same += !differs;
}

/* Appends a sentence about the setup option, if there is one; where is "setup" or "its setup". */
static void put_setup(struct text *t, const struct verdict_difference *d, const char *where)
{
	if (d->setup == F_NONE)
		return;
	text_put(t, ". Check \"");
	feature_setup_put(t, d->setup);
	text_put(t, "\" in ");
	text_put(t, where);
}

/* Appends "3 earlier hosts", "1 of 2 earlier hosts". */
static void put_hosts(struct text *t, size_t count, size_t of)
{
	text_decimal(t, count);
	if (count != of) {
		text_put(t, " of ");
		text_decimal(t, of);
	}
	text_put(t, of == 1 ? " earlier host" : " earlier hosts");
}

/* For a host that matches at least half of the earlier ones. */
static void put_match(struct text *t, const struct verdict *v)
{
	const size_t differ = v->like - v->same;

	text_put(t, "OK: matches ");
	put_hosts(t, v->same, v->like);
	if (differ == 0)
		return;
	text_put(t, ". ");
	if (differ > 1)
		text_decimal(t, differ);
	text_put(t, differ > 1 ? " differ, the latest is " : "Odd one out: ");
	text_printable(t, v->odd.from);
	text_put(t, " (");
	text_put(t, v->odd.names);
	text_put(t, ")");
	put_setup(t, &v->odd, "its setup");
}

/* For a host that differs from most of the earlier ones. */
static void put_difference(struct text *t, const struct verdict *v)
{
	text_put(t, "DIFFERS from ");
	put_hosts(t, v->like - v->same, v->like);
	text_put(t, ": ");
	text_put(t, v->odd.names);
	text_put(t, " (compared with ");
	text_printable(t, v->odd.from);
	text_put(t, ")");
	put_setup(t, &v->odd, "setup");
}

static void put_previous(struct text *t, const struct verdict *v)
{
	text_put(t, v->previous.names[0] ? ". CHANGED" : ". Unchanged");
	text_put(t, " since its last visit (");
	text_printable(t, v->previous.from);
	text_put(t, v->previous.names[0] ? "): " : ")");
	text_put(t, v->previous.names);
	put_setup(t, &v->previous, "setup");
}

void verdict_write(struct text *t, const struct verdict *v)
{
	if (v->like == 0)
		text_put(t, v->before ? "ONLY HOST of its type on this stick"
		                      : "FIRST HOST of its type on this stick");
	else if (v->same >= v->like - v->same)
		put_match(t, v);
	else
		put_difference(t, v);
	if (v->before)
		put_previous(t, v);
}

void verdict_write_golden(struct text *t, const struct verdict_difference *d, bool like,
                          bool sealed)
{
	const char *from = sealed ? "golden.txt" : "golden.txt (no seal)";

	if (!like) {
		text_put(t, "NO MATCH: ");
		text_put(t, from);
		text_put(t, " is for another vendor, product or processor");
		return;
	}
	text_put(t, d->names[0] ? "DIFFERS from " : "OK: matches ");
	text_put(t, from);
	text_put(t, d->names[0] ? ": " : "");
	text_put(t, d->names);
	put_setup(t, d, "setup");
}
