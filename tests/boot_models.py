# SPDX-License-Identifier: MIT
"""Compares reports of QEMU's processor models with what is said of the models.

Four judges of bits, beside those of values in boot_values.py:

  expansion    query-cpu-model-expansion: a property for each feature that QEMU has a name for; the
               tables in common/table/ say which bit a name means, so they are tested too
  words        feature-words: whole registers, also the bits that QEMU has no name for
  asked        the expansion of the model's name alone, and what -cpu asks for besides
  table        cpu_model.def: what the model has, written down from QEMU's source and libvirt's map
"""

import dataclasses
import functools
import re

import boot_values
import hypervisor
import qemu_cpu
import qemu_said
import report_reader
import tables
from boot_stick import Failed
from boot_values import Wrong, place_of

REGISTERS = tables.REGISTERS

# QEMU 7.2 knows 221 of the table's names.  With far fewer, little would be compared.
KNOWN_LEAST = 200

# The last of the leaves by which TCG names itself.
TCG_LAST = 0x40000001

OSXSAVE, PKE = 1 << 18, 1 << 22     # in CR4


@dataclasses.dataclass(frozen=True)
class Bit:
    leaf: int
    subleaf: int
    register: str
    bit: int
    name: str   # QEMU's
    ours: str

    @property
    def place(self):
        return self.leaf, self.subleaf, self.register, self.bit


@functools.lru_cache(maxsize=None)
def table_bits():
    """The rows of one bit of CPUID that have a QEMU name."""
    names = tables.names()
    return [Bit(*f.place, names[f.name]["qemu"], f.name) for f in tables.features()
            if f.single and not f.anywhere and f.leaf < tables.MSR and
            names.get(f.name, {}).get("qemu")]


@functools.lru_cache(maxsize=None)
def our_bits():
    """Places of all bits of CPUID that the table has a name for."""
    return {f.name: f.place for f in tables.features()
            if f.single and not f.anywhere and f.leaf < tables.MSR}


@functools.lru_cache(maxsize=None)
def our_names():
    return {place: name for name, place in our_bits().items()}


@functools.lru_cache(maxsize=None)
def table_models():
    return tables.models()


@dataclasses.dataclass(frozen=True)
class Seen:
    """What a guest's processor answers."""
    number: int
    leaves: dict    # (leaf, subleaf) to four registers
    cr4: int

    def bit(self, leaf, subleaf, register, bit):
        """A leaf beyond the last one is zero."""
        registers = self.leaves.get((leaf, subleaf), boot_values.ZERO)
        return bool(registers[REGISTERS.index(register)] >> bit & 1)


def processors_of(report):
    """All processors of a report, by their numbers."""
    found = []
    for kind in report.kinds:
        if any(any(leaf[6:]) for leaf in kind.answers):
            raise Failed("the probe knows all bits, the report says that some are unknown")
        for index, number in enumerate(kind.members):
            leaves = {leaf[:2]: list(leaf[2:6]) for leaf in kind.answers}
            for vary in kind.varies:
                leaves[vary.leaf, vary.subleaf][vary.register] = vary.values[index]
            found.append(Seen(number, leaves, kind.cr4 or 0))
    return sorted(found, key=lambda seen: seen.number)


# Vendors of Zhaoxin, which QEMU treats as Intel since then ("target/i386: Mask CMPLegacy bit in
# CPUID[0x80000001].ECX for Zhaoxin CPUs", in QEMU 10.0).
ZHAOXIN, ZHAOXIN_SINCE = ("CentaurHauls", "  Shanghai  "), (10, 0)


def like_intel(version):
    return ("GenuineIntel", *(ZHAOXIN if version >= ZHAOXIN_SINCE else ()))


# Bits that QEMU computes when CPUID is executed (target/i386/cpu.c, cpu_x86_cpuid), so that neither
# the property nor the word is their value.
COMPUTED = {
    # Set if a package has more than one processor, which depends on the machine.
    (1, 0, "EDX", 28): lambda value, said, _: value or len(said.processors) > 1,
    # The same, for all vendors except Intel, and those that are alike to QEMU.
    (0x80000001, 0, "ECX", 1): lambda value, said, _: value or (
        len(said.processors) > 1 and said.props["vendor"] not in like_intel(said.version)),
    # What the firmware has switched on.
    (1, 0, "ECX", 27): lambda value, _, seen: bool(seen.cr4 & OSXSAVE),
    (7, 0, "ECX", 4): lambda value, _, seen: bool(seen.cr4 & PKE),
    # The state of last branch records, with KVM's performance monitor only.
    (0xd, 1, "ECX", 15): lambda *_: False,
}

# The same function leaves these leaves zero without a feature.
GATES = {0xd: "xsave", 0x14: "intel-pt", 0x8000000a: "svm"}


def shown(value, place, said, seen):
    """What a guest should see of a bit that is on or off in QEMU."""
    leaf = place[0]
    if not boot_values.has_leaf(said, leaf) or not said.props.get(GATES.get(leaf, "fpu"), True):
        return False
    return COMPUTED.get(place, lambda value, *_: value)(value, said, seen)


def judge_expansion(said, seen):
    for bit in table_bits():
        if bit.name in said.props:
            yield bit.place, bit.name, shown(said.props[bit.name], bit.place, said, seen)


def judge_later(said, seen):
    """QEMU never sets a bit that it has no name for, though a later QEMU has one."""
    for bit in table_bits():
        if bit.name not in said.props:
            yield bit.place, bit.name, False


def judge_words(said, seen, named):
    for (leaf, subleaf, register), word in said.processors[0].words.items():
        for bit in range(32):
            place = leaf, subleaf, register, bit
            yield place, named.get(place, ""), shown(bool(word >> bit & 1), place, said, seen)


def asked_value(bit, said, catalogue):
    definition = catalogue.props(said.model.name)
    return dict(said.model.properties).get(bit.name, definition.get(bit.name, False)) is True


def changed(said, catalogue):
    """What QEMU itself says that it has made of the model, and nobody asked for, by name."""
    asked = dict(said.model.properties)
    return {bit.name: said.props[bit.name] for bit in table_bits()
            if bit.name in said.props and bit.name not in asked and
            said.props[bit.name] != asked_value(bit, said, catalogue)}


def judge_asked(said, seen, catalogue):
    others = changed(said, catalogue)
    for bit in table_bits():
        if bit.name in said.props and bit.name not in others:
            yield bit.place, bit.name, shown(asked_value(bit, said, catalogue), bit.place, said,
                                             seen)


def judge_table(said, seen, catalogue):
    """Only of models that the table has."""
    model = table_models().get(catalogue.alias_of(said.model.name) or said.model.name)
    if not model:
        return
    asked = dict(said.model.properties)
    others = changed(said, catalogue)
    for bit in table_bits():
        if bit.name in said.props and bit.name not in others:
            value = asked.get(bit.name, qemu_said.UNDER_TCG.get(bit.ours, bit.ours in model.has))
            yield bit.place, bit.name, shown(value is True, bit.place, said, seen)


def judge(name, wanted, seen):
    """Returns how many bits were compared, and what is wrong."""
    count, wrong = 0, []
    for place, what, value in wanted:
        count += 1
        if seen.bit(*place) != value:
            wrong.append(Wrong(what or our_names().get(place, "-"), place_of(*place),
                               str(int(seen.bit(*place))), str(int(value)), name, seen.number))
    return count, wrong


def judge_leaves(said, seen):
    """The report must have every leaf up to QEMU's last leaves, and none beyond."""
    own = said.own
    ranges = [range(own["level"] + 1), range(0x80000000, own["xlevel"] + 1)]
    if said.props["hypervisor"]:
        ranges.append(range(0x40000000, TCG_LAST + 1))
    if said.props["vendor"] == "CentaurHauls":
        ranges.append(range(0xC0000000, own["xlevel2"] + 1))
    wanted = {leaf for one in ranges for leaf in one}
    read = {leaf for leaf, _ in seen.leaves}
    return len(wanted), [
        Wrong("leaf", f"{leaf:x}", "there" if leaf in read else "missing",
              "there" if leaf in wanted else "none", "leaves", seen.number)
        for leaf in sorted(wanted ^ read)]


def alone(seen):
    """Yields what a guest has without a feature that it needs, by the table's names."""
    for feature in tables.features():
        place = our_bits().get(feature.name)
        if place and seen.bit(*place):
            lacks = [need for need in feature.needs
                     if need in our_bits() and not seen.bit(*our_bits()[need])]
            if lacks:
                yield f"{feature.name} without {' and '.join(lacks)}"


@dataclasses.dataclass(frozen=True)
class Verdict:
    """How a report compares."""
    said: qemu_said.Said
    counts: dict        # judge to how many things it compared, on each processor
    wrong: tuple
    unnamed: int        # bits of feature-words that QEMU has no name for, also compared
    untold: tuple       # registers of the report of which QEMU says nothing, which are not zero
    zero: int           # the others of which it says nothing
    changed: dict       # features that QEMU changed and nobody asked for
    forced: tuple       # features that are shown although TCG cannot execute them
    strange: tuple      # names of this QEMU, switched on, that the table has no place for
    processors: tuple   # of Seen

    @property
    def bits(self):
        """Bits that were held against QEMU: each once."""
        return self.counts["words"]


def names_at(said):
    """Places of the names that this QEMU knows."""
    return {bit.place: bit.name for bit in table_bits() if bit.name in said.props}


def forced_names(said, named):
    return tuple(named.get((*key, bit), place_of(*key, bit))
                 for key, word in said.processors[0].filtered.items()
                 for bit in range(32) if word >> bit & 1)


def judge_bits(said, catalogue, seen, named):
    """What each judge wants of a processor's bits."""
    return (("expansion", judge_expansion(said, seen)), ("later", judge_later(said, seen)),
            ("words", judge_words(said, seen, named)),
            ("asked", judge_asked(said, seen, catalogue)),
            ("table", judge_table(said, seen, catalogue)))


def compare(said, catalogue, data):
    """Compares a report with what is said."""
    processors = processors_of(report_reader.read(data))
    named = names_at(said)
    if len(named) < KNOWN_LEAST:
        raise Failed(f"QEMU knows only {len(named)} names of the table")
    counts, wrong = {}, []
    for seen in processors:
        for name, wanted in judge_bits(said, catalogue, seen, named):
            counts[name], more = judge(name, wanted, seen)
            wrong += more
        counts["leaves"], more = judge_leaves(said, seen)
        wrong += more
    counts["values"], more, told = boot_values.judge(said, processors)
    told |= set(said.processors[0].words)
    rest = {(*key, REGISTERS[n]): value for key, four in processors[0].leaves.items()
            for n, value in enumerate(four) if (*key, REGISTERS[n]) not in told}
    ours = {row["qemu"] for row in tables.names().values()}
    return Verdict(said, counts, tuple(wrong + more), counts["words"] - len(named),
                   tuple(place_of(*key) for key, value in rest.items() if value),
                   sum(not value for value in rest.values()), changed(said, catalogue),
                   forced_names(said, named),
                   tuple(sorted(name for name in qemu_cpu.names() - ours
                                if said.props.get(name) is True)), tuple(processors))


def boot(shop, model, machine="q35"):
    """Boots a model from a stick of its own.  Returns its sealed report and the verdict."""
    qemu = hypervisor.NOW["qemu"]
    catalogue = qemu_said.catalogue(qemu, machine)
    said = qemu_said.ask(model, machine)
    stick = shop.stick()
    # Without long mode it takes 32-bit firmware, and the 32-bit probe.
    bits = () if said.props["lm"] else ("-3",)
    stick.run(model.cpu(), model.processors,
              options=("-q", qemu, *bits, "-x", "-machine", "-x", machine))
    path = stick.take_first()
    shop.verify(path)
    return path, compare(said, catalogue, path.read_bytes())


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


def patterned(props):
    """The names of the bits that patterns switch."""
    names = dict.fromkeys(bit.name for bit in table_bits() if bit.name in props)
    return [name for name in names if name not in ALWAYS_ON and not NEEDS_KVM.fullmatch(name)]


def pattern(number, names):
    if len(names) >= 2**PATTERNS:
        raise Failed(f"{PATTERNS} patterns are too few for {len(names)} names")
    # The probe reads the leaves from C0000000H on for this vendor only.
    fixed = (("vendor", "CentaurHauls"), ("xsave", True), ("svm", True))
    digits = tuple((name, bool(n >> number & 1)) for n, name in enumerate(names, 1))
    return qemu_said.Model("qemu64", 1, fixed + digits)
