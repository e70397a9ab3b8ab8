#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""dialect_check.py DIALECT FILE [--baseline] [--base MODEL] [--host DUMP] DUMP...

Reads the output of "cpulevel mask --for DIALECT" back, by what the hypervisors document, and says
whether it hides exactly what the hosts whose "cpuid -r" dumps are given do not all have.  Merging
is done here anew.  QEMU is started with a -cpu option under TCG and asked what its guest sees;
libvirt's element is given to libvirt first, which writes the option.  libvirt works in the folder
of FILE.
"""

import argparse
import dataclasses
import functools
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import hypervisor
import kvm_guest
import qemu_cpu
import tables

REGISTERS = tables.REGISTERS

# What QEMU's own options decide, KVM gives to no guest, or is not for a guest that is to move: its
# presence is up to the base, if all hosts have it.
UP_TO_BASE = set("""
dtes64 ds-cpl smx est tm2 cid xtpr dca pn ds acpi tm ia64 pbe pcommit pks cet-ss cet-ibt
core-capability fred apxf apx-nci-ndd-nf extapic ibs skinit wdt lwp tce nodeid-msr monitor waitpkg
pdcm arch-lbr perfctr-core perfctr-nb perfmon-v2 topoext avx10 avx10-128 avx10-256 avx10-512
avx10-vnni-int sgx sgxlc sgx1 sgx2 sgx-edeccssa sgx-exinfo sgx-debug sgx-mode64 sgx-provisionkey
sgx-tokenkey sgx-kss sgx-aex-notify intel-pt intel-pt-lip vmx svm invtsc
npt lbrv svm-lock nrip-save tsc-scale vmcb-clean flushbyasid decodeassists pause-filter
pfthreshold avic v-vmsave-vmload vgif gmet vnmi svme-addr-chk
""".split())
TILES = set("""amx-bf16 amx-tile amx-int8 amx-fp16 amx-complex amx-int8-alias amx-bf16-alias
amx-complex-alias amx-fp16-alias amx-fp8 amx-tf32 amx-avx512 amx-movrs""".split())
# KVM has these in software and TCG does not, by libvirt's names.
SOFTWARE = {"tsc-deadline", "tsc_adjust", "umip", "arat", "arch-capabilities", "skip-l1dfl-vmentry",
            "pschange-mc-no", "rfds-no", "gds-no"}
# KVM shows a guest both vendors' bits for one thing; its own vendor's are enough.
REPEATED = {b"GenuineIntel": {"ibpb", "ibrs", "amd-stibp", "amd-ssbd",
                             "amd-no-ssb"},
            b"AuthenticAMD": {"spec-ctrl", "stibp", "ssbd"}}
# Rows of rule ANY that KVM has words for.
SAID_IF_ANY = {"md-clear", "verw-clear"}
# Firecracker, docs/cpu_templates/cpuid-normalization.md
NORMALIZED = {(1, 0, "ECX", 15), (1, 0, "ECX", 24), (7, 0, "ECX", 5), (0x80000001, 0, "ECX", 22)}

LIBXL = {
    "est": "EIST", "cntxid": "CNXT_ID", "cmpxchg16": "CMPXCHG16B", "sse4_1": "SSE4_1",
    "sse4_2": "SSE4_2", "aes": "AESNI", "cmpxchg8": "CX8", "sysenter": "SEP", "psn": "PSN",
    "clfsh": "CLFSH", "tm": "TM", "ia64": "IA64", "arat": "ARAT", "tsc_adjust": "TSC_ADJUST",
    "cmt": "RDT_M", "lahfsahf": "LAHF_SAHF", "altmovcr8": "ALT_MOV_CR8", "nodeid": "NODEID_MSR",
    "perfctr_core": "PERF_CTR_EXT_CORE", "perfctr_nb": "PERF_CTR_EXT_NB",
    "invtsc": "TSC_INVARIANT", "ppin": "AMD_PPIN", "svm_npt": "SVM_NP",
    "svm_lbrv": "SVM_LBR_VIRT", "svm_nrips": "SVM_NRIPS", "svm_tscrate": "SVM_TSC_RATE_MSR",
    "svm_vmcbclean": "SVM_VMCB_CLEAN", "svm_decode": "SVM_DECODE_ASSISTS",
    "svm_pausefilt": "SVM_PAUSE_FILTER",
}
VIRTUALBOX = {
    "SSE4.1": "SSE4_1", "SSE4.2": "SSE4_2", "CMPXCHG16B": "CMPXCHG16B", "MONITOR": "MONITOR",
    "PCLMUL": "PCLMULQDQ", "PCID": "PCID", "MOVBE": "MOVBE", "POPCNT": "POPCNT",
    "AESNI": "AESNI", "XSAVE": "XSAVE", "AVX": "AVX", "RDRAND": "RDRAND",
    "FSGSBASE": "FSGSBASE", "AVX2": "AVX2", "INVPCID": "INVPCID", "RDSEED": "RDSEED",
    "CLFLUSHOPT": "CLFLUSHOPT", "FlushCmdMsr": "L1D_FLUSH", "ABM": "ABM", "SSE4A": "SSE4A",
    "MISALNSSE": "MISALIGN_SSE", "3DNOWPRF": "PREFETCHW", "AXMMX": "MMX_EXT", "FMA": "FMA",
    "F16C": "F16C", "ADX": "ADX", "SHA": "SHA",
}


def read_table():
    """Rows as dictionaries: position, kind, rule and needs, names, and what VMware shows."""
    names, vmware, table = tables.names(), tables.vmware(), []
    for feature in tables.features():
        row = Row({key: "" for key in tables.NAMERS})
        row.update(dataclasses.asdict(feature), sub=feature.subleaf, reg=feature.register)
        row.update(names.get(feature.name, {}))
        row["support"], row["hw"] = vmware.get(feature.name, ("NONE", "0"))
        row.place = feature.place
        row.feature = (feature.rule == "ALL" and feature.single and not feature.anywhere
                       and feature.kind == "FEATURE")
        table.append(row)
    return table


class Row(dict):
    """A row of feature.def, with what the tables beside it say of it."""


ARCH_CAPABILITIES = tables.MSR | 0x10a

# What a guest of hosts of several vendors is told.
MIXED = "AuthenticAMD"

ROWS = read_table()
BY_NAME = {row["name"]: row for row in ROWS}
BY_PLACE = {row.place: row for row in ROWS if row["low"] == row["high"]}


@functools.lru_cache(maxsize=None)
def read_dump(path):
    answers = {}
    pattern = re.compile(r"\s+0x([0-9a-f]+) 0x([0-9a-f]+): "
                         + " ".join(f"{r.lower()}=0x([0-9a-f]+)" for r in REGISTERS))
    with open(path, encoding="ascii") as file:
        for line in file:
            found = pattern.match(line)
            if found:
                leaf, sub, *values = (int(x, 16) for x in found.groups())
                for reg, value in zip(REGISTERS, values):
                    answers[leaf, sub, reg] = value
    return answers


@functools.lru_cache(maxsize=None)
def guest_answers(path, kernel, nested):
    return kvm_guest.Linux(read_dump(path), kernel, nested=nested).answers()


def value(answers, row):
    width = row["high"] - row["low"] + 1
    return answers.get((row["leaf"], row["sub"], row["reg"]), 0) >> row["low"] & (1 << width) - 1


def merge(hosts):
    """Names of the bits that all hosts have, without what lacks a need or has two layouts."""
    rows = [row for row in ROWS if row["low"] == row["high"]]
    baseline = {row["name"] for row in rows
                if row["rule"] in ("ALL", "ANY", "FIXED") and
                (all if row["rule"] == "ALL" else any)(value(host, row) for host in hosts)}
    for row in rows:
        layout = {(h[0xd, row["low"], "EAX"], h[0xd, row["low"], "EBX"])
                  for h in hosts if (0xd, row["low"], "EAX") in h}
        if row.place[:3] == (0xd, 0, "EAX") and row["low"] >= 2 and len(layout) > 1:
            baseline.discard(row["name"])
    while True:
        lost = {name for name in baseline
                for need in BY_NAME[name]["needs"] if not has(baseline, need, hosts)}
        if not lost:
            return baseline
        baseline -= lost


def has(baseline, need, hosts):
    row = BY_NAME[need]
    if row["low"] == row["high"]:
        return need in baseline
    return min(value(host, row) for host in hosts) > 0


class Case:
    """A pool, and what is asked of it."""

    def __init__(self, args):
        self.args = args
        self.hosts = [self.read(path) for path in args.dumps]
        self.baseline = merge(self.hosts)
        seen = [self.read(args.host)] if args.host else self.hosts
        self.seen = {row["name"] for row in ROWS if row["low"] == row["high"]
                     and any(value(host, row) for host in seen)}
        self.everywhere = {name for name in self.baseline
                           if all(value(host, BY_NAME[name]) for host in self.hosts)}

        if args.dialect == "firecracker" and len(args.dumps) > 1:
            for path in [args.host] if args.host else args.dumps:
                self.seen |= kvm_guest.Linux(read_dump(path), args.kernel).unread()

    def read(self, path):
        """What a dump has, or what KVM of a kernel makes of it."""
        if not self.args.kernel:
            return read_dump(path)
        return guest_answers(path, self.args.kernel, self.args.nested)

    def last(self, name):
        return min(value(host, BY_NAME[name]) for host in self.hosts)

    def grows(self, name):
        """True if a host that is seen has more leaves than all have."""
        seen = [self.read(self.args.host)] if self.args.host else self.hosts
        return max(value(host, BY_NAME[name]) for host in seen) > self.last(name)

    def shared(self, row):
        if 0x80000000 <= row["leaf"] < tables.MSR:
            return row["leaf"] <= self.last("NUM_EXT_LEVELS")
        if row["leaf"] >= tables.MSR:
            return row["leaf"] == ARCH_CAPABILITIES and "ARCH_CAPABILITIES" in self.baseline
        return row["leaf"] <= self.last("NUMLEVELS") and (
            row["leaf"] != 7 or row["sub"] <= self.last("LEAF_7_MAX_SUBLEVEL"))

    def hidden(self):
        """The names of all features to hide."""
        return {row["name"] for row in ROWS if row.feature and row["name"] not in self.baseline
                and (self.args.baseline or row["name"] in self.seen)}


def expect(what, found, wanted):
    """Compares two sets of names."""
    for name in sorted(found - wanted, key=str):
        print(f"{what}: {name} should not be there")
    for name in sorted(wanted - found, key=str):
        print(f"{what}: {name} is missing")
    if found != wanted:
        sys.exit(1)


def need(condition, message):
    if not condition:
        sys.exit(message)


def pattern_bits(leaf, sub, reg, text, zeros="0", others="x"):
    need(len(text) == 32 and set(text) <= set(zeros + others), f"bad pattern {text}")
    return {BY_PLACE[leaf, sub, reg, 31 - i]["name"] for i, c in enumerate(text) if c in zeros}


# Readers: each returns the names of what its text hides, and more where it says more.

def read_featmask(text):
    capabilities = {}
    for row in ROWS:
        for name in filter(None, row["capability"].split("|")):
            capabilities.setdefault(name, set()).add(row["name"])
    found, names, rest = set(), [], False
    for line in text.splitlines():
        if line.startswith("#"):
            rest = True
            continue
        if rest:
            key = re.fullmatch(r'cpuid\.([0-9a-f]+)(?:\.([0-9a-f]+))?\.(e[a-d]x) = "([-0:]+)"',
                               line)
            need(key, f"not a mask: {line}")
            bits = pattern_bits(int(key[1], 16), int(key[2] or "0", 16), key[3].upper(),
                                key[4].replace(":", ""), others="-")
            need(not any(BY_NAME[name]["capability"] for name in bits), f"has a name: {line}")
            found |= bits
            continue
        name = re.fullmatch(r'featMask\.vm\.cpuid\.([A-Z0-9_]+) = "Max:0"', line)
        need(name and name[1] in capabilities, f"not a feature mask: {line}")
        names.append(name[1])
    need(len(names) == len(set(names)), "a repeated key")
    return found, [capabilities[name] for name in names]


def read_libvirt(text):
    root = ElementTree.fromstring(text)
    need(root.tag == "cpu" and root.attrib == {"mode": "custom", "match": "exact",
                                               "check": "partial"}, "not such an element")
    model = root.find("model")
    need(model.attrib.get("fallback") == "forbid" and
         set(model.attrib) <= {"fallback", "vendor_id"}, f"{model.attrib}")
    other = {"vendor_id": model.get("vendor_id")} if model.get("vendor_id") else {}
    if root.find("vendor") is not None:
        other["vendor"] = root.find("vendor").text
    if root.find("maxphysaddr") is not None:
        need(root.find("maxphysaddr").get("mode") == "emulate", "maxphysaddr")
        other["phys-bits"] = root.find("maxphysaddr").get("bits")
    said = {}
    for feature in root.iter("feature"):
        need(feature.get("policy") in ("require", "disable"), "policy")
        need(feature.get("name") not in said, f"{feature.get('name')} twice")
        said[feature.get("name")] = feature.get("policy") == "require"
    names = {row["libvirt"]: row["qemu"] for row in ROWS if row["libvirt"]}
    return model.text, {names[name]: on for name, on in said.items()}, other


def read_qemu(text):
    need(text.startswith("-cpu ") and text.endswith("\n") and text.count("\n") == 1, "not a line")
    need(not re.search(r"[^A-Za-z0-9,.=+_-]", text[5:-1]), "needs quoting")
    model, *words = text[5:-1].split(",")
    said, other = {}, {}
    for word in words:
        if word[0] in "+-":
            need(word[1:] not in said, f"{word} twice")
            said[word[1:]] = word[0] == "+"
        else:
            need("=" in word, word)
            other.update([word.split("=")])
    need(set(other) <= {"vendor", "phys-bits", "host-phys-bits", "level", "xlevel"}, f"{other}")
    return model, said, other


def read_proxmox(text):
    """A section: a header, then indented lines of an option, one blank, its value."""
    lines = text.splitlines()
    header = re.fullmatch(r"cpu-model: ([A-Za-z0-9._-]+)", lines[0])
    need(header, "no header")
    options = {}
    for line in lines[1:]:
        option = re.fullmatch(r"(?:\t| +)([a-z-]+) (\S.*)", line)
        need(option and option[1] not in options, f"not an option: {line}")
        options[option[1]] = option[2]
    need({"reported-model"} <= set(options) <= {"flags", "reported-model", "phys-bits"},
         f"{options}")
    said = {}
    for flag in options["flags"].split(";") if "flags" in options else []:
        word = re.fullmatch(r"([+-])([A-Za-z0-9_.-]+)", flag)
        need(word and word[2] not in said, f"not a flag: {flag}")
        said[word[2]] = word[1] == "+"
    return options["reported-model"], said, options, header[1]


def read_xen(text):
    names = {row["xen"]: row["name"] for row in ROWS if row["xen"]}
    names.pop("clflush")  # in libxl the size of a line
    names.update(LIBXL)
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    need(len(lines) <= 1, "several lines")
    found, numbers = set(), {}
    for line in lines:
        value_ = re.fullmatch(r'cpuid="host,(.*)"', line)
        need(value_, f"not an option: {line}")
        for word in value_[1].split(","):
            name, number = word.split("=")
            if name == "maxleaf":
                numbers["NUMLEVELS"] = int(number, 0)
                continue
            need(number == "0" and name in names, f"unknown: {word}")
            found.add(names[name])
    return found, numbers


def read_xend(text):
    text = re.sub("^#.*\n", "", text, flags=re.MULTILINE)
    need(not text or re.fullmatch(r'cpuid=\[ "[^]]*" \]\n', text), "not a list")
    found, numbers, known = set(), {}, set()
    for item in re.findall(r'"([^"]*)"', text):
        leaf, registers = item.split(":")
        leaf, sub = (leaf.split(",") + [None])[:2]
        leaf = int(leaf, 16)
        need((sub is not None) == (leaf in (7, 0xd)), f"subleaf: {item}")
        sub = int(sub or "0", 16)
        for register in registers.split(","):
            reg, bits = register.split("=")
            need((leaf, sub, reg) not in known, f"twice: {item}")
            known.add((leaf, sub, reg))
            last = {(0, "eax"): "NUMLEVELS", (7, "eax"): "LEAF_7_MAX_SUBLEVEL",
                    (0x80000000, "eax"): "NUM_EXT_LEVELS"}.get((leaf, reg) if sub == 0 else None)
            if last:
                need(re.fullmatch("[01]{32}", bits), f"not a number: {item}")
                numbers[last] = int(bits, 2)
            elif (leaf, reg) == (0x80000008, "eax"):
                need(re.fullmatch("x{24}[01]{8}", bits), f"not a width: {item}")
                numbers["PHYS_BITS"] = int(bits[24:], 2)
            else:
                found |= pattern_bits(leaf, sub, reg.upper(), bits)
    return found, numbers


def read_register(modifiers, found):
    """Adds the bits of ARCH_CAPABILITIES that are 0 to found, and with a sign those that are 1."""
    need(len(modifiers) <= 1, f"{modifiers}")
    for modifier in modifiers:
        need(modifier["addr"] == "0x10a" and set(modifier) == {"addr", "bitmap"}, f"{modifier}")
        need(re.fullmatch("0b[01x]{64}", modifier["bitmap"]), f"{modifier}")
        for i, bit in enumerate(reversed(modifier["bitmap"][2:])):
            if bit != "x":
                place = ARCH_CAPABILITIES, 0, "EDX" if i >= 32 else "EAX", i % 32
                found.add("+" * int(bit) + BY_PLACE[place]["name"])


def read_firecracker(text):
    """What is hidden, and the widths of addresses that are set."""
    found, widths, last = set(), {}, None
    template = json.loads(text) if text else {}
    need(set(template) <= {"cpuid_modifiers", "msr_modifiers"}, f"{set(template)}")
    read_register(template.get("msr_modifiers", []), found)
    for leaf in template.get("cpuid_modifiers", []):
        need(set(leaf) == {"leaf", "subleaf", "flags", "modifiers"}, f"{leaf}")
        place = (int(leaf["leaf"], 0), int(leaf["subleaf"], 0))
        need(last is None or place > last, "not in order")
        last = place
        need(leaf["flags"] == (1 if place[0] in (7, 0xd) else 0), f"flags: {leaf}")
        need(leaf["modifiers"], "no modifiers")
        for modifier in leaf["modifiers"]:
            need(set(modifier) == {"register", "bitmap"}, f"{modifier}")
            bits = modifier["bitmap"]
            need(bits.startswith("0b"), bits)
            if (place, modifier["register"]) == ((7, 0), "eax"):
                need(bits == "0b" + "0" * 32, bits)
                found.add("LEAF_7_MAX_SUBLEVEL")
                continue
            if (place, modifier["register"]) == ((0x80000008, 0), "eax"):
                need(re.fullmatch("0bx{16}([01]{8}|x{8})([01]{8}|x{8})", bits), bits)
                for name, digits in (("VIRT_BITS", bits[18:26]), ("PHYS_BITS", bits[26:])):
                    if "x" not in digits:
                        widths[name] = int(digits, 2)
                continue
            found |= pattern_bits(*place, modifier["register"].upper(), bits[2:])
    return found, widths


def read_virtualbox(text):
    found, without = set(), set()
    for line in text.splitlines():
        if line.startswith("# VirtualBox has no switch"):
            without = set(line.split(":")[1].split())
        if line.startswith("#"):
            continue
        name = re.fullmatch(
            r'VBoxManage setextradata "\$VM" VBoxInternal/CPUM/IsaExts/(\S+) 0', line)
        need(name, f"not a command: {line}")
        found.add(VIRTUALBOX[name[1]])
    return found, without


# Checks

def check_featmask(case, text):
    shown = {row["name"] for row in ROWS if row["support"] == "HOST" and row["low"] == row["high"]
             and row["kind"] == "FEATURE" and row["rule"] != "FIXED" and not row["anywhere"]
             and row["hw"].isdigit() and 0 < int(row["hw"]) <= 22}
    hidden = {name for name in shown - case.everywhere if case.args.baseline or name in case.seen}
    found, named = read_featmask(text)
    # A capability of two bits hides those of them that are to be hidden.
    for rows in named:
        need(rows & hidden, f"not to be hidden: {rows}")
        found |= rows & hidden
    expect("hidden", found, hidden)


def known_to_xen(name):
    return BY_NAME[name]["xen"] or name in LIBXL.values()


def xen_numbers(case, names):
    """The last leaves to say: those that some host has more of, as far as Xen shows any."""
    ends = {"NUMLEVELS": 0xd, "LEAF_7_MAX_SUBLEVEL": 2, "NUM_EXT_LEVELS": 0x80000021}
    return {name: case.last(name) for name in names
            if case.last(name) < ends[name] and case.shared(BY_NAME[name])
            and (case.args.baseline or case.grows(name))}


def xen_width(case):
    """The width of addresses to say: that of the narrowest host, if another has more."""
    width, row = case.last("PHYS_BITS"), BY_NAME["PHYS_BITS"]
    said = width and case.shared(row) and (case.args.baseline or case.grows("PHYS_BITS"))
    return {"PHYS_BITS": width} if said else {}


def xen_hidden(case, dialect):
    """The names that a line for Xen hides; xend's way cannot hide bits of an MSR."""
    return {name for name in filter(known_to_xen, case.hidden()) if case.shared(BY_NAME[name]) and
            (dialect == "xen" or BY_NAME[name]["leaf"] < tables.MSR)}


def check_xen(case, text):
    found, numbers = read_xen(text)
    hidden = set(filter(known_to_xen, case.hidden()))
    expect("hidden", found, xen_hidden(case, "xen"))
    need(numbers == xen_numbers(case, ["NUMLEVELS"]), f"last leaf: {numbers}")
    left = found != hidden or xen_width(case) or xen_numbers(
        case, ["LEAF_7_MAX_SUBLEVEL", "NUM_EXT_LEVELS"])
    need(bool(left) == text.startswith("#"), "what is left is not said")


def check_xend(case, text):
    found, numbers = read_xend(text)
    expect("hidden", found, xen_hidden(case, "xend"))
    wanted = xen_numbers(case, ["NUMLEVELS", "LEAF_7_MAX_SUBLEVEL", "NUM_EXT_LEVELS"])
    wanted |= xen_width(case)
    need(numbers == wanted, f"numbers: {numbers}, not {wanted}")


def check_firecracker(case, text):
    def shown(row):
        leaf = row["leaf"]
        if row.place in NORMALIZED or not case.shared(row):
            return False
        return (leaf, row["sub"]) == (0xd, 0) or (row["qemu"] and leaf in (
            1, 6, 7, 0xd, 0x80000001, 0x80000007, 0x80000008, 0x8000000a, 0x80000021,
            0x80000022, ARCH_CAPABILITIES))
    wanted = {name for name in case.hidden() if shown(BY_NAME[name])}
    wanted |= {"+" + row["name"] for row in ROWS
               if row["rule"] == "ANY" and row["leaf"] == ARCH_CAPABILITIES and
               row["name"] in case.baseline - case.everywhere and shown(row)}
    seven = BY_NAME["LEAF_7_MAX_SUBLEVEL"]
    if case.shared(seven) and not case.last(seven["name"]) and (
            case.args.baseline or case.grows(seven["name"])):
        wanted.add(seven["name"])
    found, widths = read_firecracker(text)
    expect("hidden", found, wanted)
    for name in ("PHYS_BITS", "VIRT_BITS"):
        said = case.shared(BY_NAME[name]) and (case.args.baseline or case.grows(name))
        need(widths.get(name) == (case.last(name) if said else None), f"{name}: {widths}")


def check_virtualbox(case, text):
    found, without = read_virtualbox(text)
    hidden = case.hidden()
    expect("hidden", found, hidden & set(VIRTUALBOX.values()))
    expect("named", without, {name for name in hidden - found if BY_NAME[name]["qemu"]})


def kvm_rows():
    return [row for row in ROWS if row["qemu"] and (row.feature or row["qemu"] in SAID_IF_ANY)]


# What QEMU turns on and off for every model under KVM, where a model has it, and not under TCG:
# kvm_default_props and tcg_default_props of target/i386.  What the option says overrides it.
KVM_DEFAULTS = (("x2apic", "on"), ("monitor", "off"), ("acpi", "off"), ("svm", "off"))
# QEMU turns it on for every model.
EMULATED = {"hypervisor"}
# Models without VME.
WITHOUT_VME = {"qemu64", "qemu64-v1", "qemu32", "qemu32-v1"}


def check_said(case, said, other):
    """What all hosts have is on, if it is said; what one lacks is off; the width is the least."""
    rows = {row["qemu"]: row for row in ROWS if row["qemu"]}
    for name, on in said.items():
        common = rows[name]["name"] in case.everywhere
        need(common or not on, f"+{name} is not on all hosts")
        need(not common or on or name == "svm", f"-{name} is on all hosts")
    width = case.last("PHYS_BITS")
    need(int(other.get("phys-bits", 0)) == width, f"{other.get('phys-bits')} is not {width} bits")


def check_model(case, model):
    need(model in qemu_cpu.models(), f"{model} is no model of this QEMU")
    if case.args.base:
        need(model in (case.args.base, case.args.base + "-v1"), f"base {model}")


def kvm_defaults(option):
    """What QEMU sets under KVM for a guest that the option does not speak of."""
    return (("vme", "off" if option.split(",")[0] in WITHOUT_VME else "on"), *KVM_DEFAULTS)


def guest_of(option):
    """What a guest sees, with what QEMU does under KVM."""
    return qemu_cpu.guest(option, kvm_defaults(option))


def check_features(case, guest):
    """Of the features that QEMU has names for, the guest has the baseline and nothing else."""
    known = qemu_cpu.names()
    for row in kvm_rows():
        if row["qemu"] not in known or row.place[:3] not in guest.words:
            continue
        there = guest.words[row.place[:3]] >> row["low"] & 1
        common = row["name"] in case.everywhere
        need(common or not there or row["qemu"] in EMULATED, f"the guest has {row['qemu']}")
        need(there or not common or row["qemu"] in excused(case.hosts),
             f"the guest lacks {row['qemu']}")
    need(not guest.unknown, f"QEMU says {guest.unknown}")


def check_guest(case, option):
    """The guest has those features, and the vendor and the address width that are said."""
    guest = guest_of(option)
    check_features(case, guest)
    if "vendor=" in option:     # Proxmox's has none
        need(guest.vendor == vendor_of(case.hosts), f"the guest's vendor is {guest.vendor}")
    need(not case.last("PHYS_BITS") or guest.bits == case.last("PHYS_BITS"), f"{guest.bits} bits")


def excused(hosts):
    """What a guest may lack though all hosts have it, by QEMU's names."""
    return UP_TO_BASE | TILES | {"xsaves"} | repeated(hosts)


def repeated(hosts):
    """The bits of the other vendor for what a guest finds in its own."""
    vendors = vendors_of(hosts)
    return REPEATED.get(*vendors, set()) if len(vendors) == 1 else set()


def vendors_of(hosts):
    return {b"".join(host[0, 0, reg].to_bytes(4, "little") for reg in ("EBX", "EDX", "ECX"))
            for host in hosts}


def vendor_of(hosts):
    """The vendor that a guest is told: that of its hosts, or AMD if they are of several."""
    vendors = vendors_of(hosts)
    return vendors.pop().decode() if len(vendors) == 1 else MIXED


def check_qemu(case, text):
    model, said, other = read_qemu(text)
    check_model(case, model)
    check_said(case, said, other)
    need(other.get("vendor") == vendor_of(case.hosts), f"{other}")
    check_guest(case, text[5:-1])


def proxmox_option(text):
    """What Proxmox gives QEMU of a section, but for what it adds to every model."""
    model, said, other, _ = read_proxmox(text)
    words = [("-", "+")[on] + name for name, on in said.items()]
    if "phys-bits" in other:
        words.insert(0, "phys-bits=" + other["phys-bits"])
    return ",".join([model, *words])


def check_proxmox(case, text):
    model, said, other, name = read_proxmox(text)
    need(name == (case.args.name or "cpulevel"), f"name {name}")
    check_model(case, model)
    check_said(case, said, other)
    check_guest(case, proxmox_option(text))


def check_libvirt(case, text):
    model, said, other = read_libvirt(text)
    check_model(case, model)
    check_said(case, said, other)
    need(other.get("vendor_id", vendor_of(case.hosts)) == vendor_of(case.hosts) and
         ("vendor_id" in other) == (len(vendors_of(case.hosts)) > 1), f"{other}")
    folder = os.path.dirname(os.path.abspath(case.args.file))
    check_guest(case, libvirt_options(folder, [text])[0])


# libvirt

DOMAIN = """<domain type='qemu'><name>guest</name><memory unit='MiB'>64</memory>
<os><type arch='x86_64' machine='q35'>hvm</type></os>
{}</domain>
"""


def write_domains(folder, texts):
    """
    Writes a domain for each <cpu> element and returns their paths.  All are valid.  Without the
    vendor: that of this machine may be another.
    """
    paths = [os.path.join(folder, f"domain-{i}.xml") for i in range(len(texts))]
    for leave_out in ("", "  <vendor>.*</vendor>\n"):
        for path, text in zip(paths, texts):
            with open(path, "w", encoding="ascii") as file:
                file.write(DOMAIN.format(re.sub(leave_out, "", text)))
        if not leave_out:
            schema = hypervisor.NOW["share"] / "schemas" / "domain.rng"
            valid = subprocess.run(["xmllint", "--noout", "--relaxng", schema, *paths],
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                   check=False)
            need(valid.returncode == 0, valid.stdout)
    return paths


def with_domain(folder, text, words):
    """Runs commands of virsh; DOMAIN is replaced by the file of a domain with the element text."""
    answer = hypervisor.virsh(folder, words.replace("DOMAIN", write_domains(folder, [text])[0]))
    need(answer.returncode == 0, answer.stderr)
    return answer.stdout


def libvirt_options(folder, texts):
    """The options that libvirt makes of elements; unchecked, for TCG has not all features."""
    paths = write_domains(folder, [text.replace("check='partial'", "check='none'")
                                   for text in texts])
    answer = hypervisor.virsh(
        folder, "; ".join(f"domxml-to-native qemu-argv {path}" for path in paths))
    need(answer.returncode == 0, answer.stderr)
    options = re.findall(r" -cpu (\S+)", answer.stdout)
    need(len(options) == len(texts), f"{len(options)} lines for {len(texts)} elements")
    return options


# The kernel for which a mask is by default; that of Proxmox VE 8.0.
KERNELS = {"qemu": 0x60c, "libvirt": 0x60c, "proxmox": 0x602, "firecracker": 0x601}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("dialect")
    parser.add_argument("file")
    parser.add_argument("--baseline", action="store_true")
    parser.add_argument("--base")
    parser.add_argument("--name")
    parser.add_argument("--host")
    parser.add_argument("--kernel", type=lambda text: int(text, 0))
    parser.add_argument("--nested", action="store_true")
    parser.add_argument("dumps", nargs="+")
    args = parser.parse_args()
    args.kernel = args.kernel or KERNELS.get(args.dialect)
    args.nested = args.nested or args.dialect == "firecracker"
    check = globals()["check_" + {"vmx-featmask": "featmask", "xen-xend": "xend"}.get(
        args.dialect, args.dialect)]
    with open(args.file, encoding="ascii") as file:
        check(Case(args), file.read())


if __name__ == "__main__":
    main()
