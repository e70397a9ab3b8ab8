/* SPDX-License-Identifier: MIT */
#include "mask.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "load.h"

struct arguments {
	const char *dialect, *host, *pool;
	unsigned hw;
};

/*
 * A dialect writes the mask that hides from a guest what it may see but the pool does not promise.
 */
static const struct dialect {
	const char *name;
	void (*write)(struct text *t, const struct cpuid_set *seen, const struct cpuid_set *promise,
	              unsigned hw);
} dialects[] = {
	{ "vmx", mask_vmx_write },
};

static const struct dialect *find_dialect(const char *name)
{
	for (size_t i = 0; i < sizeof(dialects) / sizeof(dialects[0]); i++)
		if (strcmp(dialects[i].name, name) == 0)
			return &dialects[i];
	return NULL;
}

static void set_hw(struct arguments *a, const char *arg, struct argp_state *state)
{
	char *end;
	const unsigned long hw = strtoul(arg, &end, 10);

	if (*end || end == arg || *arg == '-' || hw < MASK_HW_MIN || hw > MASK_HW_MAX)
		argp_error(state, "--hw-version is a number from %d to %d", MASK_HW_MIN,
		           MASK_HW_MAX);
	a->hw = (unsigned)hw;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case 'f':
		if (!find_dialect(arg))
			argp_error(state, "no dialect of this name; there is: vmx");
		a->dialect = arg;
		return 0;
	case 'w':
		set_hw(a, arg, state);
		return 0;
	case 'H':
		a->host = arg;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num)
			argp_usage(state);
		a->pool = arg;
		return 0;
	case ARGP_KEY_END:
		if (!a->pool || !a->dialect)
			argp_usage(state);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option options[] = {
	{ "for", 'f', "DIALECT", 0, "vmx: register masks for a VMware .vmx file", 0 },
	{ "hw-version", 'w', "N", 0,
	  "The machine's virtual hardware version, 4 to 22: later ones show guests more. Default "
	  "22, which hides the most",
	  0 },
	{ "host", 'H', "NAME", 0,
	  "Only for machines that start on this host: hide what it has and the pool does not", 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "--for=DIALECT POOL",
	.doc = "Prints the mask that hides from a guest whatever not all hosts of the pool have, "
	       "so that it can move among all of them while it runs. Minimal form: nothing is "
	       "said of bits in which the hosts do not differ. Masks have not been tried on a "
	       "real ESXi.",
};

/* What a guest may see: the features of any host, or of the one that it starts on. */
static bool find_seen(const struct pool *pool, const struct arguments *a, struct merge *m,
                      struct cpuid_set *seen)
{
	struct merge *own;
	size_t count;

	if (!a->host) {
		*seen = m->high;
		return true;
	}
	const struct pool_host *host = pool_find(pool, a->host, &count);
	if (count != 1) {
		trouble(a->host, count ? "several hosts of the pool have this name"
		                       : "the pool has no host of this name");
		return false;
	}
	own = allocate(sizeof(*own));
	const bool ok = pool_merge_host(pool, host, own);
	if (ok)
		merge_promise(own, seen);
	free(own);
	return ok;
}

static bool write_mask(const struct dialect *dialect, const struct cpuid_set *seen,
                       const struct cpuid_set *promise, unsigned hw)
{
	static char buffer[65536];
	struct text t;

	text_start(&t, buffer, sizeof(buffer));
	dialect->write(&t, seen, promise, hw);
	if (t.full) {
		trouble("mask", err_text(ERR_FULL));
		return false;
	}
	if (t.used == 0)
		fprintf(stderr,
		        "nothing to hide: the hosts do not differ in anything that such a machine "
		        "sees\n");
	return output_write(buffer, t.used);
}

int command_mask(int argc, char **argv)
{
	struct arguments a = { .hw = MASK_HW_MAX };
	static struct cpuid_set seen, promise;
	int result = EXIT_TROUBLE;

	argp_parse(&argp, argc, argv, 0, NULL, &a);
	struct pool *pool = load_pool(a.pool);
	struct merge *m = allocate(sizeof(*m));
	if (pool && !pool_merge(pool, m)) {
		trouble(a.pool, err_text(ERR_MANY_LEAVES));
	} else if (pool && find_seen(pool, &a, m, &seen)) {
		merge_promise(m, &promise);
		if (write_mask(find_dialect(a.dialect), &seen, &promise, a.hw))
			result = EXIT_YES;
	}
	free(m);
	free(pool);
	return result;
}
