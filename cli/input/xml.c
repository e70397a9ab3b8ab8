/* SPDX-License-Identifier: MIT */
#include "input/xml.h"

#include <expat.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"

#define NAME_MAX 128

struct reader {
	XML_Parser parser;
	const struct xml_reader *with;
	void *ctx;
	unsigned depth;
	char path[XML_DEPTH * NAME_MAX], text[NAME_MAX];
	const char *wrong;
};

static void stop(struct reader *r, const char *wrong)
{
	if (r->wrong)
		return;
	r->wrong = wrong;
	XML_StopParser(r->parser, XML_FALSE);
}

static void XMLCALL begin(void *data, const char *element, const char **attributes)
{
	struct reader *r = data;

	if (r->depth == XML_DEPTH || strlen(element) >= NAME_MAX - 1) {
		stop(r, "elements in more elements than in any file of libvirt's");
		return;
	}
	r->depth++;
	*r->text = '\0';
	strcat(strcat(r->path, "/"), element);
	const char *wrong = r->with->begin(r->ctx, r->path, (const char *const *)attributes);
	if (wrong)
		stop(r, wrong);
}

static void XMLCALL end(void *data, const char *element)
{
	struct reader *r = data;

	if (r->wrong)
		return;
	const char *wrong = r->with->end(r->ctx, r->path, r->text);
	if (wrong)
		stop(r, wrong);
	r->depth--;
	r->path[strlen(r->path) - strlen(element) - 1] = '\0';
	*r->text = '\0';
}

static void XMLCALL text(void *data, const char *at, int size)
{
	struct reader *r = data;
	const size_t used = strlen(r->text);

	if ((size_t)size < NAME_MAX - used) {
		memcpy(r->text + used, at, (size_t)size);
		r->text[used + (size_t)size] = '\0';
	}
}

const char *xml_attribute(const char *const *attributes, const char *name)
{
	for (; *attributes; attributes += 2)
		if (strcmp(attributes[0], name) == 0)
			return attributes[1];
	return "";
}

bool xml_read(const char *path, const struct bytes *b, const struct xml_reader *with, void *ctx)
{
	struct reader *r = allocate(sizeof(*r));

	*r = (struct reader){ .parser = XML_ParserCreate(NULL), .with = with, .ctx = ctx };
	if (!r->parser)
		out_of_memory();
	XML_SetUserData(r->parser, r);
	XML_SetElementHandler(r->parser, begin, end);
	XML_SetCharacterDataHandler(r->parser, text);
	const bool ok = XML_Parse(r->parser, b->at, (int)b->size, 1) == XML_STATUS_OK;
	if (!ok) {
		const struct where where = { .line = XML_GetCurrentLineNumber(r->parser),
			                     .column = XML_GetCurrentColumnNumber(r->parser) + 1 };
		char message[256];

		if (XML_GetErrorCode(r->parser) == XML_ERROR_NO_MEMORY)
			out_of_memory();
		snprintf(message, sizeof(message), "%s%s", r->wrong ? "" : "not XML: ",
		         r->wrong ? r->wrong : XML_ErrorString(XML_GetErrorCode(r->parser)));
		trouble_place(path, &where, message);
	}
	XML_ParserFree(r->parser);
	free(r);
	return ok;
}
