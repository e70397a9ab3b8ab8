/* SPDX-License-Identifier: MIT */
#include "output/print_control.h"

#include <inttypes.h>
#include <stdio.h>

#include "output/print.h"
#include "table/feature_setup.h"
#include "table/msr.h"

#define MSR_APIC_BASE 0x1bU

static int print_name(const char *name)
{
	printf("    %-*s", INDENT - 4, name);
	return INDENT;
}

/* Begins a line with a register's name and value.  Returns the column after them. */
static int print_value(const char *name, const struct control_value *value)
{
	char word[17] = "unknown";
	int column = print_name(name);

	if (value->known)
		snprintf(word, sizeof(word), "%" PRIx64, value->value);
	print_word(&column, word);
	return column;
}

/* Prints CR4 with the bits that CPUID mirrors: without one of them a feature may read 0. */
static void print_cr4(const struct control_value *cr4)
{
	static const struct {
		unsigned bit;
		const char *name;
	} mirrored[] = { { 18, "OSXSAVE" }, { 19, "KL" }, { 22, "PKE" } };
	int column = print_value("CR4", cr4);

	for (size_t i = 0; cr4->known && i < sizeof(mirrored) / sizeof(mirrored[0]); i++)
		if (cr4->value >> mirrored[i].bit & 1)
			print_word(&column, mirrored[i].name);
	putchar('\n');
}

/* Prints XCR0 with the enabled state components, by the names of their bits in leaf 0DH. */
static void print_xcr0(const struct control_value *xcr0)
{
	int column = print_value("XCR0", xcr0);

	for (unsigned bit = 0; xcr0->known && bit < 64; bit++) {
		const enum cpuid_reg reg = bit < 32 ? EAX : EDX;
		const enum feature_id id = feature_at(0xd, 0, reg, bit % 32);
		char unnamed[8];

		if (!(xcr0->value >> bit & 1))
			continue;
		snprintf(unnamed, sizeof(unnamed), "<%u>", bit);
		print_word(&column, id != F_NONE && features[id].low == features[id].high
		                            ? feature_name(id)
		                            : unnamed);
	}
	putchar('\n');
}

/* SDM vol. 3A, 11.12.1: bit 11 enables the local APIC, bit 10 then its x2APIC mode. */
static const char *apic_mode(uint64_t apic_base)
{
	static const char *const mode[] = {
		"off",
		"off, but its x2APIC bit is set (invalid)",
		"xAPIC mode",
		"x2APIC mode",
	};

	return mode[apic_base >> 10 & 3];
}

static void print_msrs(const struct control *control)
{
	for (const struct control_msr *m = control->msr; m < control->msr + control->msrs; m++) {
		const char *name = msr_name(m->number);

		printf("    MSR %08" PRIx32 "   %-20s ", m->number, *name ? name : "(no name)");
		if (m->value.known)
			printf("%" PRIx64 "\n", m->value.value);
		else
			puts("not there");
	}
}

void finding_write(struct text *t, const struct msr_finding *f)
{
	char where[64];
	const bool limits = features[f->id].kind == KIND_FIELD;

	/* Of a number, the option that limits it says more than its name. */
	if (limits)
		feature_setup_put(t, f->id);
	else
		text_put(t, feature_name(f->id));
	text_put(t, limits ? ": on" : ": off");
	text_put(t, f->locked ? ", locked until reset" : "");
	snprintf(where, sizeof(where), " (MSR %" PRIX32 "H %s)", f->number, msr_name(f->number));
	text_put(t, where);
}

void print_control(const struct control *control)
{
	print_cr4(&control->cr4);
	print_xcr0(&control->xcr0);
	print_value("microcode", &control->microcode);
	putchar('\n');
	for (size_t i = 0; i < control->msrs; i++) {
		int column;

		if (control->msr[i].number != MSR_APIC_BASE || !control->msr[i].value.known)
			continue;
		column = print_name("local APIC");
		print_word(&column, apic_mode(control->msr[i].value.value));
		putchar('\n');
	}
	print_msrs(control);
}
