# SPDX-License-Identifier: MIT
"""kvm_guest.py - what KVM on a running Linux offers guests of a host, computed a second time.

The rows are those of guest_kvm*.def, whose values tests/unit/test_guest_kvm.c holds against Linux
and Firecracker; what is done with them is written here anew.
"""

import functools
import re
import subprocess

import tables

MACROS = ("TAKEN", "WITHOUT", "MADE", "NOT")
LEAF_MACROS = ("LEAF", "LAST")
VENDORS = {"INTEL": b"GenuineIntel", "AMD": b"AuthenticAMD"}
# Leaf 80000021H is there since 5.17 if leaf 8000001DH is.
ADDS_FROM, ADDS, ADDS_SINCE = 0x8000001d, 0x80000021, 0x511

ROWS = {feature.name: feature for feature in tables.features()}


@functools.lru_cache(maxsize=None)
def table(name, macros):
    """The rows of a table whose macros use others, as the preprocessor leaves them."""
    text = "".join(f"#define {m}(...) @{m}(__VA_ARGS__)@\n" for m in macros)
    text += (tables.FOLDER / f"{name}.def").read_text(encoding="ascii")
    text = subprocess.run(["cc", "-E", "-P", "-x", "c", "-"], input=text, stdout=subprocess.PIPE,
                          text=True, check=True).stdout
    return [(macro, [w.strip() for w in re.findall(r'"[^"]*"|[^,]+', inside)])
            for macro, inside in re.findall(r"@(\w+)\((.*?)\)\s*@", text, re.DOTALL)]


def leaf_of(text):
    """0xd0000345 for "CPUID_MSR | (0x345)"."""
    return int(re.search("0x[0-9a-f]+", text)[0], 0) + ("CPUID_MSR" in text) * tables.MSR


@functools.lru_cache(maxsize=None)
def kvm_rows():
    return {w[0]: (w[1], int(w[2], 0), int(w[3], 0), w[4])
            for _, w in table("guest_kvm", ("KVM",)) if w[0] in ROWS}


def value(host, name):
    row = ROWS[name]
    word = host.get((row.leaf, row.subleaf, row.register), 0)
    return (word & row.mask) >> row.low


def signature(host):
    eax = host.get((1, 0, "EAX"), 0)
    family, model = eax >> 8 & 15, eax >> 4 & 15
    if family in (6, 15):
        model |= (eax >> 16 & 15) << 4
    return family + (eax >> 20 & 255 if family == 15 else 0), model, eax & 15


class Linux:
    """A host with its kernel; microcode None: not known."""

    def __init__(self, host, kernel, microcode=None, nested=False):
        self.host, self.kernel, self.microcode, self.nested = host, kernel, microcode, nested
        self.vendor = b"".join(host.get((0, 0, reg), 0).to_bytes(4, "little")
                               for reg in ("EBX", "EDX", "ECX"))
        self.rows = kvm_rows()
        self.gates = {leaf_of(w[0]): w[2] for macro, w in table("guest_kvm_leaf", LEAF_MACROS)
                      if macro == "LEAF"}

    def last(self, name):
        hosts = last = value(self.host, name)
        for macro, words in table("guest_kvm_leaf", LEAF_MACROS):
            if (macro == "LAST" and words[0] == name and
                    self.reaches(int(words[2], 0), int(words[3], 0))):
                last = min(hosts, int(words[1], 0))
        if name == "NUM_EXT_LEVELS" and self.kernel >= ADDS_SINCE and hosts >= ADDS_FROM:
            last = max(last, ADDS)
        return last

    def reaches(self, since, updates):
        return self.kernel >= since or (updates and self.kernel >= updates)

    def lists(self, row):
        if row.leaf >= tables.MSR:
            gate = self.gates.get(row.leaf)
            return gate is not None and (value(self.host, gate) or self.own(gate))
        if row.leaf >= 0xc0000000:
            return row.leaf <= self.last("MAX_CNTR_LEAF")
        if row.leaf >= 0x80000000:
            return row.leaf <= self.last("NUM_EXT_LEVELS")
        return row.leaf <= self.last("NUMLEVELS") and (
            row.leaf != 7 or row.subleaf <= self.last("LEAF_7_MAX_SUBLEVEL"))

    def own(self, name):
        gives = self.rows[name][0]
        return gives == "OWN" or (gives == "INTEL" and self.vendor == VENDORS["INTEL"])

    def is_one(self, vendor, families, models, steppings, features):
        family, model, stepping = signature(self.host)
        return (self.vendor == VENDORS[vendor] and families[0] <= family <= families[1] and
                models[0] <= model <= models[1] and steppings[0] <= stepping <= steppings[1] and
                all(f == "NONE" or value(self.host, f) for f in features))

    def updated(self, microcode):
        return bool(microcode) and self.microcode is not None and self.microcode >= microcode

    def taken(self, name):
        for macro, w in table("guest_kvm_host", MACROS):
            if macro == "WITHOUT" and w[0] == name and self.kernel >= int(w[2], 0):
                return self.vendor == VENDORS["INTEL"] and not self.offers(w[1])
            if macro != "TAKEN" or w[0] != name:
                continue
            numbers = [int(x, 0) for x in w[2:7]]
            family = (numbers[0], numbers[0] or 255)
            if self.kernel >= int(w[8], 0) and self.is_one(w[1], family, numbers[1:3],
                                                           numbers[3:5], w[7:8]):
                return not self.updated(int(w[9], 0))
        return False

    def made(self, name):
        for macro, w in table("guest_kvm_host", MACROS):
            if macro not in ("MADE", "NOT") or w[0] != name:
                continue
            count = 6 if macro == "MADE" else 5
            n = [int(x, 0) for x in w[2:2 + count]]
            families = n[:2] if macro == "MADE" else [n[0], n[0]]
            models, steppings = n[-4:-2], n[-2:]
            features = w[8:10] if macro == "MADE" else w[7:8]
            since = int(w[10 if macro == "MADE" else 8], 0)
            until = int(w[11], 0) if macro == "MADE" else 0
            microcode = int(w[12], 0) if macro == "MADE" else 0
            if (self.kernel >= since and not (until and self.kernel >= until) and
                    self.is_one(w[1], families, models, steppings, features) and
                    (not microcode or self.updated(microcode))):
                return macro == "MADE"
        return False

    def offers(self, name):
        """True if a guest can have the feature; all choices but nested guests are made."""
        row = ROWS[name]
        if name not in self.rows or not self.rows[name][1]:
            return False
        _, since, updates, choice = self.rows[name]
        gate = self.gates.get(row.leaf, "NONE")
        return ((value(self.host, name) or self.own(name) or self.made(name)) and
                self.reaches(since, updates) and self.lists(row) and not self.taken(name) and
                (choice != "NESTED" or self.nested) and
                (gate in ("NONE", name) or self.offers(gate)))

    def unread(self):
        """The bits of ARCH_CAPABILITIES of which a dump without registers says nothing."""
        if not value(self.host, "ARCH_CAPABILITIES"):
            return set()
        return {name for name, row in ROWS.items() if row.leaf == tables.MSR | 0x10a and
                name in self.rows and self.rows[name][1] and not self.own(name) and
                not self.made(name)}

    def answers(self):
        """The host as its guests see it, a set as of dialect_check.read_dump."""
        offered = dict(self.host)
        for name, row in ROWS.items():
            if row.kind != "FEATURE" or row.low != row.high or row.anywhere:
                continue
            place = row.leaf, row.subleaf, row.register
            if self.offers(name):
                offered[place] = offered.get(place, 0) | row.mask
            elif place in offered:
                offered[place] &= ~row.mask
        for name in ("NUMLEVELS", "LEAF_7_MAX_SUBLEVEL", "NUM_EXT_LEVELS"):
            row = ROWS[name]
            if (row.leaf, row.subleaf, row.register) in offered:
                offered[row.leaf, row.subleaf, row.register] = self.last(name)
        return offered
