/* SPDX-License-Identifier: MIT */
#include "report/topology.h"

static void put_count(struct text *t, size_t count, const char *one, const char *many)
{
	text_decimal(t, count);
	text_put(t, count == 1 ? one : many);
}

/* "2 sockets x 16 cores x 2 threads" */
static void put_product(struct text *t, const struct topology *topology)
{
	const size_t large = topology->cores - topology->small;

	put_count(t, topology->packages, " socket x ", " sockets x ");
	if (topology->small) {
		put_count(t, large / topology->packages, " P-core x ", " P-cores x ");
		put_count(t, topology->threads, " thread + ", " threads + ");
		put_count(t, topology->small / topology->packages, " E-core x ", " E-cores x ");
		put_count(t, topology->small_threads, " thread", " threads");
	} else {
		put_count(t, large / topology->packages, " core x ", " cores x ");
		put_count(t, topology->threads, " thread", " threads");
	}
}

/* "2 sockets, 15 cores, 28 processors (sockets differ)" */
static void put_sums(struct text *t, const struct topology *topology)
{
	put_count(t, topology->packages, " socket, ", " sockets, ");
	put_count(t, topology->cores, " core", " cores");
	if (topology->small) {
		text_put(t, " (");
		put_count(t, topology->small, " E-core)", " E-cores)");
	}
	text_put(t, ", ");
	put_count(t, topology->processors, " processor", " processors");
	text_put(t, topology->packages_differ ? " (sockets differ)" : " (cores differ)");
}

void topology_write(struct text *t, const struct topology *topology)
{
	if (topology->partial) {
		text_put(t, "not known: only the boot processor was asked");
		return;
	}
	if (!topology->known) {
		put_count(t, topology->processors, " processor", " processors");
		text_put(t, topology->processors ? "; sockets not known: APIC IDs repeat" : "");
	} else if (topology->packages_differ || topology->cores_differ) {
		put_sums(t, topology);
	} else {
		put_product(t, topology);
	}
	if (topology->leaf_1_alone)
		text_put(t, "; no CPUID leaf counts cores");
	if (topology->disagree)
		text_put(t, "; CPUID leaves disagree about it");
}

/* Appends "4 of 8 cores off". */
static void put_off(struct text *t, size_t a, size_t b, const char *what)
{
	text_decimal(t, a < b ? b - a : a - b);
	text_put(t, " of ");
	text_decimal(t, a < b ? b : a);
	text_put(t, what);
}

void topology_write_cause(struct text *t, const struct topology *a, const struct topology *b)
{
	switch (topology_cause(a, b)) {
	case TOPOLOGY_UNCLEAR:
		break;
	case TOPOLOGY_THREADS:
		text_put(t, "Hyper-Threading off");
		break;
	case TOPOLOGY_CORES:
		put_off(t, a->cores, b->cores, " cores off");
		break;
	case TOPOLOGY_SMALL:
		if (a->small == 0 || b->small == 0)
			text_put(t, "E-cores off");
		else
			put_off(t, a->small, b->small, " E-cores off");
		break;
	case TOPOLOGY_PACKAGES:
		put_off(t, a->packages, b->packages, " sockets off or absent");
		break;
	}
}
