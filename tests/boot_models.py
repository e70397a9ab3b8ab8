# SPDX-License-Identifier: MIT
"""Compares reports of QEMU's processor models with what QEMU says about the models.

QEMU's side is query-cpu-model-expansion of type full: a property for each feature that QEMU has a
name for.  The tables in common/table/ say which bit a name means, so they are tested too.
"""

import dataclasses
import json
import re

import tables
from boot_stick import Failed, must

REGISTERS = tables.REGISTERS

# QEMU 7.2 knows 221 of the table's names.  With far fewer, little would be compared.
KNOWN_LEAST = 200

ZERO = (0, 0, 0, 0)

# The last of the leaves by which TCG names itself.
TCG_LAST = 0x40000001


@dataclasses.dataclass(frozen=True)
class Bit:
    leaf: int
    subleaf: int
    register: int
    bit: int
    name: str  # QEMU's

    def __str__(self):
        place = f"{self.leaf:08x}.{self.subleaf} {REGISTERS[self.register]}[{self.bit}]"
        return f"{self.name} ({place})"


@dataclasses.dataclass(frozen=True)
class Model:
    name: str
    processors: int = 1
    properties: tuple = ()  # of (name, value)

    def all_properties(self):
        """Without force, TCG hides what it cannot execute, and many models become the same."""
        return {"x-force-features": True} | dict(self.properties)

    def cpu(self):
        """QEMU's argument -cpu."""
        words = {True: "on", False: "off"}
        return ",".join([self.name] + [f"{name}={words.get(value, value)}"
                                       for name, value in self.all_properties().items()])


def table_bits():
    """The rows of one bit of CPUID that have a QEMU name."""
    names = tables.names()
    return [Bit(f.leaf, f.subleaf, REGISTERS.index(f.register), f.low, names[f.name]["qemu"])
            for f in tables.features()
            if f.single and not f.anywhere and f.leaf < tables.MSR and
            names.get(f.name, {}).get("qemu")]


def expansion(model):
    """A model's properties by name, as QEMU expands it."""
    wanted = {"type": "full", "model": {"name": model.name, "props": model.all_properties()}}
    commands = [{"execute": "qmp_capabilities"},
                {"execute": "query-cpu-model-expansion", "arguments": wanted},
                {"execute": "quit"}]
    out = must("qemu-system-x86_64", "-S", "-display", "none", "-nodefaults", "-no-user-config",
               "-machine", "q35", "-accel", "tcg", "-cpu", model.cpu(),
               "-smp", model.processors, "-qmp", "stdio",
               data="".join(json.dumps(command) + "\n" for command in commands).encode())
    for line in out.splitlines():
        reply = json.loads(line).get("return")
        if reply and "model" in reply:
            return reply["model"]["props"]
    raise Failed(f"QEMU does not expand {model.cpu()}", out)


# Bits that QEMU computes when CPUID is executed (target/i386/cpu.c, cpu_x86_cpuid), so that the
# property is not their value.
COMPUTED = {
    # Set if a package has more than one processor, which depends on the machine.
    "ht": lambda said, model: said["ht"] or model.processors > 1,
    # The same, for all vendors except Intel.
    "cmp-legacy": lambda said, model: said["cmp-legacy"] or (
        model.processors > 1 and said["vendor"] != "GenuineIntel"),
}


def wanted_value(bit, said, model):
    """What the report should have.  QEMU never sets a bit that it has no name for."""
    if bit.name not in said:
        return False
    if bit.name in COMPUTED:
        return COMPUTED[bit.name](said, model)
    return said[bit.name]


def compare_bits(bits, said, leaves, model):
    """Returns what is wrong, a line each; leaves maps leaf and subleaf to four registers."""
    wrong = []
    for bit in bits:
        # A leaf beyond the last one is zero.
        read = leaves.get((bit.leaf, bit.subleaf), ZERO)[bit.register] >> bit.bit & 1
        wanted = wanted_value(bit, said, model)
        if read != wanted:
            wrong.append(f"{bit} is {read} in the report, {int(wanted)} wanted")
    return wrong


def text_of(registers):
    """The characters in registers, as in the vendor and brand leaves."""
    return b"".join(r.to_bytes(4, "little") for r in registers).split(b"\0")[0].decode("latin-1")


def version_of(eax):
    """Family, model and stepping as QEMU counts them."""
    family = eax >> 8 & 0xF
    if family == 0xF:
        family += eax >> 20 & 0xFF
    return family, eax >> 4 & 0xF | eax >> 12 & 0xF0, eax & 0xF


def identity(leaves):
    """QEMU's properties that are more than one bit."""
    level, ebx, ecx, edx = leaves[0, 0]
    family, model, stepping = version_of(leaves[1, 0][0])
    brand = [register for leaf in (0x80000002, 0x80000003, 0x80000004)
             for register in leaves.get((leaf, 0), ZERO)]
    return {
        "vendor": text_of((ebx, edx, ecx)),
        "family": family,
        "model": model,
        "stepping": stepping,
        "level": level,
        "xlevel": leaves.get((0x80000000, 0), ZERO)[0],
        "model-id": text_of(brand),
    }


def compare_identity(said, leaves):
    """Returns what is wrong, a line each."""
    return [f"{name} is {read!r} in the report, {said[name]!r} wanted"
            for name, read in identity(leaves).items() if read != said[name]]


def compare_leaves(said, leaves):
    """The report must have every leaf up to QEMU's last leaves, and none beyond."""
    ranges = [range(said["level"] + 1), range(0x80000000, said["xlevel"] + 1)]
    if said["hypervisor"]:
        ranges.append(range(0x40000000, TCG_LAST + 1))
    if said["vendor"] == "CentaurHauls":
        ranges.append(range(0xC0000000, said["xlevel2"] + 1))
    wanted = {leaf for one in ranges for leaf in one}
    read = {leaf for leaf, _ in leaves}
    return [f"leaf {leaf:08x} is {'missing' if leaf in wanted else 'beyond the last'}"
            for leaf in sorted(wanted ^ read)]


# Many of the table's bits are off in all of QEMU's models.  A pattern is a made-up model with half
# of the bits on: names are numbered from 1, and in pattern n those bits are on whose number has
# binary digit n.  No two names are the same in all patterns, so a row with another row's bit is
# found.
PATTERNS = 8

# Without these the firmware does not start, or leaves with other bits are missing.
ALWAYS_ON = frozenset("""
    fpu pse tsc msr pae cx8 apic sep mtrr pge cmov fxsr sse sse2 syscall nx lm xsave svm
""".split())

# TCG always clears these: they need KVM, or a performance monitor (pdcm).
NEEDS_KVM = re.compile(r"kvm.*|sgx.*|intel-pt-lip|pdcm")


def patterned(bits, said):
    """The names of the bits that patterns switch."""
    names = dict.fromkeys(bit.name for bit in bits if bit.name in said)
    return [name for name in names if name not in ALWAYS_ON and not NEEDS_KVM.fullmatch(name)]


def pattern(number, names):
    if len(names) >= 2**PATTERNS:
        raise Failed(f"{PATTERNS} patterns are too few for {len(names)} names")
    # The probe reads the leaves from C0000000H on for this vendor only.
    fixed = (("vendor", "CentaurHauls"), ("xsave", True), ("svm", True))
    digits = tuple((name, bool(n >> number & 1)) for n, name in enumerate(names, 1))
    return Model("qemu64", 1, fixed + digits)
