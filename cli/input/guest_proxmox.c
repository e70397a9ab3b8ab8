/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "input/guest_reader.h"

/*
 * What Proxmox VE makes of a VM's file and of cpu-models.conf.
 * Source: qemu-server of August 2026, PVE/QemuServer/CPUConfig.pm (get_cpu_options) and
 * PVE/QemuServer.pm.
 */

/* Models of its own: flags on top of qemu64. */
static const struct builtin {
	const char *name, *flags;
} builtins[] = {
	{ "x86-64-v2", "+popcnt;+pni;+sse4.1;+sse4.2;+ssse3" },
	{ "x86-64-v2-AES", "+aes;+popcnt;+pni;+sse4.1;+sse4.2;+ssse3" },
	{ "x86-64-v3", "+aes;+popcnt;+pni;+sse4.1;+sse4.2;+ssse3;+avx;+avx2;+bmi1;+bmi2;+f16c;"
	               "+fma;+abm;+movbe;+xsave" },
	{ "x86-64-v4", "+aes;+popcnt;+pni;+sse4.1;+sse4.2;+ssse3;+avx;+avx2;+bmi1;+bmi2;+f16c;"
	               "+fma;+abm;+movbe;+xsave;+avx512f;+avx512bw;+avx512cd;+avx512dq;+avx512vl" },
};

static const char custom[] = "custom-", stanza[] = "cpu-model:";

/* Properties of a processor that are no matter of CPUID. */
static const char *const others[] = { "hidden", "hv-vendor-id", "guest-phys-bits" };

/* A VM's file, as far as it tells of the processor. */
struct vm {
	char *cpu, *args; /* in the text; NULL: not there */
	struct where cpu_at, args_at;
	bool solaris;
};

/* Takes the next line, without blanks at its end.  Returns NULL after the last. */
static char *next_line(char **text, size_t *number)
{
	char *line = strsep(text, "\n");

	*number += line != NULL;
	for (size_t size = line ? strlen(line) : 0; size && strchr(" \t\r", line[size - 1]);)
		line[--size] = '\0';
	return line;
}

/* If a line is "KEY VALUE", with what is between them, ends the key and returns the value. */
static char *split(char *line, const char *between)
{
	char *value = line + strcspn(line, between);

	if (!*value)
		return value;
	*value++ = '\0';
	return value + strspn(value, " \t");
}

/* Takes "+NAME;-NAME".  nested-virt is VMX or SVM, which of them depends on the host. */
static bool take_flags(struct guest_reader *r, const char *flags)
{
	if (!guest_short(r, flags))
		return false;
	while (*flags) {
		const size_t size = strcspn(flags, ";");
		char word[64];
		enum kvm_said what = *flags == '+' ? KVM_SAID_ON : KVM_SAID_OFF;

		snprintf(word, sizeof(word), "%.*s", (int)size, flags);
		if (size >= sizeof(word) || (*flags != '+' && *flags != '-'))
			return guest_fail(r, word, "expected +FLAG or -FLAG");
		if (strcmp(word + 1, "nested-virt") == 0) {
			what = what == KVM_SAID_ON ? KVM_SAID_OPTIONAL : what;
			r->to->kvm.said[F_VMX] = r->to->kvm.said[F_SVM] = (uint8_t)what;
		} else if (!guest_take_flag(r, word + 1, what)) {
			return false;
		}
		flags += size + (flags[size] == ';');
	}
	return true;
}

static bool take_bits(struct guest_reader *r, const char *value)
{
	struct kvm_guest *g = &r->to->kvm;

	g->host_bits = strcmp(value, "host") == 0;
	return g->host_bits || (g->bits = guest_bits(r, value)) > 0;
}

/* Takes a property of a processor other than its type. */
static bool take_property(struct guest_reader *r, const char *key, const char *value)
{
	if (strcmp(key, "flags") == 0)
		return take_flags(r, value);
	if (strcmp(key, "phys-bits") == 0)
		return take_bits(r, value);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strcmp(key, others[i]) == 0)
			return true;
	return guest_fail(r, key, "unknown property of a processor");
}

/* Takes a model of QEMU, and what Proxmox VE itself adds to it. */
static bool take_model(struct guest_reader *r, const char *name, bool solaris)
{
	struct kvm_guest *g = &r->to->kvm;

	/* The first two are no longer in QEMU. */
	if (strcmp(name, "Icelake-Client") == 0)
		name = "Icelake-Server";
	else if (strcmp(name, "Icelake-Client-noTSX") == 0)
		name = "Icelake-Server-noTSX";
	if (!guest_take_model(r, name))
		return false;
	strcpy(g->vendor, cpu_vendor_string((enum cpu_vendor)cpu_models[g->base].vendor));
	if (strcmp(name, "kvm64") == 0 || strcmp(name, "kvm32") == 0)
		g->said[F_SEP] = KVM_SAID_ON;
	if (strcmp(name, "kvm64") == 0)
		g->said[F_LAHF_SAHF] = KVM_SAID_ON;
	if (strncmp(name, "Opteron", 7) == 0)
		g->said[F_RDTSCP] = KVM_SAID_OFF;
	if (solaris)
		g->said[F_X2APIC] = KVM_SAID_OFF;
	return true;
}

/* Takes the lines of a stanza of cpu-models.conf, up to the next.  Its model comes first. */
static bool take_stanza(struct guest_reader *r, const char *text, size_t number, bool solaris)
{
	for (unsigned pass = 0; pass < 2; pass++) {
		char *copy = allocate(strlen(text) + 1), *rest = strcpy(copy, text), *line;
		bool ok = true, found = false;

		r->where = (struct where){ .line = number, .column = 1 };
		while (ok && (line = next_line(&rest, &r->where.line)) && strchr(" \t#", *line)) {
			line += strspn(line, " \t");
			if (*line == '#')
				continue;
			const char *value = split(line, " \t");
			const bool model = strcmp(line, "reported-model") == 0;

			found = found || model;
			if (*line && pass == 0 && model)
				ok = take_model(r, value, solaris);
			else if (*line && pass == 1 && !model)
				ok = take_property(r, line, value);
		}
		if (ok && pass == 0 && !found)
			ok = take_model(r, "kvm64", solaris);
		free(copy);
		if (!ok)
			return false;
	}
	return true;
}

/* Returns the name of the model whose stanza a line begins, or NULL. */
static char *stanza_name(char *line)
{
	if (strncmp(line, stanza, sizeof(stanza) - 1) != 0)
		return NULL;
	line += sizeof(stanza) - 1;
	line += strspn(line, " \t");
	line[strcspn(line, " \t")] = '\0';
	return line;
}

/* Finds the stanza of a model in cpu-models.conf.  NULL: there is none. */
static char *find_stanza(char *text, const char *name, size_t *number)
{
	char *line;

	*number = 0;
	while ((line = next_line(&text, number))) {
		char *own = stanza_name(line);

		if (own && strcmp(own, name) == 0)
			return text ? text : own + strlen(own);
	}
	return NULL;
}

/* Returns the path of cpu-models.conf beside a VM's file. */
static char *models_beside(const char *path)
{
	static const char name[] = "cpu-models.conf";
	const size_t folder = (size_t)(base_name(path) - path);
	char *beside = allocate(folder + sizeof(name));

	memcpy(beside, path, folder);
	memcpy(beside + folder, name, sizeof(name));
	return beside;
}

/* Takes a model of a cpu-models.conf. */
static bool take_named(struct guest_reader *r, const struct bytes *models, const char *name,
                       bool solaris)
{
	char *text = allocate(models->size + 1);
	size_t number;

	memcpy(text, models->at, models->size);
	const char *at = find_stanza(text, name, &number);
	const bool ok = at && take_stanza(r, at, number, solaris);
	if (!at) {
		r->where.line = 0;
		guest_fail(r, name, "no model of this name there");
	}
	free(text);
	return ok;
}

static bool take_custom(struct guest_reader *r, const char *name, bool solaris)
{
	char *beside = models_beside(r->path);
	struct guest_reader of = *r;
	struct bytes b;
	bool missing = strcmp(r->path, "-") == 0, ok = false;

	of.path = r->models ? r->models : beside;
	if (r->models)
		ok = file_read(of.path, GUEST_MAX, &b);
	else if (!missing)
		ok = file_read_optional(of.path, GUEST_MAX, &b, &missing);
	if (ok) {
		ok = take_named(&of, &b, name, solaris);
		free(b.at);
	} else if (!r->models && missing) {
		guest_fail(r, name, "a custom model; give its file with --cpu-models");
	}
	free(beside);
	return ok;
}

static bool take_type(struct guest_reader *r, const char *type, bool solaris)
{
	for (size_t i = 0; i < sizeof(builtins) / sizeof(builtins[0]); i++)
		if (strcmp(type, builtins[i].name) == 0) {
			if (!take_model(r, "qemu64", solaris) || !take_flags(r, builtins[i].flags))
				return false;
			snprintf(r->to->kvm.name, sizeof(r->to->kvm.name), "%s", type);
			return true;
		}
	if (strncmp(type, custom, sizeof(custom) - 1) != 0)
		return take_model(r, type, solaris);
	return take_custom(r, type + sizeof(custom) - 1, solaris);
}

/* Takes "TYPE,flags=+aes;-pcid,phys-bits=40": the type can be said as cputype=TYPE. */
static bool take_cpu(struct guest_reader *r, const struct vm *vm)
{
	static const char key[] = "cputype=";
	const char *const text = vm->cpu ? vm->cpu : "kvm64";

	r->where = vm->cpu_at;
	for (unsigned pass = 0; pass < 2; pass++) {
		char *copy = allocate(strlen(text) + 1), *rest = strcpy(copy, text), *word;
		bool ok = true, found = pass == 1;

		while (ok && (word = strsep(&rest, ","))) {
			const bool named = strncmp(word, key, sizeof(key) - 1) == 0;
			const bool type = named || !strchr(word, '=');

			if (pass == 0 && type)
				ok = take_type(r, named ? word + sizeof(key) - 1 : word,
				               vm->solaris);
			else if (pass == 1 && !type) {
				const char *value = split(word, "=");
				ok = take_property(r, word, value);
			}
			found = found || type;
		}
		free(copy);
		if (ok && !found)
			ok = guest_fail(r, text, "names no model");
		if (!ok)
			return false;
	}
	return true;
}

/* Takes a line of a VM's file. */
static bool take_line(struct guest_reader *r, struct vm *vm, char *line)
{
	char *value = split(line, ":");

	r->where.column = (size_t)(value - line) + 1;
	if (strcmp(line, "cpu") == 0) {
		vm->cpu = value;
		vm->cpu_at = r->where;
	} else if (strcmp(line, "args") == 0) {
		vm->args = value;
		vm->args_at = r->where;
	} else if (strcmp(line, "ostype") == 0) {
		vm->solaris = strcmp(value, "solaris") == 0;
	} else if (strcmp(line, "kvm") == 0 && strcmp(value, "0") == 0) {
		return guest_fail(r, line, "the VM does not use KVM");
	} else if (strcmp(line, "arch") == 0 && strcmp(value, "x86_64") != 0) {
		return guest_fail(r, value, "not for x86");
	}
	return true;
}

/* True if a text is a cpu-models.conf: it begins with a model. */
static bool is_models(const char *text)
{
	while (*text == '#' || *text == '\n' || *text == '\r') {
		text += strcspn(text, "\n");
		text += *text == '\n';
	}
	return strncmp(text, stanza, sizeof(stanza) - 1) == 0;
}

/* The name of the one model of a cpu-models.conf, or NULL after a message.  From malloc. */
static char *only_model(struct guest_reader *r, char *text)
{
	char *line, *name = NULL;

	while ((line = next_line(&text, &r->where.line))) {
		const char *own = stanza_name(line);

		if (own && name) {
			guest_fail(r, "",
			           "has several models; check a VM's file with --cpu-models");
			free(name);
			return NULL;
		}
		if (own)
			name = strcpy(allocate(strlen(own) + 1), own);
	}
	return name;
}

static bool read_vm(struct guest_reader *r, char *text)
{
	struct vm vm = { .cpu = NULL };
	bool found = false;
	char *line;

	/* Snapshots and pending changes follow. */
	while ((line = next_line(&text, &r->where.line)) && *line != '[')
		if (*line && *line != '#' && !take_line(r, &vm, line))
			return false;
	if (!take_cpu(r, &vm))
		return false;
	if (!vm.args || !strstr(vm.args, "-cpu"))
		return true;
	/* QEMU takes the last -cpu, and Proxmox VE puts the arguments at the end. */
	const struct kvm_guest own = r->to->kvm;
	r->where = vm.args_at;
	kvm_guest_start(&r->to->kvm, KVM_QEMU);
	const bool ok = guest_take_arguments(r, vm.args, strlen(vm.args), &found);
	if (!found)
		r->to->kvm = own;
	return ok;
}

bool guest_read_proxmox(struct guest_reader *r, const struct bytes *b)
{
	char *text = allocate(b->size + 1);
	bool ok;

	memcpy(text, b->at, b->size);
	kvm_guest_start(&r->to->kvm, KVM_PROXMOX);
	r->where = (struct where){ .line = 0, .column = 1 };
	if (strlen(text) < b->size) {
		ok = guest_fail(r, "", "has a NUL: no text");
	} else if (is_models(text)) {
		char *name = only_model(r, text);

		ok = name && take_named(r, b, name, false);
		free(name);
	} else {
		ok = read_vm(r, text);
	}
	free(text);
	return ok;
}
