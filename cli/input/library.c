/* SPDX-License-Identifier: MIT */
#include "input/library.h"

#include <dlfcn.h>
#include <string.h>

#include "cli.h"

bool library_load(const char *name, const struct library_function *functions, size_t count,
                  void *to, const char *what)
{
	void *const library = dlopen(name, RTLD_LAZY | RTLD_LOCAL);
	bool ok = library != NULL;

	for (size_t i = 0; ok && i < count; i++) {
		void *const function = dlsym(library, functions[i].name);

		ok = function != NULL;
		memcpy((char *)to + functions[i].at, &function, sizeof(function));
	}
	if (!ok)
		trouble(name, what);
	return ok;
}
