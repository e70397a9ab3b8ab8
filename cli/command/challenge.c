/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli.h"
#include "input/credential.h"
#include "input/load.h"
#include "input/new_files.h"
#include "input/libcrypto.h"
#include "output/left_out.h"

/*
 * What is made for one TPM, in the folder: KEY.bin goes to the stick, KEY.secret, which stays, has
 * the secret and after it the certificate that the challenge was made for.
 */
#define SECRET_MAX (CREDENTIAL_SECRET + TPM_CERTIFICATE_MAX)

struct arguments {
	struct inputs in;
	const char *folder;
	X509_STORE *makers;
	bool opened;
};

enum { OPTION_OPENED = 0x401, OPTION_MAKERS };

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case 'o':
		a->folder = arg;
		return 0;
	case OPTION_OPENED:
		a->opened = true;
		return 0;
	case OPTION_MAKERS:
		if (!libcrypto_load())
			exit(EXIT_TROUBLE);
		libcrypto.X509_STORE_free(a->makers);
		a->makers = credential_makers(arg);
		if (!a->makers)
			exit(EXIT_TROUBLE);
		return 0;
	case ARGP_KEY_INIT:
		a->in.min = 1;
		a->in.max = INT_MAX;
		a->in.trust.checking = true;
		state->child_inputs[0] = &a->in;
		return 0;
	case ARGP_KEY_END:
		if (!a->folder)
			arguments_wrong(state,
			                "--output FOLDER is needed: challenges and their secrets "
			                "are kept there");
		if (a->opened != (a->makers != NULL))
			arguments_wrong(state, "--opened and --makers FILE belong together");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option options[] = {
	{ "output", 'o', "FOLDER", 0, "Where challenges and their secrets are; it must exist", 0 },
	{ "opened", OPTION_OPENED, NULL, 0,
	  "Check the reports of the next visit: has the TPM opened the challenge in FOLDER?", 0 },
	{ "makers", OPTION_MAKERS, "FILE", 0,
	  "with --opened: the certificates of the makers that you trust, in PEM", 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "REPORT...",
	.doc = "Finds out if the TPM that signed a report is one that its maker certified, and not "
	       "a program that plays a TPM. Writes a challenge for each report: copy KEY.bin to "
	       "the stick as \\cpulevel\\challenge\\KEY.bin, keep KEY.secret, and boot the machine "
	       "once more. Then --opened says if that TPM has opened the challenge, which no "
	       "other can. Exit status: 0 yes, 1 no, 2 a report has no TPM's signature or no "
	       "certificate.",
	.children = inputs_children,
};

/* Sets *path to FOLDER/KEY and an ending, from malloc. */
static char *path_of(const struct arguments *a, const struct tpm_checked *c, const char *ending)
{
	const size_t size = strlen(a->folder) + TPM_KEY_NAME + strlen(ending) + 2;
	char *path = allocate(size);

	snprintf(path, size, "%s/%s%s", a->folder, c->name, ending);
	return path;
}

static int make(const struct arguments *a, const struct tpm_checked *c, const char *report)
{
	uint8_t challenge[TPM_CHALLENGE_MAX], secret[SECRET_MAX], *der = secret + CREDENTIAL_SECRET;
	X509 *certificate = credential_certificate(c->a);
	char names[600], shown[PRINTABLE_MAX];
	size_t size = 0;

	const int length = certificate ? libcrypto.i2d_X509(certificate, NULL) : 0;
	if (length > 0 && length <= TPM_CERTIFICATE_MAX &&
	    libcrypto.RAND_bytes(secret, CREDENTIAL_SECRET) == 1)
		size = credential_make(certificate, c->key, secret, challenge);
	if (size == 0) {
		trouble(report, "its TPM has no certificate of an RSA 2048 key, so nothing can be "
		                "asked of it");
		libcrypto.X509_free(certificate);
		return EXIT_TROUBLE;
	}
	libcrypto.i2d_X509(certificate, &der);
	credential_names(certificate, names, sizeof(names));
	libcrypto.X509_free(certificate);
	char *to_stick = path_of(a, c, ".bin"), *kept = path_of(a, c, ".secret");
	const struct new_file files[] = {
		{ kept, (char *)secret, CREDENTIAL_SECRET + (size_t)length, 0600 },
		{ to_stick, (char *)challenge, size, 0666 },
	};
	const bool ok = new_files_write(files, 2, false);
	if (ok)
		printf("%s: for TPM %s (%s): copy to the stick as "
		       "\\cpulevel\\challenge\\%s.bin\n",
		       printable(shown, sizeof(shown), to_stick), c->name, names, c->name);
	free(to_stick);
	free(kept);
	return ok ? EXIT_YES : EXIT_TROUBLE;
}

static int check(const struct arguments *a, const struct tpm_checked *c, const char *report)
{
	char names[600], shown[4096];
	struct bytes kept;

	char *path = path_of(a, c, ".secret");
	const bool read = file_read(path, SECRET_MAX, &kept);
	free(path);
	if (!read)
		return EXIT_TROUBLE;
	const uint8_t *der = (const uint8_t *)kept.at + CREDENTIAL_SECRET;
	X509 *certificate =
		kept.size > CREDENTIAL_SECRET
			? libcrypto.d2i_X509(NULL, &der, (long)(kept.size - CREDENTIAL_SECRET))
			: NULL;
	const bool opened = c->a->secret_size == CREDENTIAL_SECRET &&
	                    memcmp(c->a->secret, kept.at, CREDENTIAL_SECRET) == 0;
	int result = EXIT_NO;

	printable(shown, sizeof(shown), report);
	if (certificate)
		credential_names(certificate, names, sizeof(names));
	if (!certificate) {
		trouble(report, "the secret that was kept for its TPM has no certificate");
		result = EXIT_TROUBLE;
	} else if (c->a->secret_size == 0) {
		printf("%s: TPM %s was not asked, or did not open the challenge\n", shown, c->name);
	} else if (!opened) {
		printf("%s: TPM %s opened another challenge than the one here\n", shown, c->name);
	} else if (!credential_by(certificate, a->makers)) {
		printf("%s: TPM %s opened the challenge, but none of your makers signed its %s\n",
		       shown, c->name, names);
	} else {
		printf("%s: TPM %s is the one of the %s\n", shown, c->name, names);
		result = EXIT_YES;
	}
	libcrypto.X509_free(certificate);
	free(kept.at);
	return result;
}

static int challenge(const struct arguments *a, const char *path)
{
	struct tpm_checked c;
	struct loaded l;
	int result = EXIT_TROUBLE;

	if (load_report(path, &a->in.trust, &l) != ERR_NONE)
		return EXIT_TROUBLE;
	tpm_check(&c, path, l.tpm ? l.sha256 : NULL);
	load_free(&l);
	switch (c.state) {
	case TPM_NO_FILE:
		trouble(path, "no TPM has signed it: there is no file of this name and .tpm");
		break;
	case TPM_UNREADABLE:
		break;
	case TPM_BAD:
		trouble(path, c.cause);
		result = EXIT_NO;
		break;
	case TPM_GOOD:
		result = a->opened ? check(a, &c, path) : make(a, &c, path);
		break;
	}
	tpm_check_free(&c);
	return result;
}

int command_challenge(int argc, char **argv)
{
	struct arguments a = { .folder = NULL };
	int worst = EXIT_YES;

	arguments_parse(&argp, argc, argv, &a);
	if (!libcrypto_load())
		return EXIT_TROUBLE;
	for (int i = 0; i < a.in.count; i++) {
		const int result = challenge(&a, a.in.file[i]);

		worst = result > worst ? result : worst;
		if (result == EXIT_TROUBLE && !inputs_leave_out(&a.in, a.in.file[i]))
			break;
	}
	if (inputs_any_used(&a.in))
		left_out_print_names(a.in.left_out, a.in.left_outs);
	libcrypto.X509_STORE_free(a.makers);
	return output_write("", 0) ? worst : EXIT_TROUBLE;
}
