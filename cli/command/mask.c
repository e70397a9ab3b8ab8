/* SPDX-License-Identifier: MIT */
#include "mask/mask.h"

#include <argp.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/near.h"
#include "cli.h"
#include "command/mask_check.h"
#include "command/mask_make.h"
#include "input/capabilities.h"
#include "input/gather.h"
#include "input/load.h"
#include "mask/mask_named.h"
#include "output/vendors.h"
#include "input/version.h"
#include "table/xen.h"

/* Options without a letter: -f is --force. */
enum { OPTION_FOR = 0x101, OPTION_XEN, OPTION_PUBLISHED };

struct arguments {
	struct inputs in;
	const char *host;
	struct mask_job job;
	struct mask_check check;
};

static _Noreturn void unknown_dialect(const struct argp_state *state, const char *name)
{
	char names[512] = "";

	for (size_t i = 0; i < mask_dialect_count; i++) {
		strcat(names, i ? ", " : "");
		strcat(names, mask_dialects[i].name);
	}
	arguments_unknown(state, "--for", "dialect", name, names);
}

/* The name goes unquoted into configuration files, so it must not have special characters. */
static const char *check_name(const char *arg, const char *option, const struct argp_state *state)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789._-";

	if (!*arg || *arg == '-' || arg[strspn(arg, allowed)])
		arguments_wrong(
			state,
			"%s: only letters, digits, '.', '_' and '-' are allowed, and no '-' first",
			option);
	return arg;
}

/* The same with --check: nothing is written that could be in a dialect. */
static void check_checking(const struct arguments *a, const struct argp_state *state)
{
	if (a->in.count == 0)
		arguments_missing(state, "a REPORT or a POOL");
	if (a->job.dialect || a->job.evc.mode || a->host || a->job.mask.hide_all ||
	    a->job.mask.base || a->job.mask.name || a->job.mask.grouped || a->job.kvm.nested)
		arguments_wrong(state, "--check is not for use with options of a mask");
}

/* Ends the program if arguments are missing or do not fit together. */
static void check(const struct arguments *a, const struct argp_state *state)
{
	if (a->check.file) {
		check_checking(a, state);
		return;
	}
	if (a->check.models)
		arguments_wrong(state, "--cpu-models needs --check");
	if (!a->job.dialect)
		arguments_missing(state, "--for");
	if (a->in.count == 0 && !a->job.evc.mode)
		arguments_missing(state, "a REPORT or a POOL");
	if (a->job.evc.mode && a->job.dialect->write != mask_vmx_write)
		arguments_wrong(state,
		                "--evc needs --for=vmx: EVC modes exist as register masks only");
	if (a->job.dialect->write == mask_featmask_write && a->job.mask.hw < MASK_NAMED_HW)
		arguments_wrong(state,
		                "--for=vmx-featmask is for hardware version %u and later: "
		                "for earlier VMs use --for=vmx",
		                MASK_NAMED_HW);
	if (!a->job.evc.mode && (a->job.evc.count || a->job.evc.import || a->job.evc.published))
		arguments_wrong(state, "--with, --import and --as-published need --evc");
	const struct mask_consumer *consumer = a->job.dialect->consumer;
	const char *unused = mask_kvm_unused(&a->job.kvm, consumer ? &consumer->reader : NULL);
	if (unused)
		arguments_wrong(state, "%s is not for --for=%s", unused, a->job.dialect->name);
	if (!a->in.count && (a->host || a->job.mask.hide_all))
		arguments_wrong(state, "--host and --baseline need a REPORT or a POOL");
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case 'e':
		a->job.evc.mode = arg;
		return 0;
	case 'i':
		a->job.evc.import = arg;
		return 0;
	case 'x':
		if (!mask_evc_without(&a->job.evc, arg))
			exit(EXIT_TROUBLE);
		return 0;
	case OPTION_PUBLISHED:
		a->job.evc.published = true;
		return 0;
	case OPTION_FOR:
		a->job.dialect = mask_dialect_find(arg);
		if (!a->job.dialect)
			unknown_dialect(state, arg);
		return 0;
	case 'b':
		a->job.mask.hide_all = true;
		return 0;
	case 'g':
		a->job.mask.grouped = true;
		return 0;
	case 'w':
		a->job.mask.hw = inputs_hw(arg, state);
		return 0;
	case OPTION_XEN:
		a->job.mask.xen = version_read(arg, "--xen-version", XEN_OLDEST, state);
		return 0;
	case 'H':
		a->host = arg;
		return 0;
	case 'B':
		a->job.mask.base = check_name(arg, "--base", state);
		return 0;
	case 'n':
		a->job.mask.name = check_name(arg, "--name", state);
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->in;
		state->child_inputs[1] = &a->job.kvm;
		state->child_inputs[2] = &a->check;
		return 0;
	case ARGP_KEY_END:
		check(a, state);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option options[] = {
	{ "for", OPTION_FOR, "DIALECT", 0, "The form of the mask, see below", 0 },
	{ "hw-version", 'w', "N", 0,
	  "vmx, vmx-featmask: the VM's virtual hardware version, 4 or 6 to 22. Later versions "
	  "show guests more. Default 22, which hides the most",
	  0 },
	{ "host", 'H', "NAME", 0,
	  "Hide only what this host has and another lacks: for VMs that start on it. NAME is a "
	  "host's name or its serial number",
	  0 },
	{ "baseline", 'b', NULL, 0,
	  "Hide every feature that is not in the baseline, even if no host has it: for hosts "
	  "that may join later",
	  0 },
	{ "base", 'B', "MODEL", 0,
	  "libvirt, qemu and those made of them: the model to start from. Default: the one that "
	  "leaves the least to say",
	  0 },
	{ "name", 'n', "NAME", 0, "proxmox: the name of the model. Default cpulevel", 0 },
	{ "xen-version", OPTION_XEN, "N", 0,
	  "xen: the version of Xen, such as 4.17. Default 4.20, that of Debian 13", 0 },
	{ "grouped", 'g', NULL, 0,
	  "vmx, vmx-featmask: put colons between groups of four, as VMware writes them", 0 },
	{ "evc", 'e', "MODE", 0,
	  "vmx: hide what this EVC mode does not show; with a REPORT or POOL, also what those "
	  "hosts lack",
	  0 },
	{ "as-published", OPTION_PUBLISHED, NULL, 0,
	  "With --evc: only the mode's registers as vCenter lists them, zero for zero. This hides "
	  "what VMware itself gives to guests, and leaves features in other registers",
	  0 },
	{ "with", 'x', "NAME=0", 0,
	  "With --evc: also hide this feature, and what needs it. Can be repeated", 0 },
	{ "import", 'i', "FILE", 0,
	  "With --evc: take the modes from this file, see cpulevel evc --help", 0 },
	{ 0 },
};

/* Adds the dialects after the options. */
static char *list_dialects(int key, const char *text, void *input)
{
	char *list = NULL;
	size_t size;

	(void)input;
	if (key != ARGP_KEY_HELP_POST_DOC)
		return (char *)text;
	FILE *f = stream_open(&list, &size);

	fprintf(f, "%s\n", text);
	for (size_t i = 0; i < mask_dialect_count; i++)
		fprintf(f, "  %-18s%s\n", mask_dialects[i].name, mask_dialects[i].about);
	stream_close(f);
	return list;
}

/* The options of every command that reads a pool, and those for KVM. */
static const struct argp_child children[] = {
	{ &inputs_pool_argp, 0, NULL, 0 },
	{ &mask_kvm_argp, 0, NULL, 0 },
	{ &mask_check_argp, 0, NULL, 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "--for=DIALECT REPORT|POOL...\n--for=vmx --evc=MODE [REPORT|POOL...]\n"
		    "--check=FILE REPORT|POOL...",
	.doc = "Prints the mask that hides from a guest every feature that not all hosts have, so "
	       "that it can migrate among all of them while it runs. Several files are merged "
	       "first. Features that no host has are not hidden, except with --baseline. Masks "
	       "have not been tried on a real ESXi.\v"
	       "Dialects:",
	.help_filter = list_dialects,
	.children = children,
};

static void say_no_host(const struct pool *pool, const char *name, size_t count)
{
	char line[1024];
	struct near near;
	struct text t;

	if (count) {
		trouble(name, "several hosts of the pool have this name or serial number");
		return;
	}
	near_start(&near, name);
	for (size_t i = 0; i < pool->hosts; i++)
		near_add(&near, pool->host[i].name, strlen(pool->host[i].name));
	text_start(&t, line, sizeof(line));
	text_put(&t, "the pool has no host of this name or serial number");
	near_put(&t, &near, "");
	trouble(name, text_string(&t));
}

/* Sets *seen to what a guest may see: the features of any host, or of the one it starts on. */
static bool find_seen(const struct pool *pool, struct arguments *a, struct merge *m,
                      struct cpuid_set *seen)
{
	size_t count;

	if (!a->host) {
		*seen = m->high;
		return true;
	}
	const struct pool_host *host = pool_find(pool, a->host, &count);
	if (count != 1) {
		say_no_host(pool, a->host, count);
		return false;
	}
	a->job.kvm.start = host;
	/* What any of its processors has: a VM can run on all of them. */
	struct merge *own = allocate(sizeof(*own));
	const bool ok = pool_merge_host(host, own);
	if (ok)
		*seen = own->high;
	free(own);
	return ok;
}

/* Merges the hosts of all files and sets the sets of a->job.mask. */
static bool load_merged_hosts(struct arguments *a, struct pool *pool, struct cpuid_set *seen,
                              struct cpuid_set *baseline, struct merge *m)
{
	bool ok = gather_hosts(&a->in, pool);

	if (ok && !pool_merge(pool, m)) {
		trouble(a->in.file[0], err_text(ERR_MANY_LEAVES));
		ok = false;
	}
	ok = ok && find_seen(pool, a, m, seen);
	if (ok) {
		vendors_warn(m);
		merge_baseline(m, baseline);
		mask_job_hosts(&a->job, m, seen, baseline);
	}
	return ok;
}

static bool print_mask(struct arguments *a, const struct pool *pool)
{
	static char buffer[MASK_TEXT_MAX];
	struct text t;

	text_start(&t, buffer, sizeof(buffer));
	return mask_make(&t, &a->job, pool) && output_write(buffer, t.used);
}

int command_mask(int argc, char **argv)
{
	struct arguments *a = allocate(sizeof(*a));
	static struct cpuid_set seen, baseline;
	struct pool *pool = allocate(sizeof(*pool));
	struct merge *m = allocate(sizeof(*m));

	a->in.max = INT_MAX;
	mask_job_start(&a->job);
	arguments_parse(&argp, argc, argv, a);
	int result = EXIT_TROUBLE;
	if (a->check.file)
		result = mask_check(&a->check, &a->in, &a->job.kvm);
	else if ((!a->in.count || load_merged_hosts(a, pool, &seen, &baseline, m)) &&
	         print_mask(a, pool))
		result = inputs_exit(&a->in, EXIT_YES);
	load_pool_free(pool);
	capabilities_free(&a->job.kvm.offer);
	free(m);
	free(a);
	return result;
}
