/* SPDX-License-Identifier: MIT */
#include "command/diff_load.h"

#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "input/file.h"
#include "input/gather.h"
#include "input/load.h"

bool diff_is_one(const char *path, const struct trust *trust)
{
	return !inputs_is_pool(path, trust) && !path_is_folder(path);
}

/* Makes *files the files of one operand. */
static void expand(struct inputs *files, const struct inputs *in, const char *path)
{
	*files = (struct inputs){ .trust = in->trust, .strict = in->strict };
	inputs_add(files, path);
}

static bool has_pool(const struct inputs *files)
{
	return files->count != 1 || inputs_is_pool(files->file[0], &files->trust);
}

static bool load_report_side(struct diff_side *s, const char *path, const struct trust *trust)
{
	struct loaded l;
	bool ok;

	if (load_report(path, trust, &l) != ERR_NONE)
		return false;
	ok = load_host(&s->host, path, l.report);
	if (!option_host_take(&s->setup, l.report))
		out_of_memory();
	printable(s->name, sizeof(s->name), l.name);
	caveat_take(&s->caveat, s->name, l.report);
	s->hosts = 1;
	s->kinds = l.report->kinds;
	s->report = true;
	load_free(&l);
	return ok;
}

/* Loads the hosts of some files, and says what of them was left out. */
static bool load_hosts(struct pool *pool, struct inputs *files, struct inputs *in)
{
	pool_start(pool);
	const bool ok = gather_hosts(files, pool);
	in->left_outs += files->left_outs;
	return ok;
}

static bool set_host(struct diff_side *s, const struct pool_host *host, const char *path)
{
	printable(s->name, sizeof(s->name), host->name);
	s->hosts = 1;
	s->kinds = host->answers;
	if (pool_merge_host(host, &s->host.bounds))
		return true;
	trouble(path, err_text(ERR_MANY_LEAVES));
	return false;
}

static bool set_hosts(struct diff_side *s, const struct pool *pool, const char *path)
{
	if (pool->hosts == 1)
		return set_host(s, pool->host, path);
	printable(s->name, sizeof(s->name),
	          strcmp(path, "-") == 0 ? "standard input" : base_name(path));
	s->hosts = pool->hosts;
	s->kinds = pool->answers;
	if (pool_merge(pool, &s->host.bounds))
		return true;
	trouble(path, err_text(ERR_MANY_LEAVES));
	return false;
}

static bool load_hosts_side(struct diff_side *s, struct inputs *files, struct inputs *in,
                            const char *path)
{
	struct pool pool;
	const bool ok = load_hosts(&pool, files, in) && set_hosts(s, &pool, path);

	pool_free(&pool);
	return ok;
}

/* Sets both sides from a pool or a folder. */
static bool load_both(struct diff *d, struct inputs *files, struct inputs *in, const char *path)
{
	char message[160];
	struct pool pool;
	bool ok = load_hosts(&pool, files, in);

	if (ok && pool.hosts != 2) {
		snprintf(message, sizeof(message),
		         "has %zu host%s, and diff compares two: give another file to compare "
		         "with%s",
		         pool.hosts, pool.hosts == 1 ? "" : "s",
		         pool.hosts == 1 ? "" : ", or see drift and explain");
		trouble(path, message);
		ok = false;
	}
	ok = ok && set_host(&d->side[0], &pool.host[0], path) &&
	     set_host(&d->side[1], &pool.host[1], path);
	pool_free(&pool);
	return ok;
}

bool diff_load(struct diff *d, struct inputs *in, const char *const *path, size_t count)
{
	struct inputs files[2];
	bool ok = true, pools = false;

	for (size_t i = 0; i < count; i++) {
		expand(&files[i], in, path[i]);
		pools = pools || has_pool(&files[i]);
	}
	if (count == 1 && files[0].count == 2) {
		/* A folder of two reports: they say more than a pool of them. */
		for (size_t i = 0; ok && i < 2; i++)
			ok = load_report_side(&d->side[i], files[0].file[i], &in->trust);
		return ok;
	}
	if (count == 1)
		return load_both(d, &files[0], in, path[0]);
	for (size_t i = 0; ok && i < count; i++)
		ok = pools ? load_hosts_side(&d->side[i], &files[i], in, path[i])
		           : load_report_side(&d->side[i], files[i].file[0], &in->trust);
	return ok;
}
