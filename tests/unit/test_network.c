/* SPDX-License-Identifier: MIT */
#include "report/certificate.h"
#include "report/config.h"
#include "unit.h"

/* Addresses, and what is wrong with the others. */
static void addresses_are_checked(void **state)
{
	static const struct {
		const char *line;
		enum err err;
	} cases[] = {
		{ "collect http://192.168.77.1/reports/", ERR_NONE },
		{ "collect  https://host.example:8443/a/b/  ", ERR_NONE },
		{ "collect http://[2001:db8::1]:80/r/", ERR_NONE },
		{ "collect http://h/", ERR_NONE },
		{ "collect http://h", ERR_URL_PATH },
		{ "collect http://", ERR_URL_PATH },
		{ "collect http:///r/", ERR_URL },
		{ "collect http://h/r", ERR_URL_FOLDER },
		{ "collect http://h/r/?a=/", ERR_URL_FOLDER },
		{ "collect http://h/r r/", ERR_URL },
		{ "collect http://h/r/#", ERR_URL },
		{ "collect http://u@h/r/", ERR_URL },
		{ "collect http://h:0/r/", ERR_URL },
		{ "collect http://h:65536/r/", ERR_URL },
		{ "collect http://h:/r/", ERR_URL },
		{ "collect http://h:80x/r/", ERR_URL },
		{ "collect http://[::1/r/", ERR_URL },
		{ "collect http://[]/r/", ERR_URL },
		{ "collect ftp://h/r/", ERR_URL },
		{ "collect", ERR_SETTING_VALUE },
	};
	struct config c;
	struct where where;
	struct url url;
	enum err err;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		config_default(&c);
		err = ERR_NONE;
		config_read(&c, cases[i].line, strlen(cases[i].line), &err, &where);
		if (err != cases[i].err)
			fail_msg("%s: %s", cases[i].line, err_text(err));
		assert_int_equal(c.collect[0] != '\0', err == ERR_NONE);
	}
	config_read(&c, cases[1].line, strlen(cases[1].line), &err, &where);
	assert_string_equal(c.collect, "https://host.example:8443/a/b/");
	assert_int_equal(url_read(&url, c.collect, strlen(c.collect)), ERR_NONE);
	assert_true(url.tls && url.kind == URL_NAME && url.host == 8 && url.path == 25);
	assert_int_equal(url_read(&url, "http://10.0.0.1/b/P.EFI?x=/", 27), ERR_NONE);
	assert_true(!url.tls && url.kind == URL_IPV4 && url.folder == 18);
	assert_int_equal(url_read(&url, "http://[fe80::1]/", 17), ERR_NONE);
	assert_int_equal(url.kind, URL_IPV6);
}

/* Made by OpenSSL, which says that its DER has 371 bytes. */
static const char pem[] = "-----BEGIN CERTIFICATE-----\n"
			  "MIIBbzCCARWgAwIBAgIUMyiBxHkaDjoyzBu1ZyVqMQ6CGRUwCgYIKoZIzj0EAwIw\n"
			  "DDEKMAgGA1UEAwwBdDAgFw0yNjExMjcwMDU3MjJaGA8yMTI2MTEwMzAwNTcyMlow\n"
			  "DDEKMAgGA1UEAwwBdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABGStHc8MRuC5\n"
			  "GzGj5s/Or4HJ79sWp5wujsRLmZZWwc4I3JNxDjSD/zGytv9tZkJ6YtNnvCJ3L68+\n"
			  "7PJ7Ey/WB56jUzBRMB0GA1UdDgQWBBSfgSeYX9Jm43LKFRkXlf4OChBkODAfBgNV\n"
			  "HSMEGDAWgBSfgSeYX9Jm43LKFRkXlf4OChBkODAPBgNVHRMBAf8EBTADAQH/MAoG\n"
			  "CCqGSM49BAMCA0gAMEUCIGZRw/mvavUZ/3KkO88bnteoB2oLO4tdvF7K8z/sFbVF\n"
			  "AiEAn3PDHcUmQt5pbh81n9EId4P5o6Q7X95ANm1sbEkV60E=\n"
			  "-----END CERTIFICATE-----\n";
#define DER_SIZE 371

static char der_bytes[2048];

/* Returns what the next certificate of a file is, which must be the one above if it is one. */
static enum err next(size_t *at, const char *text, size_t size, size_t *ret_size)
{
	struct text der;

	text_start(&der, der_bytes, sizeof(der_bytes));
	const enum err err = certificate_next(&der, at, text, size);
	*ret_size = der.used;
	return err;
}

static void certificates(void **state)
{
	char text[2 * sizeof(pem) + 64];
	size_t at = 0, got;

	(void)state;
	snprintf(text, sizeof(text), "subject=CN = t\n%sand again\n%s", pem, pem);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(next(&at, text, strlen(text), &got), ERR_NONE);
		assert_int_equal(got, DER_SIZE);
		assert_memory_equal(der_bytes, "\x30\x82", 2);
	}
	assert_int_equal(next(&at, text, strlen(text), &got), ERR_NONE);
	assert_int_equal(got, 0);
}

static void not_certificates(void **state)
{
	char text[sizeof(pem)];
	size_t at = 0, got;

	(void)state;
	assert_int_equal(next(&at, "", 0, &got), ERR_NOT_PEM);
	at = 0;
	assert_int_equal(next(&at, "hello", 5, &got), ERR_NOT_PEM);
	static const char key[] = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
	at = 0;
	assert_int_equal(next(&at, key, sizeof(key) - 1, &got), ERR_NOT_CERTIFICATE);
	/* Cut anywhere, no byte beyond is read and nothing is taken for whole. */
	for (size_t size = 12; size < sizeof(pem) - 10; size++) {
		char *cut = malloc(size);
		memcpy(cut, pem, size);
		at = 0;
		assert_int_not_equal(next(&at, cut, size, &got), ERR_NONE);
		free(cut);
	}
	for (size_t i = 27; i < sizeof(pem) - 28; i++) {
		memcpy(text, pem, sizeof(pem));
		text[i] = '!';
		at = 0;
		assert_int_not_equal(next(&at, text, sizeof(pem) - 1, &got), ERR_NONE);
	}
	struct text der;
	text_start(&der, der_bytes, 100);
	at = 0;
	assert_int_equal(certificate_next(&der, &at, pem, sizeof(pem) - 1), ERR_BAD_CERTIFICATE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_checked),
		cmocka_unit_test(certificates),
		cmocka_unit_test(not_certificates),
	};

	return cmocka_run_group_tests_name("network", tests, NULL, NULL);
}
