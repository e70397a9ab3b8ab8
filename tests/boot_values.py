# SPDX-License-Identifier: MIT
"""Compares the values of a report that are more than one bit with what QEMU says over QMP.

Identity, last leaves, address width, and the topology: QEMU tells each processor's APIC ID and its
socket, die, core and thread.  How CPUID says the same is Intel's Software Developer's Manual,
volume 2A, CPUID (leaves 1, 4 and 0BH), and AMD's APM volume 3, appendix E (80000008H, 8000001EH).
"""

import dataclasses

import tables

ZERO = (0, 0, 0, 0)
INTEL, AMD, HYGON = "GenuineIntel", "AuthenticAMD", "HygonGenuine"
BRAND = (0x80000002, 0x80000003, 0x80000004)

# Leaves that have subleaves: their place names one.
SUBLEAVES = {f.leaf for f in tables.features() if f.subleaf or f.anywhere} | {7, 0x12}


@dataclasses.dataclass(frozen=True)
class Wrong:
    """A difference."""
    what: str       # a feature by QEMU's name, or a value
    place: str
    guest: str
    wanted: str
    judge: str      # who wants it
    processor: int


def place_of(leaf, subleaf, register, bit=None):
    where = f"{leaf:x}.{subleaf}" if leaf in SUBLEAVES else f"{leaf:x}"
    return f"{where}.{register}" + (f"[{bit}]" if bit is not None else "")


def has_leaf(said, leaf):
    """Whether QEMU's last leaves reach it."""
    last = {0x8: "xlevel", 0xc: "xlevel2"}.get(leaf >> 28, "level")
    return leaf >> 28 == 4 or leaf <= said.own[last]


def text_of(registers):
    """The characters in registers, as in the vendor and brand leaves."""
    return b"".join(r.to_bytes(4, "little") for r in registers).split(b"\0")[0].decode("latin-1")


def version_of(eax):
    """Family, model and stepping as QEMU counts them."""
    family = eax >> 8 & 0xF
    if family == 0xF:
        family += eax >> 20 & 0xFF
    return family, eax >> 4 & 0xF | eax >> 12 & 0xF0, eax & 0xF


def identity(said, leaves):
    """Yields what a value is called, its registers, the guest's and QEMU's."""
    level, ebx, ecx, edx = leaves[0, 0]
    vendor = text_of((ebx, edx, ecx))
    yield "vendor", ((0, 0, r) for r in ("EBX", "ECX", "EDX")), vendor, said.props["vendor"]
    yield "level", ((0, 0, "EAX"),), level, said.own["level"]
    for name, value in zip(("family", "model", "stepping"), version_of(leaves[1, 0][0])):
        yield name, ((1, 0, "EAX"),), value, said.own[name]
    extended = leaves.get((0x80000000, 0), ZERO)
    yield "xlevel", ((0x80000000, 0, "EAX"),), extended[0], said.own["xlevel"]
    brand = [register for leaf in BRAND for register in leaves.get((leaf, 0), ZERO)]
    if has_leaf(said, BRAND[-1]):
        yield "model-id", ((leaf, 0, r) for leaf in BRAND for r in tables.REGISTERS), \
            text_of(brand), said.props["model-id"]
    if has_leaf(said, 0x80000008):
        yield "phys-bits", ((0x80000008, 0, "EAX"),), leaves[0x80000008, 0][0] & 0xFF, \
            said.own["phys-bits"]
    if has_leaf(said, 7):
        yield "level-func7", ((7, 0, "EAX"),), leaves[7, 0][0], said.own["level-func7"]


def bits_for(count):
    """How many bits number so many things."""
    return (count - 1).bit_length()


def counts_of(said):
    """How many processors a package has, and how many threads a core has."""
    first = said.processors[0].place
    package = [one for one in said.processors if one.place[0] == first[0]]
    return len(package), sum(one.place[:3] == first[:3] for one in package)


def shifts(said):
    """How many low bits of an APIC ID number the threads of a core, and those of a package."""
    package, threads = counts_of(said)
    return bits_for(threads), bits_for(threads) + bits_for(package // threads)


def own_id(said, leaves, apic_id):
    """Yields the places that have a processor's APIC ID."""
    yield "APIC ID", ((1, 0, "EBX"),), leaves[1, 0][1] >> 24, apic_id & 0xFF
    for subleaf in (0, 1):
        if (0xb, subleaf) in leaves and leaves[0xb, subleaf][2] >> 8:
            yield "x2APIC ID", ((0xb, subleaf, "EDX"),), leaves[0xb, subleaf][3], apic_id
    if said.props.get("topoext") and has_leaf(said, 0x8000001e) and \
            said.props["vendor"] in (AMD, HYGON):
        yield "extended APIC ID", ((0x8000001e, 0, "EAX"),), leaves[0x8000001e, 0][0], apic_id


def topology(said, leaves):
    """Yields what CPUID says of the package."""
    package, threads = counts_of(said)
    core, socket = shifts(said)
    if package > 1:
        # A power of two, or rounded up to one (SDM).
        yield "processors of the package", ((1, 0, "EBX"),), \
            bits_for(leaves[1, 0][1] >> 16 & 0xFF), bits_for(package)
    if (0xb, 0) in leaves and leaves[0xb, 0][2] >> 8:
        for subleaf, shift, count in ((0, core, threads), (1, socket, package)):
            registers = leaves[0xb, subleaf]
            for name, register, value, wanted in (
                    ("shift of the level", "EAX", registers[0], shift),
                    ("processors of the level", "EBX", registers[1], count),
                    ("kind of the level", "ECX", registers[2], (subleaf + 1) << 8 | subleaf)):
                yield name, ((0xb, subleaf, register),), value, wanted
    for leaf, subleaf in leaves:
        # Type 0: no cache, and no topology with it.
        if leaf == 4 and leaves[4, subleaf][0] & 0x1F:
            yield "cores of the package", ((4, subleaf, "EAX"),), \
                bits_for((leaves[4, subleaf][0] >> 26) + 1), bits_for(package // threads)
    if said.props["vendor"] in (AMD, HYGON) and has_leaf(said, 0x80000008):
        yield "processors of the package", ((0x80000008, 0, "ECX"),), \
            (leaves[0x80000008, 0][2] & 0xFF) + 1, package


def judge(said, processors):
    """Returns how many values were compared, what is wrong, and which registers were told."""
    values, wrong, told = 1, [], set()
    if len(processors) != len(said.processors):
        wrong.append(Wrong("processors", "-", str(len(processors)), str(len(said.processors)),
                           "values", 0))
    wanted_ids = [one.apic_id for one in said.processors]
    values += 1
    ids = sorted(seen.leaves[1, 0][1] >> 24 for seen in processors)
    if ids != sorted(one & 0xFF for one in wanted_ids):
        wrong.append(Wrong("APIC IDs", "1.EBX", str(ids), str(wanted_ids), "values",
                           processors[0].number))
    by_id = {one & 0xFF: one for one in wanted_ids}
    for seen in processors:
        own = by_id.get(seen.leaves[1, 0][1] >> 24, 0)
        for several in (identity(said, seen.leaves), topology(said, seen.leaves),
                        own_id(said, seen.leaves, own)):
            for name, registers, value, wanted in several:
                registers = list(registers)
                values += 1
                told |= set(registers)
                if value != wanted:
                    wrong.append(Wrong(name, place_of(*registers[0]), repr(value), repr(wanted),
                                       "values", seen.number))
    return values, wrong, told
