/* SPDX-License-Identifier: MIT */
/*
 * topology.h - packages, cores and processors of a machine, from the APIC IDs that were read.
 *
 * An APIC ID is a number of fields: package, core in the package, processor in the core.  CPUID
 * says where they begin.  So the counts are of what firmware has left on, not of what was built in.
 * Sources: SDM vol. 3A, "Hierarchical mapping of shared resources"; AMD APM vol. 3, leaves
 * 8000001EH and 80000026H.
 */
#ifndef TOPOLOGY_H
#define TOPOLOGY_H

#include "report/report.h"

struct topology {
	bool known;   /* otherwise the counts but that of processors mean nothing */
	bool partial; /* only the boot processor was asked, so nothing is known of the machine */
	size_t packages, cores, processors;
	size_t small; /* of the cores, those of type Atom in a hybrid machine (leaf 1AH): E-cores */

	/* Processors in each E-core, and in each other core; if they differ, in one of them. */
	size_t small_threads, threads;
	bool packages_differ; /* in how many cores they have */
	bool cores_differ;    /* in how many processors they have */

	/* What the counts rest on is weak: */
	bool leaf_1_alone; /* no leaf tells how many cores a package has */
	bool disagree;     /* two leaves tell different APIC IDs or fields of them */
};

/* A processor's APIC ID, and in how many of its low bits those of its core and its package differ.
 */
struct topology_ids {
	uint32_t apic;
	unsigned core, package;
};

/* Sets *ids from the leaf that tells most of a processor: 80000026H, 1FH, 0BH, or older ones. */
void topology_ids(struct topology_ids *ids, const struct cpuid_set *set);

/* Return true for a core of type Atom, and if a machine has cores of that type and others. */
bool topology_small(const struct cpuid_set *set);
bool topology_hybrid(const struct report *r);

/* Sets *t.  It is not known if there is no processor, or if two have the same APIC ID. */
void topology_take(struct topology *t, const struct report *r);

/*
 * Returns true if a count differs; those that are not known do not differ, nor does what is
 * partial.
 */
bool topology_differs(const struct topology *a, const struct topology *b);

/* What is off on one of two machines that should be identical. */
enum topology_cause {
	TOPOLOGY_UNCLEAR,  /* not known, or several things */
	TOPOLOGY_THREADS,  /* Hyper-Threading or SMT */
	TOPOLOGY_CORES,    /* some cores */
	TOPOLOGY_SMALL,    /* some E-cores */
	TOPOLOGY_PACKAGES, /* or not there: some packages */
};

/*
 * Returns how many processors a package has, as leaf 1FH, 0BH, 80000008H or 1 of one of them says;
 * some count those that firmware has switched off.  0 if none says it.
 */
uint32_t topology_told(const struct cpuid_set *set);

/*
 * Returns true for an imported report that has one processor of a package with several: of the
 * machine it says nothing.
 */
bool topology_one_of_several(const struct report *r);

/* Returns the one thing that explains why two machines differ. */
enum topology_cause topology_cause(const struct topology *a, const struct topology *b);

/*
 * Appends "2 sockets x 16 cores x 2 threads" or "1 socket x 8 P-cores x 2 threads + 4 E-cores x 1
 * thread"; the sums and "(sockets differ)" or "(cores differ)" if they do not divide like that;
 * "12 processors" and why if it is not known; and what the counts rest on if that is weak.
 */
void topology_write(struct text *t, const struct topology *topology);

/*
 * Appends what is off on the one of two machines that has less: "Hyper-Threading off", "4 of 8
 * cores off", "E-cores off", "1 of 2 sockets off or absent"; nothing if it is unclear.
 */
void topology_write_cause(struct text *t, const struct topology *a, const struct topology *b);

#endif
