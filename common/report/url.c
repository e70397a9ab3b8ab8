/* SPDX-License-Identifier: MIT */
#include "report/url.h"

#include "base/ascii.h"
#include "base/mem.h"

#define PORT_MAX 65535

static bool begins(const char *text, size_t size, const char *with)
{
	const size_t length = ascii_size(with);

	return size >= length && memcmp(text, with, length) == 0;
}

/* Returns true for the characters of a host's name and of an IPv4 address. */
static bool of_name(char c)
{
	return ascii_digit(c) || c == '.' || c == '-' ||
	       (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z');
}

/* Moves past ":PORT", if it is there.  Returns false if it is not a port. */
static bool skip_port(const char *text, size_t *at, size_t end)
{
	unsigned long port = 0;

	if (*at == end)
		return true;
	if (text[*at] != ':')
		return false;
	for (++*at; *at < end && ascii_digit(text[*at]) && port <= PORT_MAX; ++*at)
		port = port * 10 + (unsigned long)(text[*at] - '0');
	return *at == end && port > 0 && port <= PORT_MAX;
}

/* Reads what is between "//" and the path. */
static bool read_host(struct url *u, const char *text)
{
	size_t at = u->host;
	bool letters = false;

	if (text[at] == '[') {
		u->kind = URL_IPV6;
		for (at++; text[at] == ':' || text[at] == '.' || ascii_hex(text[at]) >= 0; at++)
			;
		if (text[at++] != ']' || at < u->host + 4)
			return false;
	} else {
		for (; of_name(text[at]); at++)
			letters |= !ascii_digit(text[at]) && text[at] != '.';
		u->kind = letters ? URL_NAME : URL_IPV4;
		if (at == u->host)
			return false;
	}
	return skip_port(text, &at, u->path);
}

enum err url_read(struct url *ret, const char *text, size_t size)
{
	struct url u = { .tls = begins(text, size, "https://") };
	size_t at;

	if (size > URL_MAX || (!u.tls && !begins(text, size, "http://")))
		return ERR_URL;
	u.host = u.tls ? 8 : 7;
	for (at = u.host; at < size && text[at] != '/'; at++)
		;
	if (at == size)
		return ERR_URL_PATH;
	u.path = at;
	if (!read_host(&u, text))
		return ERR_URL;
	for (; at < size && ascii_printable(text[at]) && text[at] != ' ' && text[at] != '#'; at++)
		;
	if (at < size)
		return ERR_URL;
	for (at = u.path; at < size && text[at] != '?'; at++)
		if (text[at] == '/')
			u.folder = at + 1;
	*ret = u;
	return ERR_NONE;
}
