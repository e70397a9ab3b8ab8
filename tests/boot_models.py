# SPDX-License-Identifier: MIT
"""Holds what the probe read on QEMU's processor models against what QEMU says of them.

QEMU's word is query-cpu-model-expansion of type full: a property for each feature it has a name
for.  The probe's is the report.  Which bit a name is, feature.def says: so the table is
tested too.
"""

import dataclasses
import json
import re

import tables
from boot_stick import Failed, must

REGISTERS = tables.REGISTERS

# QEMU 7.2 knows 221 of the table's names.  Were it far fewer, little would be compared.
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
        """Without force TCG hides what it cannot execute, and the models become alike."""
        return {"x-force-features": True} | dict(self.properties)

    def cpu(self):
        """QEMU's argument -cpu."""
        words = {True: "on", False: "off"}
        return ",".join([self.name] + [f"{name}={words.get(value, value)}"
                                       for name, value in self.all_properties().items()])


def table_bits():
    """The single-bit rows of the table that have a QEMU name."""
    names = tables.names()
    return [Bit(f.leaf, f.subleaf, REGISTERS.index(f.register), f.low, names[f.name]["qemu"])
            for f in tables.features()
            if f.single and not f.anywhere and names.get(f.name, {}).get("qemu")]


def expansion(model):
    """What QEMU says of a model: its properties by name."""
    wanted = {"type": "full", "model": {"name": model.name, "props": model.all_properties()}}
    commands = [{"execute": "qmp_capabilities"},
                {"execute": "query-cpu-model-expansion", "arguments": wanted},
                {"execute": "quit"}]
    out = must("qemu-system-x86_64", "-S", "-display", "none", "-nodefaults", "-no-user-config",
               "-machine", "q35", "-accel", "tcg", "-cpu", model.cpu(),
               "-smp", model.processors, "-qmp", "stdio",
               data="".join(json.dumps(command) + "\n" for command in commands).encode())
    for line in out.splitlines():
        answer = json.loads(line).get("return")
        if answer and "model" in answer:
            return answer["model"]["props"]
    raise Failed(f"QEMU does not expand {model.cpu()}", out)


# Where CPUID does not answer what the property says, as QEMU computes the bit when it is asked
# (target/i386/cpu.c, cpu_x86_cpuid): the value instead of the property's.
COMPUTED = {
    # Says that a package has more than one processor; the machine's topology decides that.
    "ht": lambda said, model: said["ht"] or model.processors > 1,
    # The same again, for all vendors but Intel.
    "cmp-legacy": lambda said, model: said["cmp-legacy"] or (
        model.processors > 1 and said["vendor"] != "GenuineIntel"),
}


def wanted_value(bit, said, model):
    """What the report should have.  QEMU's leaves have no bits that it has no names for."""
    if bit.name not in said:
        return False
    if bit.name in COMPUTED:
        return COMPUTED[bit.name](said, model)
    return said[bit.name]


def compare_bits(bits, said, answers, model):
    """Returns what is wrong, a line each; answers maps leaf and subleaf to four registers."""
    wrong = []
    for bit in bits:
        # A leaf beyond the last reads as zero.
        read = answers.get((bit.leaf, bit.subleaf), ZERO)[bit.register] >> bit.bit & 1
        wanted = wanted_value(bit, said, model)
        if read != wanted:
            wrong.append(f"{bit} is {read} in the report, {int(wanted)} wanted")
    return wrong


def text_of(registers):
    """The characters in registers, as vendor and brand are spelt."""
    return b"".join(r.to_bytes(4, "little") for r in registers).split(b"\0")[0].decode("latin-1")


def version_of(eax):
    """Family, model and stepping as QEMU counts them."""
    family = eax >> 8 & 0xF
    if family == 0xF:
        family += eax >> 20 & 0xFF
    return family, eax >> 4 & 0xF | eax >> 12 & 0xF0, eax & 0xF


def identity(answers):
    """What QEMU has properties for and is more than one bit."""
    level, ebx, ecx, edx = answers[0, 0]
    family, model, stepping = version_of(answers[1, 0][0])
    brand = [register for leaf in (0x80000002, 0x80000003, 0x80000004)
             for register in answers.get((leaf, 0), ZERO)]
    return {
        "vendor": text_of((ebx, edx, ecx)),
        "family": family,
        "model": model,
        "stepping": stepping,
        "level": level,
        "xlevel": answers.get((0x80000000, 0), ZERO)[0],
        "model-id": text_of(brand),
    }


def compare_identity(said, answers):
    """Returns what is wrong, a line each."""
    return [f"{name} is {read!r} in the report, {said[name]!r} wanted"
            for name, read in identity(answers).items() if read != said[name]]


def compare_leaves(said, answers):
    """Every leaf that QEMU's last leaves promise must have been asked, and none beyond."""
    ranges = [range(said["level"] + 1), range(0x80000000, said["xlevel"] + 1)]
    if said["hypervisor"]:
        ranges.append(range(0x40000000, TCG_LAST + 1))
    if said["vendor"] == "CentaurHauls":
        ranges.append(range(0xC0000000, said["xlevel2"] + 1))
    wanted = {leaf for leaves in ranges for leaf in leaves}
    read = {leaf for leaf, _ in answers}
    return [f"leaf {leaf:08x} is {'missing' if leaf in wanted else 'too much'}"
            for leaf in sorted(wanted ^ read)]


# Many of the table's bits are off in all of QEMU's models.  A pattern is a made-up model with half
# of the bits on: the names are counted from 1, and a name's bit is on in the patterns whose binary
# digit its number has.  No two are alike in all patterns, so a row with another's bit is found.
PATTERNS = 8

# Without these the firmware does not start, or leaves that hold others are not there.
ALWAYS_ON = frozenset("""
    fpu pse tsc msr pae cx8 apic sep mtrr pge cmov fxsr sse sse2 syscall nx lm xsave svm
""".split())

# These read 0 under TCG, whatever is asked for: they take KVM, or a performance monitor (pdcm).
NEEDS_KVM = re.compile(r"kvm.*|sgx.*|intel-pt-lip|pdcm")


def patterned(bits, said):
    """The names whose bits patterns switch."""
    names = dict.fromkeys(bit.name for bit in bits if bit.name in said)
    return [name for name in names if name not in ALWAYS_ON and not NEEDS_KVM.fullmatch(name)]


def pattern(number, names):
    if len(names) >= 2**PATTERNS:
        raise Failed(f"{PATTERNS} patterns do not tell {len(names)} names apart")
    # The leaves C0000000H are asked on this vendor's processors alone.
    fixed = (("vendor", "CentaurHauls"), ("xsave", True), ("svm", True))
    digits = tuple((name, bool(n >> number & 1)) for n, name in enumerate(names, 1))
    return Model("qemu64", 1, fixed + digits)
