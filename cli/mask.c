/* SPDX-License-Identifier: MIT */
#include "mask.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "load.h"

struct arguments {
	const char *host, *pool;
	const struct dialect *dialect;
	struct mask mask;
};

static const struct dialect {
	const char *name;
	mask_write *write;
	const char *about;
} dialects[] = {
	{ "vmx", mask_vmx_write, "register masks for a VMware .vmx file" },
	{ "vmx-featmask", mask_featmask_write, "the same by VMware's names of features" },
	{ "libvirt", mask_libvirt_write, "a <cpu> element for a domain" },
	{ "qemu", mask_qemu_write, "a -cpu option" },
	{ "proxmox", mask_proxmox_write, "a stanza for Proxmox VE's cpu-models.conf" },
	{ "xen", mask_xen_write, "a line of xl.cfg, by names of features" },
	{ "xen-xend", mask_xend_write, "the same by registers" },
	{ "firecracker", mask_firecracker_write, "a custom CPU template" },
	{ "virtualbox", mask_virtualbox_write, "VBoxManage commands" },
};

static const struct dialect *find_dialect(const char *name)
{
	for (size_t i = 0; i < sizeof(dialects) / sizeof(dialects[0]); i++)
		if (strcmp(dialects[i].name, name) == 0)
			return &dialects[i];
	return NULL;
}

static void unknown_dialect(const struct argp_state *state)
{
	char names[256] = "";

	for (size_t i = 0; i < sizeof(dialects) / sizeof(dialects[0]); i++) {
		strcat(names, i ? ", " : "");
		strcat(names, dialects[i].name);
	}
	argp_error(state, "no dialect of this name; there are: %s", names);
}

/* Goes into configurations as it is, so it is to mean nothing else there. */
static const char *check_name(const char *arg, const char *option, const struct argp_state *state)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789._-";

	if (!*arg || *arg == '-' || arg[strspn(arg, allowed)])
		argp_error(state, "%s is made of letters, digits, '.', '_' and '-'", option);
	return arg;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case 'f':
		a->dialect = find_dialect(arg);
		if (!a->dialect)
			unknown_dialect(state);
		return 0;
	case 'b':
		a->mask.baseline = true;
		return 0;
	case 'g':
		a->mask.grouped = true;
		return 0;
	case 'w':
		a->mask.hw = inputs_number(arg, MASK_HW_MIN, MASK_HW_MAX, "--hw-version", state);
		return 0;
	case 'H':
		a->host = arg;
		return 0;
	case 'B':
		a->mask.base = check_name(arg, "--base", state);
		return 0;
	case 'n':
		a->mask.name = check_name(arg, "--name", state);
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
	{ "for", 'f', "DIALECT", 0, "What to write, see below", 0 },
	{ "hw-version", 'w', "N", 0,
	  "vmx, vmx-featmask: the machine's virtual hardware version, 4 to 22: later ones show "
	  "guests more. Default 22, which hides the most",
	  0 },
	{ "host", 'H', "NAME", 0,
	  "Only for machines that start on this host: hide what it has and the pool does not", 0 },
	{ "baseline", 'b', NULL, 0,
	  "Hide all that the pool does not promise, not only that in which its hosts differ: for "
	  "hosts that may come later",
	  0 },
	{ "base", 'B', "MODEL", 0,
	  "libvirt, qemu, proxmox: the model to start from, by its name there. Default qemu64", 0 },
	{ "name", 'n', "NAME", 0, "proxmox: what to call the model. Default cpulevel", 0 },
	{ "grouped", 'g', NULL, 0, "vmx: groups of four with colons between, as VMware writes", 0 },
	{ 0 },
};

/* Puts the dialects behind the options. */
static char *list_dialects(int key, const char *text, void *input)
{
	char *list = NULL;
	size_t size;

	(void)input;
	if (key != ARGP_KEY_HELP_POST_DOC)
		return (char *)text;
	FILE *f = open_memstream(&list, &size);
	if (!f)
		return (char *)text;
	fprintf(f, "%s\n", text);
	for (size_t i = 0; i < sizeof(dialects) / sizeof(dialects[0]); i++)
		fprintf(f, "  %-14s%s\n", dialects[i].name, dialects[i].about);
	fclose(f);
	return list;
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "--for=DIALECT POOL",
	.doc = "Prints the mask that hides from a guest whatever not all hosts of the pool have, "
	       "so that it can move among all of them while it runs. Minimal form: nothing is "
	       "said of bits in which the hosts do not differ. Masks have not been tried on a "
	       "real ESXi.\vDialects:",
	.help_filter = list_dialects,
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

static bool print_mask(const struct dialect *dialect, const struct mask *mask)
{
	static char buffer[65536];
	struct text t;

	text_start(&t, buffer, sizeof(buffer));
	dialect->write(&t, mask);
	if (t.full) {
		trouble("mask", err_text(ERR_FULL));
		return false;
	}
	if (t.used == 0)
		fprintf(stderr, "nothing to hide: the hosts do not differ in anything that such a "
		                "machine sees\n");
	return output_write(buffer, t.used);
}

int command_mask(int argc, char **argv)
{
	static struct cpuid_set seen, promise;
	struct arguments a = { .mask = { &seen, &promise, .hw = MASK_HW_MAX } };
	int result = EXIT_TROUBLE;

	argp_parse(&argp, argc, argv, 0, NULL, &a);
	struct pool *pool = load_pool(a.pool);
	struct merge *m = allocate(sizeof(*m));
	if (pool && !pool_merge(pool, m)) {
		trouble(a.pool, err_text(ERR_MANY_LEAVES));
	} else if (pool && find_seen(pool, &a, m, &seen)) {
		merge_promise(m, &promise);
		a.mask.every = &m->low;
		if (print_mask(a.dialect, &a.mask))
			result = EXIT_YES;
	}
	free(m);
	free(pool);
	return result;
}
