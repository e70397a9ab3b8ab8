/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <stdio.h>

#include "cli.h"
#include "input/crypto.h"
#include "input/inputs.h"
#include "input/new_files.h"

struct arguments {
	const char *secret, *public;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		inputs_operands(state);
		if (state->arg_num > 1)
			arguments_wrong(state,
			                "two files at a time: the secret and the public key");
		*(state->arg_num ? &a->public : &a->secret) = arg;
		return 0;
	case ARGP_KEY_END:
		if (!a->public)
			arguments_missing(state, a->secret ? "the public key" : "a file");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
	.parser = parse,
	.args_doc = "SECRET PUBLIC",
	.doc = "Makes the key pair of one stick. Copy SECRET to the stick as "
	       "\\cpulevel\\stick.key; keep PUBLIC and pass it with --key. Both are in minisign's "
	       "formats. The secret key has no password: whoever has the stick can sign as this "
	       "stick. Neither file may exist.",
};

/* Writes both, or neither: half a pair would make the next attempt fail. */
static bool write_pair(const struct arguments *a, const struct seal_secret *secret)
{
	char secret_text[SEAL_TEXT_MAX], public_text[SEAL_TEXT_MAX];
	uint8_t checksum[SEAL_CHECKSUM];
	struct seal_public public;
	struct text s, p;

	crypto_checksum(secret, checksum);
	text_start(&s, secret_text, sizeof(secret_text));
	seal_secret_write(&s, secret, checksum);
	seal_public_of(&public, secret);
	text_start(&p, public_text, sizeof(public_text));
	seal_public_write(&p, &public);
	const struct new_file pair[] = {
		{ a->secret, secret_text, s.used, 0600 },
		{ a->public, public_text, p.used, 0644 },
	};
	const bool ok = new_files_write(pair, 2, false);
	crypto_wipe(secret_text, sizeof(secret_text));
	return ok;
}

int command_keygen(int argc, char **argv)
{
	struct arguments a = { NULL, NULL };
	struct seal_secret secret;
	char number[17], secret_name[PRINTABLE_MAX], public_name[PRINTABLE_MAX];

	arguments_parse(&argp, argc, argv, &a);
	crypto_make_key(&secret);
	seal_number(secret.number, number);
	const bool ok = write_pair(&a, &secret);
	crypto_wipe(&secret, sizeof(secret));
	if (!ok)
		return EXIT_TROUBLE;
	printf("stick %s: secret key in %s, public key in %s\n", number,
	       printable(secret_name, sizeof(secret_name), a.secret),
	       printable(public_name, sizeof(public_name), a.public));
	return EXIT_YES;
}
