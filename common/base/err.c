/* SPDX-License-Identifier: MIT */
#include "base/err.h"

static const char *const texts[ERR_COUNT] = {
#define ERR(name, message) [ERR_##name] = message,
#include "base/err.def"
#undef ERR
};

const char *err_text(enum err err)
{
	return texts[err];
}
