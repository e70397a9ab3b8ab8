#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds masks for libvirt against virsh cpu-baseline, for all pairs of libvirt's models.

    virsh_models.py BUILD [newest]

A host is posed that has the features of a model in libvirt's map, and nothing else.  The mask of
two hosts of one vendor has the features that virsh finds for the two models, but for those named
here, and what KVM on a running Linux changes.  With "newest", libvirt is that of backports.
"""

import concurrent.futures
import itertools
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

import dialect_check
import hypervisor
import lines
import models
import results
import tables

# By libvirt's names.  Features of registers are not in the dump of a host.  amd-stibp needs ibrs in
# our table, as in Xen's (tools/libs: gen-cpuid.py); libvirt's EPYC-Rome has it alone.
# tsx-ldtrk needs rtm, which Linux takes away.
UNLIKE = {"amd-stibp", "tsx-ldtrk"} | {
    row["libvirt"] for row in dialect_check.ROWS if row["libvirt"] and (
        row["leaf"] >= tables.MSR or row["qemu"] in set().union(*lines.UNLIKE_VIRSH.values()))}
VENDORS = {"INTEL": ("GenuineIntel", "Intel"), "AMD": ("AuthenticAMD", "AMD")}

BY_LIBVIRT = {row["libvirt"]: row for row in dialect_check.ROWS if row["libvirt"]}
# The parts of XCR0 that a feature comes with, and the size and place of each.
PARTS = {"avx": (2,), "mpx": (3, 4), "avx512f": (5, 6, 7), "pku": (9,), "amx-tile": (17, 18)}
PLACES = {2: (256, 576), 3: (64, 960), 4: (64, 1024), 5: (64, 1088), 6: (512, 1152),
          7: (1024, 1664), 9: (8, 2688), 17: (64, 2752), 18: (8192, 2816)}


def pose(model, features):
    """A dump of a host that has these features."""
    words = {}

    def put(leaf, subleaf, register, bits):
        words.setdefault((leaf, subleaf), dict.fromkeys(tables.REGISTERS, 0))[register] |= bits
    family, number, stepping = model.signed
    extra = max(family - 15, 0)
    put(1, 0, "EAX", extra << 20 | number >> 4 << 16 | family - extra << 8 | number % 16 << 4 |
        stepping)
    for leaf, last in ((0, 0x20), (0x80000000, 0x80000022)):
        put(leaf, 0, "EAX", last)
        for at, register in ((0, "EBX"), (4, "EDX"), (8, "ECX")):
            put(leaf, 0, register, int.from_bytes(
                VENDORS[model.vendor][0][at:at + 4].encode(), "little"))
    put(7, 0, "EAX", 2)
    put(0x80000008, 0, "EAX", 0x3028)
    for name in features:
        row = BY_LIBVIRT.get(name)
        if row and row["leaf"] < tables.MSR:
            put(*row.place[:3], 1 << row["low"])
    if "xsave" in features:
        put(0xd, 0, "EAX", 3)
        for part in {p for name in PARTS if name in features for p in PARTS[name]}:
            put(0xd, 0, "EAX", 1 << part)
            put(0xd, part, "EAX", PLACES[part][0])
            put(0xd, part, "EBX", PLACES[part][1])
    return "CPU:\n" + "".join(
        f"   0x{leaf:08x} 0x{subleaf:02x}: " + " ".join(
            f"{register.lower()}=0x{value:08x}" for register, value in registers.items()) + "\n"
        for (leaf, subleaf), registers in sorted(words.items()))


def known_models():
    """libvirt's models of these vendors, if they are of 64 bits, by name."""
    index = ElementTree.parse(models.cpu_map() / "index.xml").getroot()
    files = {i.get("filename")[4:-4] for arch in index.findall("arch") if arch.get("name") == "x86"
             for i in arch.iter("include")}
    return {m.alias: m for m in models.MODELS.values()
            if m.alias in files and m.vendor in VENDORS and "LM" in m.has}


def names_in(element):
    """
    The features of a guest with an element: what QEMU's model has, which libvirt's of the same name
    may differ from (tests/models.py asks QEMU), and what is said.
    """
    root = ElementTree.fromstring(element)
    said = {f.get("name"): f.get("policy") for f in root.iter("feature")}
    model = root.find("model").text
    has = next(m.has for m in models.MODELS.values() if model in (m.name, m.alias))
    names = {dialect_check.BY_NAME[name]["libvirt"] for name in has} - {""}
    return (names | {n for n, policy in said.items() if policy == "require"}) - \
        {n for n, policy in said.items() if policy == "disable"}


def changed(dump):
    """What KVM of the kernel that masks are for takes away from a host, or has in software."""
    host = dialect_check.read_dump(dump)
    guest = dialect_check.guest_answers(dump, dialect_check.KERNELS["libvirt"], False)
    return {row["libvirt"] for row in dialect_check.ROWS if row["libvirt"] and
            dialect_check.value(host, row) != dialect_check.value(guest, row)}


def ask_all(tool, work, pairs, known):
    """Our elements and virsh's."""
    options = lines.version_options()["libvirt"]

    def ask(pair):
        return subprocess.run([tool, "mask", "-u", "--for", "libvirt", *options,
                               *(work / f"{name}.txt" for name in pair)], check=True,
                              capture_output=True, text=True).stdout
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        ours = list(pool.map(ask, pairs))
    hosts = ["".join(f"<cpu><arch>x86_64</arch><model>{name}</model>"
                     f"<vendor>{VENDORS[known[name].vendor][1]}</vendor></cpu>\n" for name in pair)
             for pair in pairs]
    return ours, lines.baselines(work, hosts, "cpu-baseline --features")


def main():
    tool = pathlib.Path(sys.argv[1]).resolve() / "cpulevel"
    who = hypervisor.choose(sys.argv[1], sys.argv[2:], "virsh cpu-baseline of {libvirt}")
    said = results.Results()
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        known = known_models()
        for name, model in known.items():
            dump = work / f"{name}.r"
            dump.write_text(pose(model, models.read_map(name)), encoding="ascii")
            lines.run(tool, "import", "--from", "cpuid-r", "-o", work / f"{name}.txt", dump)
        pairs = [pair for pair in itertools.combinations(sorted(known), 2)
                 if known[pair[0]].vendor == known[pair[1]].vendor]
        by_kvm = {name: changed(str(work / f"{name}.r")) for name in known}
        ours, theirs = ask_all(tool, work, pairs, known)
        facts = 0
        for pair, own, element in zip(pairs, ours, theirs):
            found = set(re.findall("require' name='([^']*)'", element))
            unlike = names_in(own) ^ found
            facts += len(names_in(own) | found)
            said.say(sorted(unlike - UNLIKE - by_kvm[pair[0]] - by_kvm[pair[1]]),
                     f"virsh cpu-baseline of {' and '.join(pair)}")
        said.say([] if len(known) > 40 else sorted(known),
                 f"these are {len(known)} models, {len(pairs)} pairs")
    said.judged(facts, who)
    return said.end()


if __name__ == "__main__":
    sys.exit(main())
