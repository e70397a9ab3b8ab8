#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds the tables of common/table to their own rules, and says which row breaks one.

What the compiler finds is not looked for here: two rows for one bit, a bit above 31, a feature that
there is none of, a feature twice in a table (tests/compilers).
"""

import collections
import pathlib
import re
import subprocess
import sys

import results
import tables

COMMON = pathlib.Path("common")

# The tables beside feature.def whose rows ascend as its rows do.
ASCENDING = ("feature_names", "feature_setup", "feature_microcode", "feature_copy", "vmware",
             "vmware_words", "guest_kvm", "xen", "firecracker", "virtualbox", "kvm_since")

# Columns of feature_names.def in which a name stands for one feature.
UNIQUE = ("capability", "linux", "qemu", "libvirt", "xen")

# Linux has one flag for a feature of Intel and AMD at two places, QEMU for two clocks of KVM,
# VMware a capability for Intel's and AMD's bit.
SHARED = {("linux", "mba"), ("qemu", "kvmclock"), ("capability", "ibpb")}


def out_of_order(features):
    keys = [(f.leaf, f.anywhere, f.subleaf, tables.REGISTERS.index(f.register), f.low)
            for f in features]
    return [f"{b.name} belongs before {a.name}"
            for a, b, x, y in zip(features, features[1:], keys, keys[1:]) if x >= y]


def out_of_place(table, order):
    keys = [words[0] for _, words in tables.rows(table)]
    return [f"{table}.def: {b} belongs before {a}"
            for a, b in zip(keys, keys[1:]) if order[a] >= order[b]]


def names_twice(names):
    wrong = []
    for namer in UNIQUE:
        whose = collections.defaultdict(list)
        for feature, row in names.items():
            for name in filter(None, re.split(r"[ |]", row[namer])):
                whose[name.lower()].append(feature)
        wrong += [f"{namer} calls {' and '.join(several)} {name}"
                  for name, several in whose.items()
                  if len(several) > 1 and (namer, name) not in SHARED]
    return wrong


def without_a_name(names):
    return [feature for feature, row in names.items() if not any(row.values())]


def not_of_kvm(features, names):
    """Features that QEMU or libvirt names and of which nothing is known; KVM's own leaves aside."""
    known = {words[0] for _, words in tables.rows("guest_kvm")}
    return [f"{f.name} has no row in guest_kvm.def" for f in features
            if (names.get(f.name, {}).get("qemu") or names.get(f.name, {}).get("libvirt")) and
            f.name not in known and f.leaf != 0x40000001]


def circles(features):
    """Needs that lead back to where they began; only a feature and its XSAVE states may do so."""
    needs = {f.name: f.needs for f in features}
    found = set()

    def walk(path):
        for need in needs[path[-1]]:
            if need in path:
                circle = path[path.index(need):]
                if not any(name.startswith("XCR0_") for name in circle):
                    found.add(" needs ".join(circle + [need]))
            else:
                walk(path + [need])

    for name in needs:
        walk([name])
    return sorted(found)


def spelt(pattern):
    """All words of a form in the sources; a .def does not use what it defines."""
    text = subprocess.run(["git", "grep", "-hoE", pattern, "--", "*.c", "*.h"], check=True,
                          capture_output=True, text=True).stdout
    return set(text.split())


def unused_rows(features):
    """Rows that nothing refers to."""
    units = {f.unit for f in features}
    wrong = [f"feature_unit.def: no field is in {words[0]}"
             for macro, words in tables.rows("feature_unit")
             if macro == "UNIT" and words[0] not in units]
    for path, prefix in ((COMMON / "base/err.def", "ERR"),
                         (COMMON / "report/report_field.def", "FIELD")):
        used = spelt(rf"\b{prefix}_[A-Z0-9_]+\b")
        defined = re.findall(rf"^{prefix}\((\w+),", path.read_text(encoding="ascii"), re.MULTILINE)
        wrong += [f"{path}: {name} is used nowhere" for name in defined
                  if f"{prefix}_{name}" not in used]
    return wrong


# The bits of leaf 1 EDX that AMD's 80000001H EDX repeats (APM volume 3, appendix E), and of AMX's
# in leaf 1EH, subleaf 1 (SDM): the copy's place and the original's.
COPIES = {(0x80000001, 0, "EDX", bit): (1, 0, "EDX", bit)
          for bit in (*range(10), *range(12, 18), 23, 24)} | {
    (0x1e, 1, "EAX", 0): (7, 0, "EDX", 25), (0x1e, 1, "EAX", 1): (7, 0, "EDX", 22),
    (0x1e, 1, "EAX", 2): (7, 1, "EDX", 8), (0x1e, 1, "EAX", 3): (7, 1, "EAX", 21)}


def unlike_copies(features):
    """Rows of feature_copy.def that the manuals do not have, and the other way round."""
    place = {f.name: f.place for f in features}
    ours = {place[copy]: place[original] for _, (copy, original) in tables.rows("feature_copy")}
    return [f"{at}: a copy of {ours.get(at)}, by the manuals of {COPIES.get(at)}"
            for at in sorted(ours.keys() | COPIES.keys()) if ours.get(at) != COPIES.get(at)]


def signatures(rows):
    """The models and steppings that rows with these numbers are of."""
    return {(model, stepping) for first, last, low, high in rows
            for model in range(first, last + 1) for stepping in range(low, high + 1)}


def unlike_weaknesses():
    """Processors of Intel's that have a weakness by one table and not by the other."""
    wrong = []
    for name in ("GDS", "RFDS", "ITS"):
        only = signatures([(int(w[2], 0), int(w[3], 0), int(w[4], 0), 15)
                           for macro, w in tables.rows("speculation")
                           if macro == "ONLY" and w[0] == name])
        not_made = signatures([tuple(int(n, 0) for n in w[3:7])
                               for macro, w in tables.rows("guest_kvm_host")
                               if macro == "NOT" and w[0] == f"{name}_NO" and w[7] == "NONE"])
        wrong += [f"{name}: model {model:#x}, stepping {stepping}, by one table only"
                  for model, stepping in sorted(only ^ not_made)]
    return wrong


def main():
    features, names = tables.features(), tables.names()
    order = {f.name: i for i, f in enumerate(features)}
    said = results.Results()
    said.say(out_of_order(features), "the rows of feature.def ascend")
    for table in ASCENDING:
        said.say(out_of_place(table, order), f"the rows of {table}.def ascend as in feature.def")
    said.say(names_twice(names), "no two features have one name")
    said.say(without_a_name(names), "no row of feature_names.def is empty")
    said.say(not_of_kvm(features, names), "guest_kvm.def knows what QEMU and libvirt name")
    said.say(circles(features), "no feature needs itself")
    said.say(unused_rows(features), "every row of a table is used")
    said.say(unlike_copies(features), "the rows of feature_copy.def are those of the manuals")
    said.say(unlike_weaknesses(), "speculation.def and guest_kvm_host.def know the same weaknesses")
    print(f"1..{said.count}")
    return said.failed > 0


if __name__ == "__main__":
    sys.exit(main())
