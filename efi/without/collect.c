/* SPDX-License-Identifier: MIT */
/* In the place of efi/collect.c, for make NETWORK=0: nothing is sent. */
#include "collect.h"

#include "base/text.h"

void collect_start(struct collect *c, const char *folder, const struct beside *from)
{
	(void)from;
	*c = (struct collect){ .folder = folder };
}

void collect_put(struct collect *c, const struct beside *from, const struct collect_report *r)
{
	struct text t;

	(void)from;
	(void)r;
	if (!c->folder || !*c->folder)
		return;
	text_start(&t, c->why, sizeof(c->why));
	text_put(&t, "this probe was built without the network");
	text_string(&t);
}

void collect_beside(struct collect *c, const struct beside *from, const char *ending,
                    const struct text *text)
{
	(void)c;
	(void)from;
	(void)ending;
	(void)text;
}

void collect_end(struct collect *c, const struct beside *from)
{
	(void)c;
	(void)from;
}
