#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds cpu_model.def and kvm_since.def against QEMU and libvirt: models.py BUILD [newest].

QEMU is asked over QMP for the definition of each of its models; libvirt's are in its cpu_map.  They
are the installed ones or, with "newest", those of backports.
"""

import re
import sys
import xml.etree.ElementTree as ElementTree

import hypervisor
import qemu_cpu
import results
import tables

# Models that QEMU and libvirt have and the table has not, and why.
NOT_MODELS = {
    "base": "has no features",
    "host": "is this machine's processor",
    "max": "is whatever the accelerator can do",
    "Icelake-Client": "QEMU removed it in 7.1",
    "Icelake-Client-noTSX": "QEMU removed it in 7.1",
    "cpu64-rhel5": "is in Red Hat's QEMU only",
    "cpu64-rhel6": "is in Red Hat's QEMU only",
    "pentiumpro": "is in libvirt's map only",
}
# Features in which QEMU's answer is not the definition, and why.
NOT_ASKED = {
    "VME": "TCG turns it off: tcg_default_props of target/i386/tcg/tcg-cpu.c",
    "HYPERVISOR_PRESENT": "QEMU turns it on for every model",
}
# Features of registers that libvirt's model of this name lacks.
REGISTERS_UNLIKE = {
    "Cascadelake-Server-v3": {"rdctl-no", "ibrs-all", "skip-l1dfl-vmentry", "mds-no"},
}


def cpu_map():
    return hypervisor.NOW["share"] / "cpu_map"


# What ONCE says of libvirt's models no longer holds in this version.
ONCE = (11, 3)

NAMES = tables.names()
# What registers list, the table of models has by QEMU's names.
OURS = {feature.name for feature in tables.features() if feature.leaf < tables.MSR}
BY_QEMU = {row["qemu"]: name for name, row in NAMES.items() if row["qemu"] and name in OURS}
BY_LIBVIRT = {row["libvirt"]: name for name, row in NAMES.items()
              if row["libvirt"] and name in OURS}
# libvirt's names of what registers list, to QEMU's.
REGISTERS = {row["libvirt"]: row["qemu"] for name, row in NAMES.items()
             if row["libvirt"] and name not in OURS}
MODELS = tables.models()


def differ(what, found, wanted):
    return ([f"{what} has {name}, the table has not" for name in sorted(found - wanted)] +
            [f"the table has {name}, {what} has not" for name in sorted(wanted - found)])


def ask_qemu():
    """Each model of this QEMU: what it is an alias of, and its properties."""
    qmp = qemu_cpu.Qmp("qemu64")
    found = {}
    for model in qmp.ask("query-cpu-definitions"):
        if model["name"] not in NOT_MODELS:
            answer = qmp.ask("query-cpu-model-expansion", type="static", model={
                "name": model["name"], "props": {"x-force-features": True}})
            found[model["name"]] = model.get("alias-of", ""), answer["model"]["props"]
    qmp.ask("quit")
    qmp.process.communicate()
    return found


def aliases_wrong(asked, known):
    wrong = []
    for name, model in known.items():
        own = {alias for alias, (of, _) in asked.items() if of == name}
        wrong += differ(f"QEMU's {name}", own, {model.alias} - {""})
    return wrong


def definition_wrong(name, model, props):
    on = {key for key, value in props.items() if value is True and key != "x-force-features"}
    found = {BY_QEMU[key] for key in on if key in BY_QEMU}
    wrong = differ(f"QEMU's {name}", found - set(NOT_ASKED), model.has - set(NOT_ASKED))
    # TCG has no VMX, so that it tells of no feature of it.
    wrong += differ(f"QEMU's {name}", {key for key in on if key not in BY_QEMU},
                    {key for key in model.registers if not key.startswith("vmx-")})
    for key, value in zip(("family", "model", "stepping"), model.signed):
        if props[key] != value:
            wrong.append(f"QEMU's {name} is of {key} {props[key]}, not {value}")
    for key, value in zip(("min-level", "min-xlevel"), model.leaves):
        if props[key] != value:
            wrong.append(f"QEMU's {name} has {key} {props[key]:#x}, not {value:#x}")
    return wrong


def read_map(name):
    """The names of the features of a model in libvirt's map."""
    root = ElementTree.parse(cpu_map() / f"x86_{name}.xml").getroot().find("model")
    found = set()
    for parent in root.findall("model"):
        found |= read_map(parent.get("name"))
    for feature in root.findall("feature"):
        if feature.get("removed") != "yes":
            found.add(feature.get("name"))
    return found


def map_wrong(model, names, features):
    """libvirt 9.0 has no names for the features of VMX's registers."""
    found = {BY_LIBVIRT[name] for name in names if name in BY_LIBVIRT}
    once = model.once if hypervisor.versions()[1] < ONCE else set()
    wrong = differ(f"libvirt's {model.name}", found, model.has ^ model.unlike | once)
    known = {REGISTERS.get(name, name) for name in features}
    return wrong + differ(f"libvirt's {model.name}",
                          {REGISTERS.get(name, name) for name in names if name not in BY_LIBVIRT},
                          model.registers & known - REGISTERS_UNLIKE.get(model.name, set()))


def since_wrong(column, column_name, known, version):
    """The names that the program knows are those that the table says it knows."""
    since = {words[0]: tables.version(words[column + 1]) if words[column + 1] != "NEVER" else None
             for words in since_rows()}
    wanted = {row[column_name] for name, row in NAMES.items() if row[column_name] and
              (name not in since or (since[name] and since[name] <= version))}
    return differ("the program", known & {row[column_name] for row in NAMES.values()}, wanted)


def since_rows():
    text = (tables.FOLDER / "kvm_since.def").read_text(encoding="ascii")
    return [re.match(r"(\w+), +(V\(.*?\)|NEVER), +(V\(.*?\)|NEVER)$", row).groups()
            for row in re.findall(r"^SINCE\((\w.*)\)$", text, re.MULTILINE) if "qemu" not in row]


def main():
    hypervisor.choose(sys.argv[1], sys.argv[2:])
    said = results.Results()
    said.say(sorted({name for model in MODELS.values() for name in model.registers} -
                       {row["qemu"] for row in NAMES.values()}),
                "the features in registers have rows")
    version, libvirt = hypervisor.versions()
    asked = ask_qemu()
    known = {name: m for name, m in MODELS.items() if m.since[0] <= version}
    said.say(differ("QEMU", {name for name, (of, _) in asked.items() if not of}, set(known)),
                "the table has the models of QEMU")
    said.say(aliases_wrong(asked, known), "and their other names")
    for name, model in known.items():
        if name in asked:
            said.say(definition_wrong(name, model, asked[name][1]), f"QEMU's {name}")
    said.say(since_wrong(0, "qemu", qemu_cpu.names(), version), "QEMU's names of features")

    index = ElementTree.parse(cpu_map() / "index.xml").getroot()
    files = {i.get("filename")[4:-4] for arch in index.findall("arch") if arch.get("name") == "x86"
             for i in arch.iter("include")} - {"vendors", "features"} - set(NOT_MODELS)
    names = {name: m for m in MODELS.values() for name, since in zip((m.name, m.alias), m.since[1:])
             if since and since <= libvirt}
    said.say(differ("libvirt", files, set(names)), "the table has the models of libvirt")
    features = {feature.get("name") for feature in
                ElementTree.parse(cpu_map() / "x86_features.xml").getroot().iter("feature")}
    for name in sorted(files & set(names)):
        said.say(map_wrong(names[name], read_map(name), features), f"libvirt's {name}")
    said.say(since_wrong(1, "libvirt", features, libvirt), "libvirt's names of features")
    print(f"1..{said.count}")
    return said.failed > 0


if __name__ == "__main__":
    sys.exit(main())
