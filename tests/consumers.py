#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Masks for what runs QEMU or libvirt, of all pairs of recorded machines: consumers.py BUILD.

Stock parsers read YAML and INI; the readers of other grammars are written from the document or
source that each names.  A judge of its own computes what a guest gets: the features of the model
in the installed libvirt's map, with those that are turned on, without those turned off.  Nothing
of it is missing on a host.  Lines that say the plan of libvirt or QEMU are equal to those, which
tests/lines.py starts; lines that only add are started here, in the installed QEMU, as the installed
libvirt makes options of the element that nova makes of them.
"""

import configparser
import copy
import functools
import itertools
import pathlib
import re
import subprocess
import sys
import tempfile

import yaml

import dialect_check
import lines
import models
import results

need = dialect_check.need


# Readers: each returns the model, what is said (by name, true if on), and what else is said.

def read_kubevirt(text):
    """KubeVirt's API v1: VirtualMachineSpec, DomainSpec, CPU, CPUFeature."""
    tree = yaml.safe_load(text)
    for key in ("spec", "template", "spec", "domain", "cpu"):
        need(list(tree) == [key], f"{list(tree)}")
        tree = tree[key]
    need({"model"} <= set(tree) <= {"model", "features"}, f"{tree}")
    said = {}
    for feature in tree.get("features", []):
        need(set(feature) == {"name", "policy"} and isinstance(feature["name"], str), f"{feature}")
        need(feature["policy"] in ("require", "disable"), f"{feature}")
        need(feature["name"] not in said, f"{feature} twice")
        said[feature["name"]] = feature["policy"] == "require"
    need(isinstance(tree["model"], str), "not a name")
    return tree["model"], said, {}


def read_nova(text):
    """nova/conf/libvirt.py: cpu_models and cpu_model_extra_flags are lists with commas."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(text)
    need(parser.sections() == ["libvirt"], f"{parser.sections()}")
    section = dict(parser["libvirt"])
    need(section.pop("cpu_mode") == "custom", "mode")
    model = section.pop("cpu_models")
    flags = section.pop("cpu_model_extra_flags", "")
    need(not section and "," not in model, f"{section}")
    said = {}
    for flag in filter(None, (word.strip() for word in flags.split(","))):
        need(re.fullmatch("[a-z0-9][a-z0-9._-]*", flag) and flag not in said, flag)
        said[flag] = True
    return model, said, {}


def read_opennebula(text):
    """Template reference of OpenNebula 7.0, syntax: NAME=[NAME1=VALUE1,...], strings in quotes."""
    found = re.fullmatch(r"\s*([A-Z_]+)\s*=\s*\[(.*)\]\s*", text, re.DOTALL)
    need(found and found[1] == "CPU_MODEL", "not a vector attribute")
    pairs = re.findall(r'\s*([A-Z_]+)\s*=\s*"([^"\\]*)"\s*(,|$)', found[2])
    need("".join(f'{n}="{v}"{c}' for n, v, c in pairs) == re.sub(r"\s", "", found[2]),
         f"not pairs: {found[2]}")
    values = {name: value for name, value, _ in pairs}
    need(len(values) == len(pairs) and {"MODEL"} <= set(values) <= {"MODEL", "FEATURES"},
         f"{values}")
    flags = values["FEATURES"].split(",") if "FEATURES" in values else []
    need(len(set(flags)) == len(flags) and all(flags), f"{flags}")
    return values["MODEL"], dict.fromkeys(flags, True), {}


def read_ovirt(text):
    """ovirt-engine 4.5, LibvirtVmXmlBuilder.writeCpu and writeCpuFlags; VM_CPU_NAME_SIZE is 255."""
    need(text.endswith("\n") and len(text) <= 256, "too long")
    model, *flags = text[:-1].split(",")
    said = {}
    for flag in flags:
        need(flag[0] in "+-" and flag[1:] not in said, flag)
        said[flag[1:]] = flag[0] == "+"
    return model, said, {}


def read_incus(text):
    """Incus, howto/cluster_groups: the keys; they are joined with a comma and go to -cpu."""
    tree = yaml.safe_load(text)
    need(list(tree) == ["config"], f"{tree}")
    keys = {key.removeprefix("instances.vm.cpu.x86_64."): value
            for key, value in tree["config"].items()}
    need({"baseline"} <= set(keys) <= {"baseline", "flags"}, f"{keys}")
    need(all(isinstance(value, str) for value in keys.values()), "not strings")
    return dialect_check.read_qemu("-cpu " + ",".join(filter(None, (
        keys["baseline"], keys.get("flags")))) + "\n")


READERS = {"kubevirt": read_kubevirt, "nova": read_nova, "opennebula": read_opennebula,
           "ovirt": read_ovirt, "incus": read_incus}
# Those that turn nothing off.
ADDERS = ("nova", "opennebula")


def element(model, said):
    """What nova makes of a line for libvirt: nova's libvirt driver, _get_guest_cpu_model_config."""
    return ("<cpu mode='custom' match='exact' check='partial'>\n"
            f"  <model fallback='forbid'>{model}</model>\n" + "".join(
                f"  <feature policy='{'require' if on else 'disable'}' name='{name}'/>\n"
                for name, on in said.items()) + "</cpu>\n")


ROWS = {row["libvirt"]: row for row in dialect_check.kvm_rows() if row["libvirt"]}
# What KVM has in software, or a guest without nested virtualization does not get, by libvirt's
# names: a model may have it where the host lacks it, if nobody compares the model with the host.
SOFTWARE = dialect_check.SOFTWARE | {"x2apic", "hypervisor"} | {
    name for name, row in ROWS.items()
    if row["qemu"] in dialect_check.UP_TO_BASE and row["qemu"] not in ("svm", "vmx")}



@functools.lru_cache(maxsize=None)
def features_of(model):
    """The features of a model in libvirt's map that our table has a row for."""
    return frozenset(name for name in models.read_map(model) if name in ROWS)


def machines(case):
    """The hosts themselves, whatever their KVM offers."""
    return [dialect_check.read_dump(path) for path in case.args.dumps]


def everywhere(case):
    hosts = machines(case)
    return {name for name, row in ROWS.items()
            if all(dialect_check.value(host, row) for host in hosts)}


def judged(case, dialect, model, said):
    """
    What is wrong with a model and what is said, by libvirt's map.  What the others turn on is what
    libvirt's line does, and tests/lines.py judges that.
    """
    common = everywhere(case)
    on = {name for name, value in said.items() if value}
    off = set(said) - on
    stays = features_of(model) - off
    if dialect not in ADDERS:
        return [f"the guest sees {name}, which a host lacks"
                for name in sorted(stays - common - SOFTWARE)]
    return [f"the guest sees {name}, which a host lacks" for name in sorted((stays | on) - common)
            ] + [f"{name} is turned off" for name in sorted(off)]


def qemu_names(said):
    return {ROWS[name]["qemu"]: on for name, on in said.items()}


class Pool:
    """Two machines: the reports, and their dumps."""

    def __init__(self, tool, reports, dumps):
        self.tool, self.reports = tool, reports
        self.case = lines.case_of(dumps)
        self.name = " and ".join(report.stem for report in reports)

    def ask(self, dialect):
        """Status, text and messages of a mask."""
        options = lines.version_options()
        versions = {"incus": options["qemu"], "qemu": options["qemu"],
                    "cloud-hypervisor": []}.get(dialect, options["libvirt"])
        answer = subprocess.run([str(word) for word in (
            self.tool, "mask", "-u", "--for", dialect, *versions, *self.reports)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
        return answer.returncode, answer.stdout, answer.stderr

    def widths(self):
        row = dialect_check.BY_NAME["PHYS_BITS"]
        return [dialect_check.value(host, row) for host in self.case.hosts]


def messages_wrong(pool, said):
    """The width and the vendor cannot be set: that is said if it matters, and only then."""
    widths = pool.widths()
    wrong = []
    if ("cannot set the width" in said) != (min(widths) > 0 and (
            min(widths) < 40 or min(widths) != max(widths))):
        wrong.append(f"of widths {widths}: {said}")
    if ("cannot set the vendor" in said) != (len(dialect_check.vendors_of(pool.case.hosts)) > 1):
        wrong.append(f"of vendors: {said}")
    return wrong


def read_checked(pool, dialect):
    """The reader's answer, and what is wrong with the line."""
    status, text, said = pool.ask(dialect)
    if status:
        if dialect == "ovirt" and re.search(r"\d+ characters, and oVirt takes 255", said):
            return None, []
        return None, [f"status {status}: {said}"]
    try:
        read = READERS[dialect](text)
    except SystemExit as problem:
        return None, [str(problem.code)]
    if dialect == "incus":
        return read, []
    return read, judged(pool.case, dialect, *read[:2]) + messages_wrong(pool, said)


def compared(pool, read):
    """Lines that say one plan are equal."""
    wrong = []
    libvirt = dialect_check.read_libvirt(pool.ask("libvirt")[1])
    for dialect in ("kubevirt", "ovirt"):
        if read[dialect] and (read[dialect][0], qemu_names(read[dialect][1])) != libvirt[:2]:
            wrong.append(f"{dialect} is not libvirt's: {read[dialect]}")
    if read["incus"] != dialect_check.read_qemu(pool.ask("qemu")[1]):
        wrong.append(f"incus is not QEMU's: {read['incus']}")
    if read["nova"] != read["opennebula"]:
        wrong.append("nova and OpenNebula differ")
    return wrong


def guest_wrong(pool, option):
    """What the installed QEMU shows a guest that a host lacks, or not though all have it."""
    case, hosts = copy.copy(pool.case), machines(pool.case)
    # QEMU turns x2APIC on for every guest of KVM.
    case.everywhere = {"X2APIC"} | {name for name in case.everywhere if all(
        dialect_check.value(host, dialect_check.BY_NAME[name]) for host in hosts)}
    try:
        dialect_check.check_features(case, dialect_check.guest_of(option))
    except SystemExit as problem:
        return [str(problem.code)]
    return []


def cloud_wrong(pool):
    """A line for hosts of which guests see the same, else none."""
    status, text, said = pool.ask("cloud-hypervisor")
    visible = [row for row in dialect_check.kvm_rows()
               if row["qemu"] not in dialect_check.EMULATED]
    # The processors of one recorded machine differ.
    differ = len(dialect_check.vendors_of(pool.case.hosts)) > 1 or "mixed" in pool.name or any(
        len({dialect_check.value(host, row) for host in pool.case.hosts}) > 1 for row in visible)
    if differ:
        return [] if status == 2 and not text and "not the same on all processors: " in said and \
            "can hide nothing" in said else [f"{status} {text} {said}"]
    wanted = f"--cpus boot=1,max_phys_bits={min(pool.widths())}\n" if min(pool.widths()) else ""
    return [] if (status, text) == (0, wanted) else [f"{status} {text} {said}"]


def main():
    tool = pathlib.Path(sys.argv[1]).resolve() / "cpulevel"
    said = results.Results()
    with tempfile.TemporaryDirectory() as folder:
        dumps = lines.Machines(tool, pathlib.Path(folder)).dumps
        pools = [Pool(tool, pair, [dumps[report] for report in pair])
                 for pair in [*itertools.combinations(dumps, 2), *((r, r) for r in dumps)]]
        adders, long = {}, 0
        for pool in pools:
            read, wrong = {}, []
            for dialect in READERS:
                read[dialect], found = read_checked(pool, dialect)
                wrong += [f"{dialect}: {line}" for line in found]
                long += dialect == "ovirt" and read[dialect] is None and not found
            if not wrong:
                wrong = compared(pool, read)
                adders.setdefault(element(*read["nova"][:2]), []).append(pool)
            said.say(wrong, f"lines for {pool.name}")
            said.say(cloud_wrong(pool), f"Cloud Hypervisor for {pool.name}")
        texts = sorted(adders)
        for text, option in zip(texts, dialect_check.libvirt_options(folder, texts)):
            for pool in adders[text]:
                said.say(guest_wrong(pool, option), f"a guest of nova's line for {pool.name}")
        print(f"# {len(pools)} pools, {len(texts)} lines that only add, {long} too long for oVirt")
        said.say([] if texts and long < len(pools) / 4 else ["few lines"], "most pools have lines")
        print(f"1..{said.count}")
    return said.failed > 0


if __name__ == "__main__":
    sys.exit(main())
