/* SPDX-License-Identifier: MIT */
/*
 * fleet.c - makes many sealed reports out of a few, and times the bare checks of their seals.
 *
 * fleet make FOLDER HOSTS ANSWERS KEY REPORT...: host n has the text of one of the reports with a
 * serial number and a sequence number of its own.  As many of its features are flipped as make
 * ANSWERS different hosts in all.  KEY is a stick's secret key, "-" for reports without seals.
 *
 * fleet check FOLDER THREADS PUBLIC: reads all reports and seals of FOLDER, then prints the seconds
 * that Ed25519 alone takes for them, as many threads at a time.
 *
 * fleet baseline POOL: prints the fields of the pool's baseline that are not zero, as lines
 * "NAME,LEAF,SUBLEAF,VALUE", but for those of model-specific registers.
 *
 * Exit status: 0 done, 1 a seal is bad, 2 trouble.
 */
#include <dirent.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/base64.h"
#include "fleet/pool.h"
#include "report/seal.h"

#define THREADS_MAX 64

struct bytes {
	char *at;
	size_t size;
};

/* One of the workers, which does every count-th of the hosts from first on. */
struct worker {
	pthread_t thread;
	size_t first, count;
};

static struct bytes *report; /* those to make others of, or those to check */
static size_t reports, hosts, answers;
static const char *folder;
static struct seal_secret secret;
static bool sealed;

static void die(const char *path, const char *why)
{
	fprintf(stderr, "fleet: %s: %s\n", path, why);
	exit(2);
}

static struct bytes read_file(const char *path)
{
	struct bytes b = { malloc(0x400000), 0 };
	FILE *f = fopen(path, "rb");

	if (!f || !b.at)
		die(path, "cannot be read");
	b.size = fread(b.at, 1, 0x3fffff, f);
	b.at[b.size] = '\0';
	fclose(f);
	b.at = realloc(b.at, b.size + 1);
	return b;
}

static void write_file(const char *path, const char *at, size_t size)
{
	FILE *f = fopen(path, "wb");

	if (!f || fwrite(at, 1, size, f) != size || fclose(f) != 0)
		die(path, "cannot be written");
}

static bool sign(uint8_t signature[static SEAL_SIGNATURE], const uint8_t *message, size_t size,
                 const uint8_t key[static SEAL_SECRET])
{
	return crypto_sign_ed25519_detached(signature, NULL, message, size, key) == 0;
}

/* The bench checks all that is signed here. */
static bool trust(const uint8_t signature[static SEAL_SIGNATURE], const uint8_t *message,
                  size_t size, const uint8_t key[static SEAL_PUBLIC])
{
	(void)signature, (void)message, (void)size, (void)key;
	return true;
}

/* Flips the bits of a mask in the n-th register of a line "cpuid LEAF SUBLEAF EAX EBX ECX EDX". */
static void flip(char *text, const char *line, unsigned reg, unsigned mask)
{
	char *at = strstr(text, line), digits[9];

	if (!at)
		return;
	at += strlen(line) + 1 + 9 * reg;
	snprintf(digits, sizeof(digits), "%08x", (unsigned)strtoul(at, NULL, 16) ^ mask);
	memcpy(at, digits, 8);
}

/* Leaf 1 ECX and leaf 7 EBX have features all over. */
static void vary(char *text, size_t variant)
{
	unsigned low = 0, high = 0;

	for (unsigned bit = 0; bit < 8; bit++) {
		low |= (unsigned)(variant >> bit & 1) << (3 * bit + 2);
		high |= (unsigned)(variant >> (bit + 8) & 1) << (3 * bit + 3);
	}
	flip(text, "\ncpuid 00000001 00", 2, low);
	flip(text, "\ncpuid 00000007 00", 1, high);
}

/* Copies a report up to the line that begins with name, writes another line, and skips this one. */
static const char *replace(char **to, const char *from, const char *name, const char *line)
{
	const char *at = strstr(from, name);

	if (!at)
		die("a report", "lacks a line");
	memcpy(*to, from, (size_t)(at - from));
	*to += at - from;
	*to += sprintf(*to, "%s%s", name, line);
	return strchr(at + 1, '\n');
}

static void write_seal(const char *path, const char *text, size_t size, size_t host)
{
	char comment[128], buffer[SEAL_TEXT_MAX], name[4352];
	struct text t;

	text_start(&t, buffer, sizeof(buffer));
	snprintf(comment, sizeof(comment), "cpulevel report %zu program cpulevel 0.1.0", host);
	snprintf(name, sizeof(name), "%s.minisig", path);
	if (seal_write(&t, &secret, sign, trust, text, size, comment) != ERR_NONE)
		die(path, "cannot be sealed");
	write_file(name, buffer, t.used);
}

static void make_host(size_t host)
{
	const struct bytes *b = &report[host % reports];
	char path[4096], line[64], *text = malloc(b->size + 256), *to = text;
	const char *from = b->at;

	snprintf(line, sizeof(line), "%zu", host + 1);
	from = replace(&to, from, "\nsequence ", line);
	snprintf(line, sizeof(line), "\"H%07zu\"", host + 1);
	from = replace(&to, from, "\nsystem-serial ", line);
	strcpy(to, from);
	vary(text, host % answers / reports);
	const size_t size = strlen(text);
	snprintf(path, sizeof(path), "%s/%07zu-H%07zu.txt", folder, host + 1, host + 1);
	if (sealed)
		write_seal(path, text, size, host + 1);
	write_file(path, text, size);
	free(text);
}

static void *make_some(void *of)
{
	const struct worker *w = of;

	for (size_t host = w->first; host < hosts; host += w->count)
		make_host(host);
	return NULL;
}

/* What the second signature of a seal is over, and both signatures. */
static size_t read_seal(const char *seal, uint8_t first[static SEAL_SIGNATURE],
                        uint8_t second[static SEAL_SIGNATURE], uint8_t *covered)
{
	uint8_t block[2 + SEAL_NUMBER + SEAL_SIGNATURE];
	const char *line[5] = { seal };

	for (int i = 1; i < 5; i++)
		line[i] = strchr(line[i - 1], '\n') + 1;
	const char *comment = line[2] + sizeof("trusted comment: ") - 1;
	const size_t size = (size_t)(line[3] - 1 - comment);
	if (!base64_read(block, sizeof(block), line[1], (size_t)(line[2] - 1 - line[1])) ||
	    !base64_read(second, SEAL_SIGNATURE, line[3], (size_t)(line[4] - 1 - line[3])))
		die("a seal", "is none");
	memcpy(first, block + 2 + SEAL_NUMBER, SEAL_SIGNATURE);
	memcpy(covered, first, SEAL_SIGNATURE);
	memcpy(covered + SEAL_SIGNATURE, comment, size);
	return SEAL_SIGNATURE + size;
}

static struct bytes *seal;
static struct seal_public public;

static void *check_some(void *of)
{
	uint8_t first[SEAL_SIGNATURE], second[SEAL_SIGNATURE], covered[SEAL_TEXT_MAX];
	const struct worker *w = of;

	for (size_t i = w->first; i < reports; i += w->count) {
		const size_t size = read_seal(seal[i].at, first, second, covered);

		if (crypto_sign_ed25519_verify_detached(first, (const uint8_t *)report[i].at,
		                                        report[i].size, public.key) != 0 ||
		    crypto_sign_ed25519_verify_detached(second, covered, size, public.key) != 0) {
			fprintf(stderr, "fleet: a seal is bad\n");
			exit(1);
		}
	}
	return NULL;
}

static void run(void *(*some)(void *), size_t threads)
{
	struct worker w[THREADS_MAX];

	for (size_t i = 0; i < threads; i++) {
		w[i].first = i;
		w[i].count = threads;
		if (pthread_create(&w[i].thread, NULL, some, &w[i]) != 0)
			die("threads", "cannot be started");
	}
	for (size_t i = 0; i < threads; i++)
		pthread_join(w[i].thread, NULL);
}

static int make(int argc, char **argv)
{
	folder = argv[2];
	hosts = strtoul(argv[3], NULL, 10);
	reports = (size_t)argc - 6;
	report = calloc(reports, sizeof(*report));
	for (size_t i = 0; i < reports; i++)
		report[i] = read_file(argv[6 + i]);
	answers = strtoul(argv[4], NULL, 10);
	answers = answers < reports ? reports : answers;
	sealed = strcmp(argv[5], "-") != 0;
	if (sealed) {
		const struct bytes key = read_file(argv[5]);

		if (seal_secret_read(&secret, key.at, key.size) != ERR_NONE)
			die(argv[5], "no secret key");
	}
	run(make_some, 2);
	return 0;
}

static int check(char **argv)
{
	const size_t threads = strtoul(argv[3], NULL, 10);
	const struct bytes key = read_file(argv[4]);
	struct timespec a, b;
	struct dirent **entry;
	char path[4096];
	const int count = scandir(argv[2], &entry, NULL, alphasort);

	if (seal_public_read(&public, key.at, key.size) != ERR_NONE)
		die(argv[4], "no public key");
	if (threads < 1 || threads > THREADS_MAX || count < 0)
		die(argv[2], "cannot be read");
	report = calloc((size_t)count, sizeof(*report));
	seal = calloc((size_t)count, sizeof(*seal));
	for (int i = 0; i < count; i++) {
		const size_t size = strlen(entry[i]->d_name);

		if (size < 5 || strcmp(entry[i]->d_name + size - 4, ".txt") != 0)
			continue;
		snprintf(path, sizeof(path), "%s/%s", argv[2], entry[i]->d_name);
		report[reports] = read_file(path);
		snprintf(path, sizeof(path), "%s/%s.minisig", argv[2], entry[i]->d_name);
		seal[reports++] = read_file(path);
	}
	clock_gettime(CLOCK_MONOTONIC, &a);
	run(check_some, threads);
	clock_gettime(CLOCK_MONOTONIC, &b);
	printf("%.3f\n", (double)(b.tv_sec - a.tv_sec) + 1e-9 * (double)(b.tv_nsec - a.tv_nsec));
	return 0;
}

static int baseline(char **argv)
{
	static struct cpuid_set set;
	static struct merge m;
	const struct bytes b = read_file(argv[2]);
	struct where where;
	struct pool pool;

	if (pool_read(&pool, b.at, b.size, &where) != ERR_NONE || !pool_merge(&pool, &m))
		die(argv[2], "cannot be merged");
	merge_baseline(&m, &set);
	for (const struct cpuid_leaf *l = set.at; l < set.at + set.count; l++) {
		size_t count;
		const size_t first = feature_subleaf_rows(l->leaf, l->subleaf, &count);

		for (size_t id = first; l->leaf < CPUID_MSR && id < first + count; id++) {
			const struct feature *f = &features[id];
			const uint32_t value =
				(l->reg[f->reg] & feature_mask((enum feature_id)id)) >> f->low;

			if (value)
				printf("%s,%u,%u,%u\n", feature_name((enum feature_id)id), l->leaf,
				       l->subleaf, value);
		}
	}
	pool_free(&pool);
	return 0;
}

int main(int argc, char **argv)
{
	if (sodium_init() < 0)
		return 2;
	if (argc > 6 && strcmp(argv[1], "make") == 0)
		return make(argc, argv);
	if (argc == 5 && strcmp(argv[1], "check") == 0)
		return check(argv);
	if (argc == 3 && strcmp(argv[1], "baseline") == 0)
		return baseline(argv);
	fprintf(stderr, "usage: fleet make FOLDER HOSTS ANSWERS KEY|- REPORT...\n"
	                "       fleet check FOLDER THREADS PUBLIC\n"
	                "       fleet baseline POOL\n");
	return 2;
}
