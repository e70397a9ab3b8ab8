#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds the positions in feature.def against two sources that know nothing of it.

libvirt's map of CPU features is a file of the package libvirt0.  QEMU is asked: a processor that
has nothing is given one feature by its name, and the bit that appears is where QEMU has it.
"""

import concurrent.futures
import sys
import xml.etree.ElementTree as ElementTree

import qemu_cpu
import tables

LIBVIRT = "/usr/share/libvirt/cpu_map/x86_features.xml"

# What libvirt 9.0 and QEMU 7.2 know, so that a source that is read wrongly does not pass.
LIBVIRT_LEAST, QEMU_LEAST = 210, 190

# KVM's own leaf, which QEMU shows under KVM alone, and the words of XCR0, which follow from others.
KVM_LEAF, XCR0_LEAF = 0x40000001, 0xd

# What QEMU must be given besides, to show any bit of a leaf.
BESIDES = {0x8000000a: ",svm=on", 0x14: ",intel-pt=on"}


def bit_of(feature):
    return feature.leaf, feature.subleaf, feature.register, feature.low


def places(namer):
    """{name: place} for the bits that have a name there."""
    names = tables.names()
    return {names[f.name][namer]: bit_of(f) for f in tables.features()
            if f.single and names.get(f.name, {}).get(namer)}


def words_of(feature):
    """The (leaf, subleaf) and the element with the registers of a feature in libvirt's map."""
    for cpuid in feature.iter("cpuid"):
        yield (int(cpuid.get("eax_in"), 16), int(cpuid.get("ecx_in", "0"), 16)), cpuid
    for msr in feature.iter("msr"):
        yield (tables.MSR | int(msr.get("index"), 16), 0), msr


def libvirt_bits():
    """Yields (name, place) for each bit of libvirt's map."""
    for feature in ElementTree.parse(LIBVIRT).getroot().iter("feature"):
        for leaf, word_of in words_of(feature):
            for register in tables.REGISTERS:
                word = int(word_of.get(register.lower(), "0"), 16)
                for bit in range(32):
                    if word >> bit & 1:
                        yield feature.get("name"), (*leaf, register, bit)


def compare_libvirt():
    ours, wrong, count = places("libvirt"), [], 0
    for name, place in libvirt_bits():
        count += 1
        if name not in ours:
            wrong.append(f"{name}: libvirt has it at {place}, the table has no such name")
        elif ours[name] != place:
            wrong.append(f"{name}: {place} in libvirt, {ours[name]} in the table")
    if count < LIBVIRT_LEAST:
        wrong.append(f"{LIBVIRT}: only {count} bits")
    return count, wrong


def set_bits(words):
    return {(*key, bit) for key, word in words.items() for bit in range(32) if word >> bit & 1}


def gained(name, place):
    """The bits that a processor with nothing has when it is given a feature."""
    besides = BESIDES.get(place[0], "")
    without, with_it = (set_bits(qemu_cpu.guest(f"base{besides}{more}").words)
                        for more in ("", f",{name}=on"))
    return {bit for bit in with_it - without if bit[0] != XCR0_LEAF or place[0] == XCR0_LEAF}


def compare_qemu():
    ours = {name: place for name, place in places("qemu").items()
            if name in qemu_cpu.names() and place[0] != KVM_LEAF and place[0] < tables.MSR}
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        seen = dict(zip(ours, pool.map(gained, ours, ours.values())))
    wrong = [f"{name}: {sorted(seen[name])} in QEMU, {place} in the table"
             for name, place in ours.items() if seen[name] != {place}]
    if len(ours) < QEMU_LEAST:
        wrong.append(f"QEMU knows only {len(ours)} names of the table")
    return len(ours), wrong


def main():
    failed = 0
    for number, (what, compare) in enumerate((("libvirt's map", compare_libvirt),
                                              ("QEMU", compare_qemu)), 1):
        count, wrong = compare()
        failed += bool(wrong)
        print(f"{'not ok' if wrong else 'ok'} {number} - {count} bits are where {what} has them")
        for line in wrong[:20]:
            print(f"# {line}")
    print("1..2")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
