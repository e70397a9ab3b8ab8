#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds common/table/feature.def against the facts it was made from.

The facts are a table of what the ecosystems' sources say, which lies beside the project's checkout
where the project is worked on.  Where it is there, every row is compared with it; everywhere, the
facts in feature.def are compared with a digest of them that is committed, so that no row changes
unnoticed.  table.py --bless writes the digest anew; its diff is to be looked at.
"""

import csv
import hashlib
import os
import re
import sys

TABLE = "common/table/feature.def"
FACTS = "../shared/facts/features.tsv"
DIGEST = "tests/data/feature.digest"

# Columns that are not a row of the facts: further names, and the unit; the digest has them.
OTHER, UNIT = 16, 20

# Where the facts have names, and what joins several.
NAMES = ("name linux_name qemu_name libvirt_name vmware_name xen_name vmware_capability "
         "linux_macro kcpuid_name libxl_alias libvirt_qemu_alias qemu_alias").split()
JOINED = re.compile(r"[ |]+")

KINDS = {"feature": "FEATURE", "bios-switchable": "SWITCHABLE", "size/field": "FIELD",
         "os-dependent": "OS", "per-cpu": "PROCESSOR"}
RULES = {"and": "ALL", "or": "ANY", "min": "MIN", "same": "SAME", "compare": "SAME",
         "ignore": "NEVER", "derive": "NEVER", "recompute": "NEVER"}

# Rows of the facts that overlap others: of two readings of the same bits, the table has the one
# that the manuals give, or that splits a word into its fields.  Their names are further names of
# what the table has there: of the row that covers most of the bits, or of each of a word's parts,
# so that none of them passes for the whole.
LEFT_OUT = set("""
FULL_MODEL_LIBXL FULL_FAMILY_LIBXL LEAF2_CACHE3 LEAF2_CACHE7 LEAF2_CACHE11 LEAF2_CACHE15
CACHE_NSETS_31 HW_FEEDBACK_NUM_CLASSES IA32_PLATFORM_DCA_CAP_VAL FIXED_CTR0 FIXED_CTR1 FIXED_CTR2
FIXED_CTR3 SECS_ATTRIBUTES_XFRM_LOW MAX_SOCID_INDEX SOC_PROJECT_ID SOC_STEPPING_ID LBR_DEPTH
LBR_EVENTS_GPC_BMP HV_INTERFACE_SIGNATURE RDPRU_MAX LWP_LATENCY_MAX LEAF81D_CACHE_NSETS_31
CORES_PER_COMPUTE_UNIT MICROCODE_PATCH_SIZE AMD_NUM_UMC_PMC_8 ARCH_PMC_MAX_SUBLEAF XER
SVM_ECX_RSVD1 SVMEDX_RSVD0 XCR0_CET_U XCR0_CET_S HRESET_ENABLE_MSR_VALID_BITS MAXHVLEAF
""".split())

# Rules that are not the facts' hint, and why.
RULE_EXCEPTIONS = {
    "XCR0_X87": "FIXED",            # constant wherever XSAVE is
    "SYSCALL": "FIXED",             # depends on the mode CPUID runs in; constant in 64-bit mode
    "APIC": "FIXED",                # guests always get one
    "EXT_APIC": "FIXED",            # AMD's copy of it
    "HYBRID": "NEVER",              # what cores there are is not a guest's business
    "LEAF88_CORE_COUNT": "NEVER",   # follows SMT and disabled cores
    "APICID_COREID_SIZE": "NEVER",  # topology
    "GUEST_PHYS_ADDR_SZ": "NEVER",  # a hypervisor's number
    "DCA_ENABLED_IN_BIOS": "NEVER",  # copy of a model-specific register
    "NUM_ENCRYPTED_GUESTS": "NEVER",  # follows a setup option, no use to a guest
    "SEV_MIN_ASID": "NEVER",        # as above
    "MAX_HYP_LEVEL": "NEVER",       # a hypervisor's number
}


def expected_rule(row):
    name, leaf, subleaf = row["name"], int(row["leaf"], 16), row["subleaf"]
    if name in RULE_EXCEPTIONS:
        return RULE_EXCEPTIONS[name]
    if leaf == 0x12 and int(subleaf.rstrip("+"), 16) >= 2:
        return "NEVER"              # EPC sections are addresses
    if leaf == 0xD and int(subleaf.rstrip("+"), 16) >= 2:
        return "SAME"               # a layout is alike or it is not
    if leaf in (0x27, 0x28, 0x80860000, 0x80860001) and row["kind"] == "size/field":
        return "NEVER"              # per processor; a vendor's identity
    return RULES[row["merge_hint"]]


def subleaf_column(text):
    number = int(text.rstrip("+"), 16)
    return f"FROM({number})" if text.endswith("+") else str(number)


def read_table():
    """Returns the rows of feature.def as lists of 22 columns, strings without their quotes."""
    rows = []
    with open(TABLE, encoding="ascii") as file:
        for line in file:
            if line.startswith("FEATURE("):
                words = re.findall(r'"((?:[^"\\]|\\.)*)"|([^\s,()]+(?:\(\d+\))?)', line[8:-2])
                rows.append([a or b for a, b in words])
    return rows


def hw_column(text):
    return {"never": "0", "": "0", "future": "HW_FUTURE"}.get(text, text)


def facts_of(row):
    """The columns of a row of the facts that the table must have as they are."""
    return [
        row["leaf"], subleaf_column(row["subleaf"]), row["register"].upper(), row["bit_low"],
        row["bit_high"], row["name"], expected_rule(row), row["vmware_support"] or "NONE",
        hw_column(row["vmware_min_hw_version"]), row["vmware_capability"].replace("cpuid.", ""),
        row["vmware_name"], row["linux_name"], row["qemu_name"], row["libvirt_name"],
        row["xen_name"],
    ]


def columns_of(row):
    """The same columns of a row of the table: all but the kind and those behind the Xen name."""
    return row[:6] + [row[7]] + row[8:16]


def read_facts():
    with open(FACTS, encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [row for row in rows
                if row["kind"] != "reserved" and row["name"] not in LEFT_OUT]


def folded(name):
    """A name as feature_find compares it."""
    return name.lower().removeprefix("cpuid.").replace("_", "-").replace(".", "-")


def accepted_names(rows):
    """Every name that a row of the table goes by; tests/unit/test_explain.c finds each of them."""
    return {folded(name) for row in rows for column in [row[5]] + row[10:OTHER + 1]
            for name in JOINED.split(column)}


def unknown_names(rows):
    """The names that the facts have for anything but reserved bits, and the table has not."""
    accepted = accepted_names(rows)
    with open(FACTS, encoding="utf-8", newline="") as file:
        facts = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return sorted({f"{row['name']}: {name}" for row in facts if row["kind"] != "reserved"
                   for column in NAMES for name in JOINED.split(row[column])
                   if folded(name) not in accepted})


def digest(rows):
    text = "".join("\t".join(columns_of(row) + [row[OTHER], row[UNIT]]) + "\n" for row in rows)
    return f"{hashlib.sha256(text.encode()).hexdigest()}  {len(rows)} rows\n"


class Results:
    def __init__(self):
        self.count = self.failed = 0

    def say(self, good, name, *details):
        self.count += 1
        self.failed += not good
        print(f"{'ok' if good else 'not ok'} {self.count} - {name}")
        for detail in details if not good else ():
            print(f"# {detail}")


def compare_with_facts(results, rows):
    facts = {row["name"]: facts_of(row) for row in read_facts()}
    table = {row[5]: columns_of(row) for row in rows}
    wrong = [f"{name}: {table[name]}, not {facts[name]}"
             for name in facts if name in table and table[name] != facts[name]]
    results.say(not wrong, "every row says what the facts say", *wrong[:10])
    missing = sorted(facts.keys() - table.keys())
    results.say(not missing, "no row of the facts is missing", *missing[:10])
    extra = sorted(table.keys() - facts.keys())
    results.say(not extra, "no row is made up", *extra[:10])
    unknown = unknown_names(rows)
    results.say(not unknown, "every name in the facts that is not reserved is accepted",
                *unknown[:10])


def main():
    rows = read_table()
    if sys.argv[1:] == ["--bless"]:
        with open(DIGEST, "w", encoding="ascii") as file:
            file.write(digest(rows))
        return 0
    results = Results()
    results.say(all(len(row) == 22 for row in rows), "every row has 22 columns")
    with open(DIGEST, encoding="ascii") as file:
        wanted = file.read()
    results.say(digest(rows) == wanted, "the facts in the table are those of the digest",
                f"is {digest(rows).strip()}", f"wanted {wanted.strip()}",
                "if that is meant: tests/table.py --bless")
    if os.path.exists(FACTS):
        compare_with_facts(results, rows)
    else:
        print(f"# {FACTS} is not there: held against the digest only")
    print(f"1..{results.count}")
    return results.failed > 0


if __name__ == "__main__":
    sys.exit(main())
