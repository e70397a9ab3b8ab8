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
import qemu_said
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
# Features of registers that libvirt's model of this name lacks.
REGISTERS_UNLIKE = {
    "Cascadelake-Server-v3": {"rdctl-no", "ibrs-all", "skip-l1dfl-vmentry", "mds-no"},
}


def cpu_map():
    return hypervisor.NOW["share"] / "cpu_map"


# QEMU's models that no QEMU here has, as the patches of target/i386/cpu.c have them that QEMU took
# in (pulls of May and December 2025 on qemu-devel): the version before, and what a version has
# more.  its-no and the cache models: -cpu help of QEMU 11, in quickemu's issues 1927 and 1943.
NESTED = """overflow-recov succor lbrv tsc-scale vmcb-clean flushbyasid pause-filter pfthreshold
    v-vmsave-vmload vgif"""
CET = "cet-ss cet-ibt vmx-entry-load-cet vmx-exit-save-cet"
PATCHES = {
    "EPYC-v5": ("EPYC-v4", NESTED), "EPYC-Rome-v5": ("EPYC-Rome-v4", NESTED),
    "EPYC-Milan-v3": ("EPYC-Milan-v2", NESTED),
    "EPYC-Genoa-v2": ("EPYC-Genoa-v1", NESTED + " fs-gs-base-ns perfmon-v2"),
    "SapphireRapids-v4": ("SapphireRapids-v3", ""), "SapphireRapids-v5": ("SapphireRapids-v4", CET),
    "SapphireRapids-v6": ("SapphireRapids-v5", "its-no"),
    "GraniteRapids-v3": ("GraniteRapids-v2", ""), "GraniteRapids-v4": ("GraniteRapids-v3", CET),
    "GraniteRapids-v5": ("GraniteRapids-v4", "its-no"),
    "SierraForest-v3": ("SierraForest-v2", ""), "SierraForest-v4": ("SierraForest-v3", CET),
    "SierraForest-v5": ("SierraForest-v4", "its-no"),
    "ClearwaterForest-v2": ("ClearwaterForest-v1", CET),
    "ClearwaterForest-v3": ("ClearwaterForest-v2", "its-no"), "YongFeng-v3": ("YongFeng-v2", ""),
    "EPYC-Turin-v1": ("", """
        rdrand f16c avx xsave aes popcnt movbe sse4.2 sse4.1 pcid cx16 fma ssse3 monitor
        pclmulqdq pni sse2 sse fxsr mmx clflush pse36 pat cmov mca pge mtrr sep apic cx8 mce pae
        msr tsc pse de vme fpu arat fsgsbase bmi1 avx2 smep bmi2 erms invpcid avx512f avx512dq
        rdseed adx smap avx512ifma clflushopt clwb avx512cd sha-ni avx512bw avx512vl avx512vbmi
        umip pku avx512vbmi2 gfni vaes vpclmulqdq avx512vnni avx512bitalg avx512-vpopcntdq la57
        rdpid movdiri movdir64b fsrm avx512-vp2intersect avx-vnni avx512-bf16 osvw 3dnowprefetch
        misalignsse sse4a abm cr8legacy svm lahf-lm topoext perfctr-core lm rdtscp pdpe1gb
        fxsr-opt mmxext nx syscall overflow-recov succor clzero xsaveerptr wbnoinvd ibpb ibrs
        amd-stibp stibp-always-on amd-ssbd amd-psfd no-nested-data-bp fs-gs-base-ns
        lfence-always-serializing null-sel-clr-base auto-ibrs prefetchi sbpb ibpb-brtype
        srso-user-kernel-no perfmon-v2 xsaveopt xsavec xgetbv1 xsaves npt lbrv nrip-save
        tsc-scale vmcb-clean flushbyasid pause-filter pfthreshold v-vmsave-vmload vgif vnmi
        svme-addr-chk"""),
    "DiamondRapids-v1": ("", """
        pni pclmulqdq ssse3 fma cx16 pcid sse4.1 sse4.2 x2apic movbe popcnt tsc-deadline aes
        xsave avx f16c rdrand fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat
        pse36 clflush mmx fxsr sse sse2 ss arat fsgsbase tsc-adjust bmi1 hle avx2
        fdp-excptn-only smep bmi2 erms invpcid rtm zero-fcs-fds avx512f avx512dq rdseed adx smap
        avx512ifma clflushopt clwb avx512cd sha-ni avx512bw avx512vl avx512vbmi umip pku
        avx512vbmi2 cet-ss gfni vaes vpclmulqdq avx512vnni avx512bitalg avx512-vpopcntdq la57
        rdpid bus-lock-detect cldemote movdiri movdir64b fsrm md-clear serialize tsx-ldtrk
        cet-ibt amx-bf16 avx512-fp16 amx-tile amx-int8 spec-ctrl stibp flush-l1d
        arch-capabilities ssbd avx-vnni avx512-bf16 cmpccxadd fzrm fsrs fsrc fred lkgs wrmsrns
        amx-fp16 avx-ifma lam movrs avx-vnni-int8 avx-ne-convert amx-complex prefetchiti avx10
        apxf intel-psfd ipred-ctrl rrsba-ctrl ddpd-u bhi-ctrl mcdt-no xsaveopt xsavec xgetbv1
        xsaves xfd amx-int8-alias amx-bf16-alias amx-complex-alias amx-fp16-alias amx-fp8
        amx-tf32 amx-avx512 amx-movrs apx-nci-ndd-nf avx10-vnni-int lahf-lm abm 3dnowprefetch
        syscall nx pdpe1gb rdtscp lm wbnoinvd rdctl-no ibrs-all skip-l1dfl-vmentry mds-no
        pschange-mc-no taa-no sbdr-ssdp-no fbsdp-no psdp-no bhi-no pbrsb-no gds-no rfds-no"""),
}

# Of those that start anew: family, model, stepping, and the last leaves.
STARTS = {"EPYC-Turin-v1": ((26, 0, 0), (0xd, 0x80000022)),
          "DiamondRapids-v1": ((19, 1, 0), (0x29, 0x80000008))}

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
    found = {}
    with qemu_cpu.Qmp("qemu64") as qmp:
        for model in qmp.ask("query-cpu-definitions"):
            name = model["name"]
            if name not in NOT_MODELS:
                found[name] = model.get("alias-of", ""), qmp.expand("static", name)
        qmp.quit()
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
    unlike = set(qemu_said.UNDER_TCG)
    wrong = differ(f"QEMU's {name}", found - unlike, model.has - unlike)
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


def patch_wrong(model, before, words):
    """A model that starts anew is compared without VMX's controls."""
    def qemus(one):
        names = {NAMES[name]["qemu"] for name in one.has} | one.registers
        return names if before else {name for name in names if not name.startswith("vmx-")}
    gained = qemus(model) - (qemus(MODELS[before]) if before else set())
    lost = qemus(MODELS[before]) - qemus(model) if before else set()
    wrong = differ("QEMU's patch of " + model.name, set(words.split()), gained | lost)
    before = MODELS.get(before)
    start = STARTS.get(model.name) or (before.signed, before.leaves)
    if (model.signed, model.leaves) != start:
        wrong.append(f"{model.name} is {model.signed}, {model.leaves}, not {start}")
    return wrong


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
    who = hypervisor.choose(sys.argv[1], sys.argv[2:], "{qemu}'s models and {libvirt}'s map")
    said = results.Results()
    said.say(sorted({name for model in MODELS.values() for name in model.registers} -
                       {row["qemu"] for row in NAMES.values()}),
                "the features in registers have rows")
    version, libvirt = hypervisor.versions()
    asked, facts = ask_qemu(), 0
    known = {name: m for name, m in MODELS.items() if m.since[0] <= version}
    said.say(differ("QEMU", {name for name, (of, _) in asked.items() if not of}, set(known)),
                "the table has the models of QEMU")
    said.say(aliases_wrong(asked, known), "and their other names")
    for name, model in known.items():
        if name in asked:
            said.say(definition_wrong(name, model, asked[name][1]), f"QEMU's {name}")
            facts += len(set(asked[name][1]) & set(BY_QEMU))
    said.say(since_wrong(0, "qemu", qemu_cpu.names(), version), "QEMU's names of features")

    for name, (before, words) in PATCHES.items():
        said.say(patch_wrong(MODELS[name], before, words), f"{name}, of a patch")
    said.say(sorted({name for name, m in MODELS.items() if m.since[0] > (10, 0)} ^ set(PATCHES)),
             "all models that are newer than QEMU 10.0 have one")

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
        facts += len(features & set(BY_LIBVIRT))
    said.say(since_wrong(1, "libvirt", features, libvirt), "libvirt's names of features")
    said.judged(facts, who)
    return said.end()


if __name__ == "__main__":
    sys.exit(main())
