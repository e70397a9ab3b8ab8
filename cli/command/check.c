/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "compare/drift.h"
#include "input/crypto.h"
#include "input/load.h"
#include "input/stick_files.h"
#include "report/certificate.h"
#include "report/config.h"

enum { OPTION_PUBLIC = 0x100 };

struct arguments {
	struct stick_files files;
	const char *public;
	struct trust stick; /* the key of the stick, once it is known */
};

static const struct where nowhere;

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;
	const struct stick_files *f = &a->files;

	switch (key) {
	case OPTION_PUBLIC:
		a->public = arg;
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->files;
		return 0;
	case ARGP_KEY_ARG:
		inputs_operands(state);
		arguments_wrong(state, "each file needs its option, such as --secret=%s", arg);
		return 0;
	case ARGP_KEY_END:
		if (!f->secret && !f->conf && !f->golden && !f->ca)
			arguments_wrong(state, "no file to check; give one, such as --conf=FILE");
		if (a->public && !f->secret)
			arguments_wrong(state, "--public needs --secret: the two are a pair");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option options[] = {
	{ "public", OPTION_PUBLIC, "FILE", 0, "The public key that must belong to --secret", 0 },
	{ 0 },
};

static const struct argp_child children[] = { { &stick_files_argp, 0, NULL, 0 }, { 0 } };

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.doc = "Checks the files that go on a stick, as the probe will read them. \"image\", "
	       "\"write\" and \"make image\" do so before they make an image. Exit status: 0 the "
	       "probe can use all of them; 2 it cannot.",
	.children = children,
};

/* Returns ERR_NONE if a secret key is whole and its two halves belong together. */
static enum err check_halves(const struct seal_secret *secret, const struct bytes *b)
{
	char buffer[SEAL_TEXT_MAX];
	uint8_t sum[SEAL_CHECKSUM];
	struct text t;

	text_start(&t, buffer, sizeof(buffer));
	const enum err err =
		seal_write(&t, secret, ed25519_sign, ed25519_verify, "", 0, "cpulevel check");
	if (err != ERR_NONE)
		return err;
	crypto_checksum(secret, sum);
	const bool same = seal_secret_sum(b->at, b->size, sum);
	crypto_wipe(sum, sizeof(sum));
	return same ? ERR_NONE : ERR_KEY_SUM;
}

/* Sets a->stick to the stick's public key. */
static bool check_secret(struct arguments *a)
{
	struct seal_secret secret;
	char number[17], name[PRINTABLE_MAX];
	struct bytes b;

	if (!file_read(a->files.secret, SEAL_TEXT_MAX, &b))
		return false;
	enum err err = seal_secret_read(&secret, b.at, b.size);
	if (err == ERR_NONE)
		err = check_halves(&secret, &b);
	crypto_wipe(b.at, b.size);
	free(b.at);
	if (err == ERR_NONE) {
		a->stick.key = allocate(sizeof(*a->stick.key));
		a->stick.count = 1;
		seal_public_of(a->stick.key, &secret);
		seal_number(secret.number, number);
		printf("%s: the secret key of stick %s\n",
		       printable(name, sizeof(name), a->files.secret), number);
	} else {
		trouble_at(a->files.secret, err, &nowhere);
	}
	crypto_wipe(&secret, sizeof(secret));
	return err == ERR_NONE;
}

static bool check_public(const struct arguments *a)
{
	char number[17], name[PRINTABLE_MAX], message[PRINTABLE_MAX + 96];
	struct seal_public public;
	struct bytes b;

	if (!file_read(a->public, SEAL_TEXT_MAX, &b))
		return false;
	const enum err err = seal_public_read(&public, b.at, b.size);
	free(b.at);
	if (err != ERR_NONE) {
		trouble_at(a->public, err, &nowhere);
		return false;
	}
	if (memcmp(public.number, a->stick.key->number, SEAL_NUMBER) == 0 &&
	    memcmp(public.key, a->stick.key->key, SEAL_PUBLIC) == 0)
		return true;
	seal_number(public.number, number);
	snprintf(message, sizeof(message),
	         "the public key of stick %s; it does not belong to the secret key %s", number,
	         printable(name, sizeof(name), a->files.secret));
	trouble(a->public, message);
	return false;
}

/* Names each bad line; config_read names the first only. */
static bool check_conf(const char *path)
{
	size_t before = 0;
	struct config config;
	struct where where;
	struct bytes b;
	bool ok = true;
	enum err err;

	if (!file_read(path, CONFIG_TEXT_MAX, &b))
		return false;
	const char *text = b.at, *const end = b.at + b.size;
	config_default(&config);
	while (config_read(&config, text, (size_t)(end - text), &err, &where)) {
		for (size_t line = 0; line < where.line && text < end; line++) {
			const char *stop = memchr(text, '\n', (size_t)(end - text));
			text = stop ? stop + 1 : end;
		}
		where.line += before;
		before = where.line;
		trouble_at(path, err, &where);
		ok = false;
	}
	free(b.at);
	if (ok) {
		char name[PRINTABLE_MAX];

		printf("%s: settings\n", printable(name, sizeof(name), path));
	}
	return ok;
}

static bool check_ca(const char *path)
{
	char der_bytes[CERTIFICATES_TEXT_MAX], name[PRINTABLE_MAX];
	size_t count = 0, at = 0;
	enum err err = ERR_NONE;
	struct text der;
	struct bytes b;

	if (!file_read(path, CERTIFICATES_TEXT_MAX, &b))
		return false;
	text_start(&der, der_bytes, sizeof(der_bytes));
	for (size_t before = 1; der.used != before; count++) {
		before = der.used;
		err = certificate_next(&der, &at, b.at, b.size);
		if (err != ERR_NONE)
			break;
	}
	free(b.at);
	if (err != ERR_NONE) {
		trouble_at(path, err, &nowhere);
		return false;
	}
	printf("%s: %zu certificate%s\n", printable(name, sizeof(name), path), count - 1,
	       count == 2 ? "" : "s");
	return true;
}

/* What the probe needs of a report to compare a host with it. */
static bool comparable(const char *path, const struct report *r)
{
	struct drift_host *host = allocate(sizeof(*host));
	const bool ok = load_host(host, path, r);

	free(host);
	return ok;
}

static bool check_golden(const struct arguments *a)
{
	struct seal_found found;
	struct loaded l = { .lent = false };
	struct bytes b, seal = { NULL, 0 };
	char name[PRINTABLE_MAX];
	bool ok = false;

	if (!file_read(a->files.golden, REPORT_TEXT_MAX, &b))
		return false;
	enum err err = sealed_seal(a->files.golden, &seal);
	if (err == ERR_NONE && a->stick.count == 0) {
		trouble_at(a->files.golden, ERR_NO_KEY, &nowhere);
	} else if (err == ERR_NO_SEAL ||
	           sealed_judge(a->files.golden, false, &a->stick, &b, err, &seal, &found)) {
		ok = load_parse(a->files.golden, &b, &a->stick, &l) == ERR_NONE;
		if (ok) {
			ok = comparable(a->files.golden, l.report);
			load_free(&l);
		}
	}
	free(seal.at);
	free(b.at);
	if (ok)
		printf("%s: the report that hosts must match, %s\n",
		       printable(name, sizeof(name), a->files.golden),
		       err == ERR_NONE ? "sealed by this stick" : "without a seal");
	return ok;
}

int command_check(int argc, char **argv)
{
	struct arguments a = { .public = NULL };
	const struct stick_files *f = &a.files;
	bool ok = true;

	arguments_parse(&argp, argc, argv, &a);
	if (f->secret)
		ok = check_secret(&a) && (!a.public || check_public(&a));
	ok = (!f->conf || check_conf(f->conf)) && ok;
	ok = (!f->ca || check_ca(f->ca)) && ok;
	ok = (!f->golden || (f->secret && !a.stick.count) || check_golden(&a)) && ok;
	free(a.stick.key);
	return output_write("", 0) && ok ? EXIT_YES : EXIT_TROUBLE;
}
