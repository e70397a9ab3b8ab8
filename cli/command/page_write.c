/* SPDX-License-Identifier: MIT */
#include "command/page_write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "cli.h"
#include "input/crypto.h"

/* The files of cli/page/, as the linker names them. */
extern const char _binary_fleet_html_start[], _binary_fleet_html_end[];
extern const char _binary_fleet_css_start[], _binary_fleet_css_end[];
extern const char _binary_fleet_js_start[], _binary_fleet_js_end[];

/* A part of the file: these bytes, if their hash is asked for too. */
struct part {
	const char *at;
	size_t size;
};

static void put_part(FILE *f, struct part p)
{
	fwrite(p.at, 1, p.size, f);
}

/* 'sha256-...', as a Content-Security-Policy names what it allows. */
static void put_hash(FILE *f, struct part p)
{
	uint8_t digest[TPM_SHA256];
	char words[64];
	struct text t;

	crypto_sha256(digest, (const uint8_t *)p.at, p.size);
	text_start(&t, words, sizeof(words));
	base64_write(&t, digest, sizeof(digest));
	fprintf(f, "'sha256-%s'", text_string(&t));
}

/*
 * JSON that no reader of HTML takes for markup: in JSON these characters are in strings only, where
 * they can be escaped, as jansson does with all that is not ASCII.
 */
static void put_data(FILE *f, const json_t *data)
{
	char *json = json_dumps(data, JSON_COMPACT | JSON_ENSURE_ASCII);

	if (!json)
		out_of_memory();
	for (const char *c = json; *c; c++) {
		if (*c == '<' || *c == '>' || *c == '&')
			fprintf(f, "\\u%04x", (unsigned)*c);
		else
			fputc(*c, f);
	}
	free(json);
}

static bool is(struct part word, const char *name)
{
	return word.size == strlen(name) && memcmp(word.at, name, word.size) == 0;
}

/* Writes what stands for a word in the template. */
static void put_word(FILE *f, struct part word, const json_t *data)
{
	const struct part style = {
		_binary_fleet_css_start,
		/* cppcheck-suppress comparePointers ; the two ends of one file */
		(size_t)(_binary_fleet_css_end - _binary_fleet_css_start)
	};
	const struct part script = {
		_binary_fleet_js_start,
		/* cppcheck-suppress comparePointers ; the two ends of one file */
		(size_t)(_binary_fleet_js_end - _binary_fleet_js_start)
	};

	if (is(word, "STYLE-HASH"))
		put_hash(f, style);
	else if (is(word, "SCRIPT-HASH"))
		put_hash(f, script);
	else if (is(word, "STYLE"))
		put_part(f, style);
	else if (is(word, "SCRIPT"))
		put_part(f, script);
	else if (is(word, "DATA"))
		put_data(f, data);
}

struct bytes page_write(const json_t *data)
{
	const char *at = _binary_fleet_html_start, *const end = _binary_fleet_html_end;
	struct bytes b = { NULL, 0 };
	FILE *f = stream_open(&b.at, &b.size);

	/* cppcheck-suppress comparePointers ; the two ends of one file */
	while (at < end) {
		/* cppcheck-suppress comparePointers ; the two ends of one file */
		const char *open = memmem(at, (size_t)(end - at), "{{", 2);
		const char *close = open ? memmem(open, (size_t)(end - open), "}}", 2) : NULL;

		put_part(f, (struct part){ at, (size_t)((close ? open : end) - at) });
		if (close)
			put_word(f, (struct part){ open + 2, (size_t)(close - open - 2) }, data);
		at = close ? close + 2 : end;
	}
	stream_close(f);
	return b;
}
