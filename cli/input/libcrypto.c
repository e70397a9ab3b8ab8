/* SPDX-License-Identifier: MIT */
#include "input/libcrypto.h"

#include "input/library.h"

struct libcrypto libcrypto;

bool libcrypto_load(void)
{
	static const struct library_function functions[] = {
#define FUNCTION(name) { #name, offsetof(struct libcrypto, name) },
		LIBCRYPTO_FUNCTIONS(FUNCTION)
#undef FUNCTION
	};
	static bool loaded;

	/* The name of its interface, since OpenSSL 3.0. */
	loaded = loaded ||
	         library_load("libcrypto.so.3", functions, sizeof(functions) / sizeof(functions[0]),
	                      &libcrypto, "cannot be loaded; TPMs' signatures are checked with it");
	return loaded;
}
