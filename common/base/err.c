/* SPDX-License-Identifier: MIT */
#include "base/err.h"

const char *err_text(enum err err)
{
	switch (err) {
#define ERR(name, message) \
	case ERR_##name:   \
		return message;
#include "base/err.def"
#undef ERR
	case ERR_COUNT:
		break;
	}
	return "unknown error";
}
