// SPDX-License-Identifier: MIT
/*
 * probe.c - whole visits of the probe under the posed firmware of tests/posed: any settings, keys,
 * files, variables and SMBIOS tables, on any of the sticks and machines that are posed there; and
 * the rows of its screen.
 */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "fuzz.h"
#include "input/crypto.h"
#include "line.h"
#include "report/seal.h"

#define REPORTS "\\cpulevel\\reports\\"

/* Each key may be another visit. */
#define KEYS_MAX 8

/* What a part of the input is. */
enum part {
	PART_CONF,
	PART_KEYS,
	PART_FILE,
	PART_NAME,
	PART_VARIABLE,
	PART_SMBIOS,
	PART_STICK,
	PARTS
};

/* Of the first byte: scenarios, and then odd ones. */
static const struct scenario *base;
static struct scenario changed;
static const uint8_t *data_start;
static size_t data_size;
static struct bytes smbios;

/* The next part of the input. */
static bool next(struct feed *f, enum part *part, const uint8_t **at, size_t *size)
{
	if (f->at == f->end)
		return false;
	*part = (enum part)feed_below(f, PARTS);
	*size = feed_byte(f);
	*size |= (size_t)(feed_byte(f) & 7) << 8;
	*at = feed_bytes(f, size);
	return true;
}

static struct feed parts(void)
{
	return (struct feed){ data_start + 1, data_start + data_size };
}

/* A stick's key, always the same, and what else tests/posed/run makes. */
static void load(void)
{
	static const char pem[] = "-----BEGIN CERTIFICATE-----\n"
				  "MIIAIDAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
				  "-----END CERTIFICATE-----\n";
	static const uint8_t seed[crypto_sign_SEEDBYTES] = "a stick's key of fuzzed visits";
	struct seal_secret secret = { .number = { 1, 2, 3, 4, 5, 6, 7, 8 } };
	uint8_t public_key[crypto_sign_PUBLICKEYBYTES], checksum[SEAL_CHECKSUM];
	struct seal_public public;
	char text[1024], folder[512];
	struct text t;

	CHECK(crypto_sign_seed_keypair(public_key, secret.key, seed) == 0);
	crypto_checksum(&secret, checksum);
	seal_public_of(&public, &secret);
	text_start(&t, text, sizeof(text));
	seal_secret_write(&t, &secret, checksum);
	const char *const path = fuzz_file("stick.key", text, t.used);
	CHECK(strlen(path) < sizeof(folder));
	strcpy(folder, path);
	*strrchr(folder, '/') = '\0';
	text_start(&t, text, sizeof(text));
	seal_public_write(&t, &public);
	fuzz_file("stick.pub", text, t.used);
	fuzz_file("ca.pem", pem, sizeof(pem) - 1);
	CHECK(scenario_load(folder) && check_load(folder));
	CHECK(posed_processor_load(0, "tests/data/recorded/haswell.txt") &&
	      posed_processor_load(1, "tests/data/recorded/mixed.txt") &&
	      posed_setup_load("tests/data/setup/board.bin"));
}

/* A file that the probe looks for, the first byte says which. */
static void put_file(const uint8_t *at, size_t size)
{
	static const char *const names[] = {
		"\\cpulevel\\stick.key",
		"\\cpulevel\\golden.txt",
		"\\cpulevel\\golden.txt.minisig",
		"\\cpulevel\\ca.pem",
		"\\cpulevel\\reports",
		"\\cpulevel\\challenge",
		REPORTS "0001-A-1.txt",
		REPORTS "0001-A-1.txt.minisig",
		REPORTS "0001-A-1_boot.txt",
		REPORTS "0001-A-1_bare.txt",
		REPORTS "0001-A-1.tmp",
		"\\cpulevel\\challenge\\ef4234eb365aedbd.bin",
	};
	const size_t which = size ? at[0] % COUNT(names) : 0;

	if (!size)
		return;
	changed.keyless |= which == 0;
	posed_file_replace(&stick_before, names[which], at + 1, size - 1);
}

/* A file of any name in the folder of reports: the name ends with a NUL. */
static void put_name(const uint8_t *at, size_t size)
{
	const size_t length = strnlen((const char *)at, size < 70 ? size : 70);
	char path[POSED_PATH] = REPORTS;
	size_t used = strlen(path);

	for (size_t i = 0; i < length; i++, used++)
		path[used] = (char)(at[i] < ' ' || strchr("\\/:*?\"<>|\x7f", at[i]) ? '_' : at[i]);
	path[used] = '\0';
	if (length)
		posed_file_replace(&stick_before, path, at + length, size - length);
}

static void before(void)
{
	struct feed f = parts();
	const uint8_t *at;
	enum part part;
	size_t size;

	if (base->before)
		base->before();
	if (!posed_file(&stick_before, "\\cpulevel\\reports"))
		posed_directory_put(&stick_before, "\\cpulevel\\reports");
	while (next(&f, &part, &at, &size)) {
		if (part == PART_CONF)
			posed_file_replace(&stick_before, "\\cpulevel\\cpulevel.conf", at, size);
		if (part == PART_FILE)
			put_file(at, size);
		if (part == PART_NAME)
			put_name(at, size);
	}
}

/* The first two bytes say which, and its attributes. */
static void put_variable(const uint8_t *at, size_t size)
{
	static const CHAR16 *const names[] = { L"SecureBoot", L"SetupMode", L"Setup",
		                               L"TlsCaCertificate" };
	static const EFI_GUID guids[] = {
		EFI_GLOBAL_VARIABLE,
		EFI_GLOBAL_VARIABLE,
		{ 0xec87d643, 0xeba4, 0x4bb5, { 0xa1, 0xe5, 0x3f, 0x3e, 0x36, 0xb2, 0x0d, 0xa9 } },
		{ 0xfd2340d0, 0x3dab, 0x4349, { 0xa6, 0xc7, 0x3b, 0x4f, 0x12, 0xb4, 0x8e, 0xae } }
	};

	if (size >= 2)
		posed_variable_put(names[at[0] % COUNT(names)], &guids[at[0] % COUNT(names)],
		                   at[1] & 7, at + 2, size - 2);
}

/* In memory of its own, of exactly its size. */
static void put_smbios(const uint8_t *at, size_t size)
{
	free(smbios.at);
	smbios = fuzz_copy(at, size);
	posed_smbios_put(smbios.at, size);
}

static void put_stick(const uint8_t *at, size_t size)
{
	struct feed f = { at, at + size };
	const uint8_t flags = feed_byte(&f);

	stick.read_only |= flags & 1;
	stick.no_rename |= flags & 2;
	stick.no_flush |= flags & 4;
	stick.loses |= flags & 8;
	if (flags & 0x10)
		stick.off = flags & 0x20 ? 1 : -1;
	if (flags & 0x40)
		stick.room = feed_word(&f) & 0xffff;
	stick.repeats += feed_byte(&f) & 3;
}

/* The settings that come over the network. */
static void put_server_conf(const uint8_t *at, size_t size)
{
	static const char name[] = "cpulevel.conf";

	for (size_t i = 0; i < POSED_FILES; i++) {
		struct posed_file *f = &posed_server.file[i];
		const size_t length = strlen(f->path);

		if (length < sizeof(name) || strcmp(f->path + length - sizeof(name) + 1, name) != 0)
			continue;
		posed_file_size(f, size);
		if (size)
			memcpy(f->data, at, size);
	}
}

static void pose(void)
{
	struct feed f = parts();
	const uint8_t *at;
	enum part part;
	size_t size;

	if (base->pose)
		base->pose();
	else
		posed_processor_install();
	while (next(&f, &part, &at, &size)) {
		if (part == PART_VARIABLE)
			put_variable(at, size);
		if (part == PART_SMBIOS)
			put_smbios(at, size);
		if (part == PART_STICK)
			put_stick(at, size);
		if (part == PART_CONF && base->conf == NULL)
			put_server_conf(at, size);
	}
}

/* The keys that are pressed, and at the end those that leave the pages of the report. */
static void take_keys(void)
{
	static const char leave[] = "qqq";
	static char keys[KEYS_MAX + sizeof(leave)];
	struct feed f = parts();
	const uint8_t *at;
	enum part part;
	size_t size;

	while (next(&f, &part, &at, &size))
		if (part == PART_KEYS) {
			size = size < KEYS_MAX ? size : KEYS_MAX;
			memset(keys, 0, sizeof(keys));
			memcpy(keys, at, size);
			size = strlen(keys);
			memcpy(keys + size, leave, sizeof(leave));
			changed.keys = keys;
		}
}

/*
 * The first byte says what is posed.  Each of the parts that follow has a byte that says what it
 * is, and its size in two bytes.
 */
void fuzz_probe(const uint8_t *data, size_t size)
{
	static bool loaded;

	if (!loaded)
		load();
	loaded = true;
	if (!size || check_could_claim(data, size))
		return;
	const size_t which = data[0] % (scenario_count + odd_count);
	base = which < scenario_count ? &scenarios[which] : &odd[which - scenario_count];
	if (base->slow)
		return;
	data_start = data;
	data_size = size;
	changed = *base;
	changed.before = before;
	changed.pose = pose;
	take_keys();
	scenario_forget();
	scenario_visit(&changed, NULL);
	const char *const wrong = check_visit(&changed, NULL);
	fuzz_about = wrong;
	CHECK(!wrong);
	posed_volume_free(&stick);
	posed_volume_free(&other);
	posed_volume_free(&stick_before);
	posed_volume_free(&other_before);
	posed_volume_free(&posed_server);
}

/* What is left of a text without blanks, ends of rows and colours. */
static size_t letters(char *to, const char *bytes, size_t size)
{
	size_t used = 0;

	for (size_t i = 0; i < size; i++)
		if (bytes[i] > ' ')
			to[used++] = bytes[i];
	return used;
}

static void check_rows(const struct text *rows, enum console_colour colour, const char *words)
{
	char had[0x400], has[0x2000];
	size_t columns = 0;

	CHECK(!rows->full && rows->used > 0 && rows->at[rows->used - 1] == '\n');
	for (size_t i = 0; i < rows->used; i++) {
		const bool first = i == 0 || rows->at[i - 1] == '\n';

		if (first && colour != CONSOLE_PLAIN) {
			CHECK(rows->at[i] == (char)colour);
			columns = 0;
			continue;
		}
		columns = rows->at[i] == '\n' ? 0 : columns + 1;
		CHECK(columns <= CONSOLE_COLUMNS);
	}
	const size_t size = letters(had, words, strlen(words));
	CHECK(letters(has, rows->at, rows->used) == size && memcmp(has, had, size) == 0);
}

/* The first byte is a colour, the others are words. */
void fuzz_lines(const uint8_t *data, size_t size)
{
	char words[1000], bytes[0x2000];
	size_t used = 0;
	struct text rows;
	struct line l;

	if (!size)
		return;
	const enum console_colour colour = (enum console_colour)(data[0] % CONSOLE_COLOURS);
	for (size_t i = 1; i < size && used + 1 < sizeof(words); i++)
		words[used++] = (char)(' ' + data[i] % 95);
	words[used] = '\0';
	text_start(&rows, bytes, sizeof(bytes));
	line_sentence(&rows, colour, words, "", "");
	check_rows(&rows, colour, words);
	const size_t label = strcspn(words, " ");
	char *const rest = words + label + (words[label] == ' ');
	words[label] = '\0';
	line_start(&l, words);
	text_put(&l.text, rest);
	if (l.text.full)
		return;
	words[label] = rest > words + label ? ' ' : '\0';
	text_start(&rows, bytes, sizeof(bytes));
	line_end(&l, &rows);
	check_rows(&rows, CONSOLE_PLAIN, words);
}
