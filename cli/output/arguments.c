/* SPDX-License-Identifier: MIT */
#include "base/program.h"
#include "output/arguments.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/near.h"
#include "cli.h"

bool arguments_list;

/* The options of a command with those of its children; and its name, "cpulevel mask". */
struct table {
	const char *command;
	const struct argp_option **at; /* allocated, for as long as the program runs */
	size_t count;
};

static void collect_options(struct table *t, const struct argp *argp)
{
	for (const struct argp_option *o = argp->options; o && (o->name || o->key); o++) {
		t->at = allocate_room(t->at, t->count, sizeof(const struct argp_option *));
		t->at[t->count++] = o;
	}
	for (const struct argp_child *c = argp->children; c && c->argp; c++)
		collect_options(t, c->argp);
}

/* Ends the program after a cause was printed. */
static _Noreturn void end(const char *program)
{
	fprintf(stderr, "Try \"%s --help\".\n", program);
	exit(EXIT_TROUBLE);
}

void arguments_wrong(const struct argp_state *state, const char *format, ...)
{
	va_list list;

	fprintf(stderr, "%s: ", state->argv[0]);
	va_start(list, format);
	vfprintf(stderr, format, list);
	va_end(list);
	fputc('\n', stderr);
	end(state->argv[0]);
}

void arguments_missing(const struct argp_state *state, const char *what)
{
	const char *form = state->root_argp->args_doc;

	if (!form)
		arguments_wrong(state, "%s is missing", what);
	arguments_wrong(state, "%s is missing; expected: %s %.*s", what, state->argv[0],
	                (int)strcspn(form, "\n"), form);
}

/* Appends what of "a, b, c" is near to a name, or else all of it. */
static void put_near(struct text *t, const char *name, const char *kind, const char *list)
{
	struct near near;

	near_start(&near, name);
	for (const char *item = list; *item;) {
		const size_t size = strcspn(item, ",");

		near_add(&near, item, size);
		item += size;
		item += strspn(item, ", ");
	}
	near_put(t, &near, "");
	if (near.count)
		return;
	text_put(t, "; known ");
	text_put(t, kind);
	text_put(t, "s: ");
	text_put(t, list);
}

void arguments_unknown(const struct argp_state *state, const char *option, const char *kind,
                       const char *name, const char *list)
{
	char shown[PRINTABLE_MAX], line[4096];
	struct text t;

	text_start(&t, line, sizeof(line));
	put_near(&t, name, kind, list);
	arguments_wrong(state, "%s: unknown %s %s%s", option, kind,
	                printable(shown, sizeof(shown), name), text_string(&t));
}

void trouble_unknown(const char *name, const char *message, const char *kind, const char *list)
{
	char line[4096];
	struct text t;

	text_start(&t, line, sizeof(line));
	text_put(&t, message);
	put_near(&t, name, kind, list);
	trouble(name, text_string(&t));
}

/* Prints the cause: what is wrong with an option, as it was given or as it is called. */
static _Noreturn void wrong_option(const struct table *t, const char *option, const char *cause)
{
	char shown[PRINTABLE_MAX];

	fprintf(stderr, "%s: %s: %s\n", t->command, printable(shown, sizeof(shown), option), cause);
	end(t->command);
}

static _Noreturn void unknown_option(const struct table *t, const char *option)
{
	char line[512];
	struct near near;
	struct text text;

	near_start(&near, option + strspn(option, "-"));
	for (size_t i = 0; i < t->count; i++)
		if (t->at[i]->name)
			near_add(&near, t->at[i]->name, strlen(t->at[i]->name));
	text_start(&text, line, sizeof(line));
	text_put(&text, "unknown option");
	near_put(&text, &near, "--");
	wrong_option(t, option, text_string(&text));
}

static _Noreturn void ambiguous_option(const struct table *t, const char *name, size_t size)
{
	char line[1024], option[PRINTABLE_MAX];
	struct text text;
	const char *before = "ambiguous: the beginning of ";

	text_start(&text, line, sizeof(line));
	for (size_t i = 0; i < t->count; i++)
		if (t->at[i]->name && strncmp(t->at[i]->name, name, size) == 0) {
			text_put(&text, before);
			text_put(&text, "--");
			text_put(&text, t->at[i]->name);
			before = ", ";
		}
	snprintf(option, sizeof(option), "--%.*s", (int)size, name);
	wrong_option(t, option, text_string(&text));
}

static _Noreturn void no_value(const struct table *t, const struct argp_option *o,
                               const char *option)
{
	char line[128];

	snprintf(line, sizeof(line), "needs a value: %s%s%s", option, option[1] == '-' ? "=" : " ",
	         o->arg);
	wrong_option(t, option, line);
}

/* Returns true if the argument after an option may be its value. */
static bool wants_value(const struct argp_option *o)
{
	return o->arg && !(o->flags & OPTION_ARG_OPTIONAL);
}

/* Finds a long option by its name or a beginning that only one has; ends the program if none. */
static const struct argp_option *find_long(const struct table *t, const char *name, size_t size)
{
	const struct argp_option *found = NULL;
	size_t count = 0;

	for (size_t i = 0; i < t->count; i++) {
		const struct argp_option *o = t->at[i];

		if (!o->name || strncmp(o->name, name, size) != 0)
			continue;
		if (!o->name[size])
			return o;
		found = o;
		count++;
	}
	if (count > 1)
		ambiguous_option(t, name, size);
	return found;
}

/* Checks "--name" or "--name=value".  Returns true if the next argument is its value. */
static bool check_long(const struct table *t, const char *argument, const char *next)
{
	const char *name = argument + 2;
	const size_t size = strcspn(name, "=");
	char option[PRINTABLE_MAX];
	const struct argp_option *o = find_long(t, name, size);

	if (!o)
		unknown_option(t, argument);
	snprintf(option, sizeof(option), "--%s", o->name);
	if (name[size] && !o->arg)
		wrong_option(t, option, "takes no value");
	if (!name[size] && wants_value(o) && !next)
		no_value(t, o, option);
	return !name[size] && wants_value(o);
}

/* Checks the letters of "-xyz".  Returns true if the next argument is the value of the last. */
static bool check_letters(const struct table *t, const char *argument, const char *next)
{
	for (const char *letter = argument + 1; *letter; letter++) {
		const char option[] = { '-', *letter, '\0' };
		size_t i = 0;

		while (i < t->count && t->at[i]->key != (unsigned char)*letter)
			i++;
		if (i == t->count)
			unknown_option(t, letter == argument + 1 ? argument : option);
		if (!t->at[i]->arg)
			continue;
		if (!letter[1] && !next && wants_value(t->at[i]))
			no_value(t, t->at[i], option);
		return !letter[1] && wants_value(t->at[i]);
	}
	return false;
}

/* Options end at the first argument that is none, as POSIXLY_CORRECT tells argp. */
static void check_options(const struct table *t, int argc, char **argv)
{
	for (int i = 1; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
		if (strcmp(argv[i], "--") == 0)
			return;
		i += (argv[i][1] == '-' ? check_long : check_letters)(t, argv[i], argv[i + 1]);
	}
}

/* Returns the size of the first sentence. */
static int sentence(const char *words)
{
	const char *end = strstr(words, ". ");

	return (int)(end ? (size_t)(end - words) : strlen(words));
}

static void print_options(const struct table *t)
{
	for (size_t i = 0; i < t->count; i++) {
		const struct argp_option *o = t->at[i];

		if (o->flags & OPTION_HIDDEN)
			continue;
		printf("--%s%s\t%.*s\n", o->name, wants_value(o) ? "=" : "", sentence(o->doc),
		       o->doc);
		if (o->key > ' ' && o->key < 0x7f)
			printf("-%c\t%.*s\n", o->key, sentence(o->doc), o->doc);
	}
}

static error_t parse_common(int key, char *arg, struct argp_state *state)
{
	(void)arg;
	switch (key) {
	case 'h':
	case '?':
		argp_state_help(state, stdout, ARGP_HELP_STD_HELP);
		return 0;
	case 'V':
		puts(PROGRAM);
		exit(EXIT_YES);
	}
	return ARGP_ERR_UNKNOWN;
}

/* -? is what argp has for -h. */
static const struct argp_option common_options[] = {
	{ "help", 'h', NULL, 0, "Print this help", -1 },
	{ NULL, '?', NULL, OPTION_HIDDEN, "The same", -1 },
	{ "version", 'V', NULL, 0, "Print the version", -1 },
	{ 0 },
};

static const struct argp common = { .options = common_options, .parser = parse_common };

void arguments_parse(const struct argp *argp, int argc, char **argv, void *input)
{
	struct argp_child children[8] = { { 0 } };
	struct argp whole = *argp;
	struct table table = { .command = argv[0] };
	size_t count = 0;

	for (const struct argp_child *c = argp->children; c && c->argp; c++)
		children[count++] = *c;
	children[count] = (struct argp_child){ .argp = &common };
	whole.children = children;
	collect_options(&table, &whole);
	if (arguments_list) {
		print_options(&table);
		exit(EXIT_YES);
	}
	check_options(&table, argc, argv);
	free(table.at);
	argp_parse(&whole, argc, argv, ARGP_NO_HELP, NULL, input);
}
