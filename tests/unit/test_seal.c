/* SPDX-License-Identifier: MIT */
#include <sodium.h>

#include "base/base64.h"
#include "report/seal.h"
#include "unit.h"

static bool sign(uint8_t signature[static SEAL_SIGNATURE], const uint8_t *message, size_t size,
                 const uint8_t key[static SEAL_SECRET])
{
	return crypto_sign_ed25519_detached(signature, NULL, message, size, key) == 0;
}

static bool verify(const uint8_t signature[static SEAL_SIGNATURE], const uint8_t *message,
                   size_t size, const uint8_t key[static SEAL_PUBLIC])
{
	return crypto_sign_ed25519_verify_detached(signature, message, size, key) == 0;
}

static const char message[] = "cpulevel-report 1\nwhatever\n";
static struct seal_secret secret;
static struct seal_public public;
static char seal[SEAL_TEXT_MAX];
static size_t seal_size;

/* A key from a fixed seed, and its seal of the message. */
static int make_seal(void **state)
{
	uint8_t seed[32], half[SEAL_PUBLIC];
	struct text t;

	(void)state;
	for (uint8_t i = 0; i < 32; i++)
		seed[i] = i;
	if (sodium_init() < 0)
		return -1;
	crypto_sign_ed25519_seed_keypair(half, secret.key, seed);
	memcpy(secret.number, "\x01\x23\x45\x67\x89\xab\xcd\xef", SEAL_NUMBER);
	seal_public_of(&public, &secret);
	text_start(&t, seal, sizeof(seal));
	if (seal_write(&t, &secret, sign, verify, message, sizeof(message) - 1, "a comment") !=
	    ERR_NONE)
		return -1;
	seal_size = t.used;
	return 0;
}

static enum err check(const char *text, size_t size, const char *of, const struct seal_public *key)
{
	char comment[SEAL_COMMENT_MAX + 1];
	uint8_t number[SEAL_NUMBER];
	const struct seal_public *by;
	const enum err err = seal_check(text, size, of, sizeof(message) - 1, key, 1, verify, &by,
	                                comment, number);

	if (err == ERR_NONE) {
		assert_string_equal(comment, "a comment");
		assert_ptr_equal(by, key);
	}
	return err;
}

static void a_seal_is_good_for_what_it_sealed(void **state)
{
	(void)state;
	assert_int_equal(check(seal, seal_size, message, &public), ERR_NONE);
}

static void a_flipped_byte_is_a_bad_signature(void **state)
{
	char other[sizeof(message)];

	(void)state;
	for (size_t i = 0; i < sizeof(message) - 1; i++) {
		memcpy(other, message, sizeof(message));
		other[i] ^= 1;
		assert_int_equal(check(seal, seal_size, other, &public), ERR_BAD_SIGNATURE);
	}
}

static void another_key_is_recognized(void **state)
{
	struct seal_public other = public;
	uint8_t number[SEAL_NUMBER];
	char comment[SEAL_COMMENT_MAX + 1];
	const struct seal_public *by;

	(void)state;
	other.number[0] ^= 1;
	assert_int_equal(seal_check(seal, seal_size, message, sizeof(message) - 1, &other, 1,
	                            verify, &by, comment, number),
	                 ERR_WRONG_KEY);
	assert_memory_equal(number, public.number, SEAL_NUMBER);
	assert_int_equal(seal_check(seal, seal_size, message, sizeof(message) - 1, NULL, 0, verify,
	                            &by, comment, number),
	                 ERR_WRONG_KEY);
}

/* No changed bit leaves a seal good, except in the untrusted comment, which is not signed. */
static void no_changed_seal_is_good(void **state)
{
	const size_t comment_end = (size_t)(strchr(seal, '\n') - seal);
	char other[SEAL_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < seal_size; i++)
		for (unsigned bit = 0; bit < 8; bit++) {
			memcpy(other, seal, seal_size);
			other[i] ^= (char)(1 << bit);
			if (i >= comment_end && i != seal_size - 1)
				assert_int_not_equal(check(other, seal_size, message, &public),
				                     ERR_NONE);
			else
				check(other, seal_size, message, &public);
		}
	/* Only the last line's end may be missing, and only empty lines may follow. */
	for (size_t size = 0; size < seal_size - 1; size++)
		assert_int_not_equal(check(seal, size, message, &public), ERR_NONE);
	memcpy(other, seal, seal_size);
	memcpy(other + seal_size, "\n\r\n", 3);
	assert_int_equal(check(other, seal_size + 3, message, &public), ERR_NONE);
	for (size_t i = 0; i < 256; i++) {
		other[seal_size + 1] = (char)i;
		const bool empty = i == '\n' || i == '\r';
		assert_true((check(other, seal_size + 3, message, &public) == ERR_NONE) == empty);
	}
}

static void a_changed_comment_is_recognized(void **state)
{
	char other[SEAL_TEXT_MAX];

	(void)state;
	memcpy(other, seal, seal_size);
	*strstr(other, "a comment") = 'b';
	assert_int_equal(check(other, seal_size, message, &public), ERR_BAD_COMMENT);
}

static void the_prehashed_kind_is_recognized(void **state)
{
	char other[SEAL_TEXT_MAX];

	(void)state;
	memcpy(other, seal, seal_size);
	char *second = strchr(other, '\n') + 1;
	assert_memory_equal(second, "RWQ", 3);
	second[1] = 'U'; /* "RUQ" is "ED" */
	assert_int_equal(check(other, seal_size, message, &public), ERR_PREHASHED);
}

static void keys_read_back(void **state)
{
	static const uint8_t checksum[SEAL_CHECKSUM] = { 1, 2, 3 };
	struct seal_secret secret_back;
	struct seal_public public_back;
	char text[SEAL_TEXT_MAX], number[17];
	struct text t;

	(void)state;
	text_start(&t, text, sizeof(text));
	seal_secret_write(&t, &secret, checksum);
	assert_int_equal(seal_secret_read(&secret_back, text, t.used), ERR_NONE);
	assert_memory_equal(&secret_back, &secret, sizeof(secret));
	assert_int_equal(seal_public_read(&public_back, text, t.used), ERR_NOT_PUBLIC);
	text_start(&t, text, sizeof(text));
	seal_public_write(&t, &public);
	assert_int_equal(seal_public_read(&public_back, text, t.used), ERR_NONE);
	assert_memory_equal(&public_back, &public, sizeof(public));
	assert_int_equal(seal_secret_read(&secret_back, text, t.used), ERR_NOT_SECRET);
	seal_number(public.number, number);
	assert_string_equal(number, "EFCDAB8967452301");
}

static void a_damaged_key_makes_no_seal(void **state)
{
	char text[SEAL_TEXT_MAX];
	struct text t;

	(void)state;
	for (size_t i = 0; i < SEAL_SECRET; i++) {
		struct seal_secret damaged = secret;

		damaged.key[i] ^= 4;
		text_start(&t, text, sizeof(text));
		assert_int_equal(
			seal_write(&t, &damaged, sign, verify, message, sizeof(message) - 1, "c"),
			ERR_KEY_BROKEN);
		assert_int_equal(t.used, 0);
	}
}

static void a_protected_key_is_recognized(void **state)
{
	uint8_t bytes[158] = { 'E', 'd', 'S', 'c', 'B', '2' };
	char text[SEAL_TEXT_MAX];
	struct seal_secret s;
	struct text t;

	(void)state;
	text_start(&t, text, sizeof(text));
	text_put(&t, "untrusted comment: minisign encrypted secret key\n");
	base64_write(&t, bytes, sizeof(bytes));
	assert_int_equal(seal_secret_read(&s, text, t.used), ERR_ENCRYPTED);
}

/* How often it works before it fails. */
static unsigned signs;

static bool sign_often(uint8_t signature[static SEAL_SIGNATURE], const uint8_t *of, size_t size,
                       const uint8_t key[static SEAL_SECRET])
{
	return signs-- > 0 && sign(signature, of, size, key);
}

static void what_cannot_be_signed_is_no_seal(void **state)
{
	char text[SEAL_TEXT_MAX], comment[SEAL_COMMENT_MAX + 2];
	struct text t;

	(void)state;
	for (unsigned often = 0; often < 3; often++) {
		signs = often;
		text_start(&t, text, sizeof(text));
		assert_int_equal(seal_write(&t, &secret, sign_often, verify, message, 1, "c"),
		                 often == 2 ? ERR_NONE : ERR_SIGN);
		assert_int_equal(t.used != 0, often == 2);
	}
	memset(comment, 'c', sizeof(comment));
	for (size_t size = SEAL_COMMENT_MAX; size < sizeof(comment); size++) {
		comment[size] = '\0';
		text_start(&t, text, sizeof(text));
		assert_int_equal(seal_write(&t, &secret, sign, verify, message, 1, comment),
		                 size == SEAL_COMMENT_MAX ? ERR_NONE : ERR_SIGN);
		comment[size] = 'c';
	}
	text_start(&t, text, 100);
	assert_int_equal(seal_write(&t, &secret, sign, verify, message, 1, "c"), ERR_FULL);
}

static void a_seal_may_have_crlf(void **state)
{
	char other[2 * SEAL_TEXT_MAX];
	size_t used = 0;

	(void)state;
	for (size_t i = 0; i < seal_size; i++) {
		if (seal[i] == '\n')
			other[used++] = '\r';
		other[used++] = seal[i];
	}
	assert_int_equal(check(other, used, message, &public), ERR_NONE);
}

/* minisign -W leaves the checksum zero. */
static void the_checksum_of_a_key_is_right_or_zero(void **state)
{
	static const uint8_t sum[SEAL_CHECKSUM] = { 1, 2, 3 }, other[SEAL_CHECKSUM] = { 1, 2, 4 };
	static const uint8_t zero[SEAL_CHECKSUM];
	char text[SEAL_TEXT_MAX];
	struct text t;

	(void)state;
	text_start(&t, text, sizeof(text));
	seal_secret_write(&t, &secret, sum);
	assert_true(seal_secret_sum(text, t.used, sum));
	assert_false(seal_secret_sum(text, t.used, other));
	assert_false(seal_secret_sum(text, t.used, zero));
	assert_false(seal_secret_sum(text, t.used / 2, sum));
	text_start(&t, text, sizeof(text));
	seal_secret_write(&t, &secret, zero);
	assert_true(seal_secret_sum(text, t.used, sum));
}

/* Blocks of the right length, but of no kind that there is. */
static void other_kinds_of_keys_are_refused(void **state)
{
	static const uint8_t of[158] = { 'E', 'e' };
	char text[SEAL_TEXT_MAX];
	struct seal_secret s;
	struct seal_public p;
	struct text t;

	(void)state;
	text_start(&t, text, sizeof(text));
	text_put(&t, "untrusted comment: key\n");
	base64_write(&t, of, 158);
	assert_int_equal(seal_secret_read(&s, text, t.used), ERR_NOT_SECRET);
	text_start(&t, text, sizeof(text));
	text_put(&t, "untrusted comment: key\n");
	base64_write(&t, of, 42);
	assert_int_equal(seal_public_read(&p, text, t.used), ERR_NOT_PUBLIC);
}

static void base64(void **state)
{
	uint8_t bytes[100], back[100];
	char text[200];
	uint32_t random = 5;
	struct text t;

	(void)state;
	for (size_t size = 0; size < sizeof(bytes); size++) {
		for (size_t i = 0; i < size; i++)
			bytes[i] = (uint8_t)random_next(&random);
		text_start(&t, text, sizeof(text));
		base64_write(&t, bytes, size);
		assert_true(base64_read(back, size, text, t.used));
		assert_memory_equal(bytes, back, size);
		assert_false(base64_read(back, size + 3, text, t.used));
	}
	assert_true(base64_read(back, 1, "/w==", 4));
	assert_false(base64_read(back, 1, "/x==", 4)); /* bits beyond the byte */
	assert_false(base64_read(back, 1, "/w=", 3));
	assert_false(base64_read(back, 1, "/w!=", 4));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_seal_is_good_for_what_it_sealed),
		cmocka_unit_test(a_flipped_byte_is_a_bad_signature),
		cmocka_unit_test(another_key_is_recognized),
		cmocka_unit_test(no_changed_seal_is_good),
		cmocka_unit_test(a_changed_comment_is_recognized),
		cmocka_unit_test(the_prehashed_kind_is_recognized),
		cmocka_unit_test(keys_read_back),
		cmocka_unit_test(a_damaged_key_makes_no_seal),
		cmocka_unit_test(a_protected_key_is_recognized),
		cmocka_unit_test(what_cannot_be_signed_is_no_seal),
		cmocka_unit_test(a_seal_may_have_crlf),
		cmocka_unit_test(the_checksum_of_a_key_is_right_or_zero),
		cmocka_unit_test(other_kinds_of_keys_are_refused),
		cmocka_unit_test(base64),
	};

	return cmocka_run_group_tests_name("seal", tests, make_seal, NULL);
}
