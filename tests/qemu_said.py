# SPDX-License-Identifier: MIT
"""qemu_said.py - what QEMU says of a guest with a -cpu option, before it starts.

Three answers: query-cpu-model-expansion (a property for each feature that QEMU has a name for),
feature-words (whole registers of CPUID, of each processor), and the properties of the processors
themselves.  TCG is told to show what it cannot execute; filtered-features says what that is.
"""

import dataclasses
import functools
import re

import qemu_cpu

# What -cpu sets to on and off.
WORDS = {"on": True, "off": False, "yes": True, "no": False, "true": True, "false": False}

# Of each model: tcg_default_props of target/i386/tcg/tcg-cpu.c turns VME off, and QEMU turns on
# that there is a hypervisor.
UNDER_TCG = {"VME": False, "HYPERVISOR_PRESENT": True}

TOPOLOGY = ("socket-id", "die-id", "core-id", "thread-id")


@dataclasses.dataclass(frozen=True)
class Model:
    name: str
    processors: int = 1
    properties: tuple = ()  # of (name, value)

    def all_properties(self):
        """Without force, TCG hides what it cannot execute, and many models become the same."""
        return {"x-force-features": True} | dict(self.properties)

    def option(self):
        """QEMU's argument -cpu, for those who force it themselves."""
        words = {True: "on", False: "off"}
        return ",".join([self.name] + [f"{name}={words.get(value, value)}"
                                       for name, value in self.properties])

    def cpu(self):
        """QEMU's argument -cpu."""
        return self.option() + ",x-force-features=on"


def parse(option, processors=1):
    """A model from QEMU's argument -cpu.  As in QEMU, -name wins over +name, and that over =."""
    name, *words = option.split(",")
    found = ({}, {}, {})
    for word in words:
        match = re.fullmatch(r"([+-])(.+)|(.+)=(.*)|(.+)", word)
        if not match:
            raise qemu_cpu.Refused(f"{option}: a word is empty")
        sign, signed, key, value, alone = match.groups()
        if sign:
            found[1 if sign == "+" else 2][signed] = sign == "+"
        else:
            found[0][key or alone] = WORDS.get(value, value) if key else True
    merged = found[0] | found[1] | found[2]
    merged.pop("x-force-features", None)
    return Model(name, processors, tuple(merged.items()))


@dataclasses.dataclass(frozen=True)
class Processor:
    """One of the guest's processors."""
    apic_id: int
    place: tuple    # its numbers in TOPOLOGY
    words: dict     # (leaf, subleaf, register's name) to value
    filtered: dict  # the same: what TCG cannot execute and shows because it is told to


@dataclasses.dataclass(frozen=True)
class Said:
    """What QEMU says of a guest."""
    model: Model
    version: tuple      # of QEMU, two numbers
    props: dict         # the expansion of what was asked for
    own: dict           # properties of the processor that the expansion has not, or not yet
    processors: tuple   # by their APIC IDs
    warnings: tuple


@dataclasses.dataclass(frozen=True)
class Catalogue:
    """The models of a QEMU on a type of machine."""
    version: str        # such as 7.2.22
    machine: str        # the full name
    machines: dict      # name to its entry in query-machines
    models: dict        # name to its entry in query-cpu-definitions
    own: dict           # name to its expansion; without aliases, and models that need KVM

    def props(self, name):
        """The properties of a model, or of what its name means here."""
        return self.own[self.alias_of(name) or name]

    def alias_of(self, name):
        """The version of a model that its name means here, or ""."""
        return self.models[name].get("alias-of", "")

    def once(self):
        """The names of all models, without those that are another name of one."""
        return [name for name in self.models if not self.alias_of(name)]

    def needs(self, name):
        """What a model needs that this QEMU does not have."""
        return "KVM" if "kvm" in self.models[name]["unavailable-features"] else ""


# The expansion is of a processor that does not exist yet; some properties get their values later.
OWN = ("family", "model", "stepping", "phys-bits", "level", "xlevel", "xlevel2", "level-func7")


@functools.lru_cache(maxsize=None)
def catalogue(qemu, machine="q35", kind="full", **properties):
    """Asks that program.  What -cpu says of a model changes its expansion, so it is another one."""
    with qemu_cpu.Qmp("base", machine=machine, qemu=qemu) as qmp:
        numbers = qmp.ask("query-version")["qemu"]
        version = "{major}.{minor}.{micro}".format(**numbers)
        machines = {one["name"]: one for one in qmp.ask("query-machines")}
        full = {one.get("alias"): one["name"] for one in machines.values()}
        models = {one["name"]: one for one in sorted(qmp.ask("query-cpu-definitions"),
                                                     key=lambda one: one["name"].lower())}
        own = {name: qmp.expand(kind, name, **properties) for name, one in models.items()
               if not one.get("alias-of") and "kvm" not in one["unavailable-features"]}
        qmp.quit()
        return Catalogue(version, full.get(machine, machine), machines, models, own)


def typed(qmp, path, model):
    """The asked properties as the expansion wants them: booleans, numbers and strings."""
    types = {one["name"]: one["type"] for one in qmp.ask("qom-list", path=path)}
    return {name: value if types.get(name) == "bool" else qmp.get(path, name)
            for name, value in model.properties if name not in ("enforce", "check")}


def processor(qmp, slot):
    path, place = slot["qom-path"], slot["props"]
    return Processor(qmp.get(path, "apic-id"), tuple(place.get(name, 0) for name in TOPOLOGY),
                     qmp.words(path), qmp.words(path, "filtered-features"))


def ask(model, machine="q35"):
    """Asks QEMU; raises qemu_cpu.Refused with what QEMU says if there is no such guest."""
    with qemu_cpu.Qmp(model.option(), "-smp", str(model.processors), machine=machine) as qmp:
        numbers = qmp.ask("query-version")["qemu"]
        slots = [one for one in qmp.ask("query-hotpluggable-cpus") if "qom-path" in one]
        path = slots[0]["qom-path"]
        return Said(model, (numbers["major"], numbers["minor"]),
                    qmp.expand("full", model.name, **typed(qmp, path, model)),
                    {name: qmp.get(path, name) for name in OWN},
                    tuple(sorted((processor(qmp, one) for one in slots),
                                 key=lambda one: one.apic_id)),
                    tuple(qmp.quit()))
