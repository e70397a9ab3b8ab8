#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Gives masks for KVM of all pairs of recorded machines to those they are for.

    lines.py BUILD [newest]

Every line, for QEMU and for Proxmox VE, is started in the installed QEMU, under TCG, and every
element is read by the installed libvirt, which makes a line of it that is started too.  QEMU warns
of nothing in them.  The guest then has what both machines have, and nothing else;
tests/dialect_check.py says what that is.  A line for machines of one vendor is short.  virsh
cpu-baseline, given what libvirt has names for of each machine, finds the same.

With "newest", QEMU and libvirt are those of backports, and the masks those for these versions.
"""

import argparse
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
import pairs
import results

# The release of Proxmox VE whose names a version of QEMU has, and its kernel.
PROXMOX = {(7, 2): ("8.0", 0x602), (10, 0): ("9.0", 0x60e)}

# The most features that are said of two machines of one vendor, and of half of them.
MOST, HALF = 36, 10


def run(*words):
    return subprocess.run([str(word) for word in words], check=True, capture_output=True,
                          text=True).stdout


def version_options():
    """What mask is told of the versions that read its output, by dialect."""
    qemu, libvirt = hypervisor.versions()
    options = ["--qemu-version", "{}.{}".format(*qemu)]
    return {"qemu": options, "proxmox": ["--proxmox-version", PROXMOX[qemu][0]],
            "libvirt": options + ["--libvirt-version", "{}.{}".format(*libvirt)]}


def case_of(dumps, dialect="qemu"):
    """What KVM gives on all hosts, with the kernel that the mask is for."""
    kernel = (PROXMOX[hypervisor.versions()[0]][1] if dialect == "proxmox" else
              dialect_check.KERNELS[dialect])
    return dialect_check.Case(argparse.Namespace(
        dumps=[str(dump) for dump in dumps], baseline=False, base=None, host=None, kernel=kernel,
        dialect=dialect, nested=False))


def wrong_with(case, dialect, text, option):
    """What is wrong with a mask, in words; option is what QEMU gets of it."""
    read = getattr(dialect_check, f"read_{dialect}")(text)
    try:
        dialect_check.check_model(case, read[0])
        dialect_check.check_said(case, read[1], read[2])
        dialect_check.check_guest(case, option)
    except SystemExit as problem:
        return [str(problem.code)]
    return []


# Where the guest may differ from libvirt's own baseline, and why; by our names.
UNLIKE_VIRSH = {
    "what QEMU and KVM decide themselves, or what no guest gets":
        dialect_check.UP_TO_BASE | dialect_check.TILES | {"hypervisor"},
    "what KVM has in software": dialect_check.EMULATED,
    "what libvirt does not migrate": {"xsaves"},
    "what KVM shows by both vendors' bits": set().union(*dialect_check.REPEATED.values()),
}


def known_to_libvirt():
    """The names of features in libvirt's map."""
    path = hypervisor.NOW["share"] / "cpu_map" / "x86_features.xml"
    return {feature.get("name") for feature in ElementTree.parse(path).getroot().iter("feature")}


def host_element(machine, known):
    """A machine as virsh reads it: what it has beside a model that every machine has."""
    return "<cpu><arch>x86_64</arch><model>qemu32</model>" + "".join(
        f"<feature name='{row['libvirt']}'/>" for row in dialect_check.ROWS
        if row["libvirt"] in known and dialect_check.value(machine, row)) + "</cpu>\n"


def baselines(work, pools, command):
    """The elements that virsh's command makes of each pool of elements."""
    commands = []
    for number, text in enumerate(pools):
        path = work / f"hosts-{number}.xml"
        path.write_text(text, encoding="ascii")
        commands.append(f"{command} {path}")
    answer = hypervisor.virsh(str(work), "; ".join(commands))
    if answer.returncode:
        sys.exit(answer.stderr)
    found = re.findall("<cpu mode=.*?</cpu>", answer.stdout, re.DOTALL)
    if len(found) != len(pools):
        sys.exit(f"{len(found)} baselines for {len(pools)} pools")
    return found


def held_against_virsh(case, guest, known):
    """
    The features of a guest that libvirt's baseline can judge.  libvirt keeps what needs a feature
    that a host lacks, such as AVX2 without AVX; nobody can use it.
    """
    unlike = set().union(*UNLIKE_VIRSH.values())
    useless = {row["name"] for row in dialect_check.kvm_rows()
               if all(dialect_check.value(host, row) for host in case.hosts)} - case.baseline
    return [row for row in dialect_check.kvm_rows() if row["name"] not in useless
            and row["libvirt"] in known and row["qemu"] not in unlike
            and row.place[:3] in guest.words]


def unlike_virsh(case, option, names, known):
    """The features in which a guest differs from libvirt's baseline, and how many were held."""
    guest = dialect_check.guest_of(option)
    rows = held_against_virsh(case, guest, known)
    return sorted(row["name"] for row in rows if (guest.words[row.place[:3]] >> row["low"] & 1) !=
                  (row["libvirt"] in names)), len(rows)


class Machines:
    """The recorded machines: their reports, their dumps, and what is asked of each pair."""

    def __init__(self, tool, work):
        self.tool = tool
        self.reports = sorted(pairs.RECORDED.glob("*.txt"))
        for dump in pairs.REAL:
            self.reports.append(work / f"real-{dump.stem}.txt")
            run(tool, "import", "--from", "cpuid-r", "-o", self.reports[-1], dump)
        self.dumps = {}
        for report in self.reports:
            self.dumps[report] = work / f"{report.stem}.dump"
            self.dumps[report].write_text(run(tool, "export", "-u", "--to", "cpuid-r", report),
                                          encoding="ascii")
        self.pairs = list(itertools.combinations(self.reports, 2))
        self.cases = {(pair, dialect): case_of([self.dumps[r] for r in pair], dialect)
                      for pair in self.pairs for dialect in ("qemu", "proxmox")}
        self.alike = [pair for pair in self.pairs
                      if len(dialect_check.vendors_of(self.case(pair).hosts)) == 1]

    def case(self, pair, dialect="qemu"):
        return self.cases[pair, "proxmox" if dialect == "proxmox" else "qemu"]

    def masks(self, dialect, options):
        return {(pair, dialect): run(self.tool, "mask", "-u", "--for", dialect, *options, *pair)
                for pair in self.pairs}


def options_of(work, masks):
    """What QEMU gets of each different mask."""
    texts = {text: dialect for (_, dialect), text in masks.items()}
    elements = sorted(text for text, dialect in texts.items() if dialect == "libvirt")
    options = dict(zip(elements, dialect_check.libvirt_options(str(work), elements)))
    for text, dialect in texts.items():
        if dialect == "proxmox":
            options[text] = dialect_check.proxmox_option(text)
        elif dialect == "qemu":
            options[text] = text[len("-cpu "):-1]
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        list(pool.map(dialect_check.guest_of, sorted(set(options.values()))))
    return options


def names_of(pair):
    return " and ".join(report.stem for report in pair)


def check_masks(said, machines, masks, options):
    for (pair, dialect), text in masks.items():
        said.say(wrong_with(machines.case(pair, dialect), dialect, text, options[text]),
                 f"{dialect} for {names_of(pair)}")
    print(f"# {len(masks)} masks, of which {len(options)} are different; QEMU was started with "
          f"{len(set(options.values()))} options")


def check_virsh(said, machines, work, options):
    known, facts = known_to_libvirt(), 0
    hosts = ["".join(host_element(host, known) for host in machines.case(pair).hosts)
             for pair in machines.alike]
    for command in ("cpu-baseline", "hypervisor-cpu-baseline --virttype qemu"):
        found = baselines(work, hosts, command + " --features")
        for pair, element in zip(machines.alike, found):
            names = set(re.findall("name='([^']*)'", element))
            unlike, held = unlike_virsh(machines.case(pair), options[pair], names, known)
            said.say(unlike, f"{command} of {names_of(pair)}")
            facts += held
    return facts


def check_lengths(said, lines):
    lengths = sorted(len(dialect_check.read_qemu(line)[1]) for line in lines)
    half = lengths[len(lengths) // 2]
    print(f"# of one vendor: {len(lengths)} pairs, {half} features or fewer for half of them, "
          f"{lengths[-1]} at most")
    said.say([] if half <= HALF and lengths[-1] <= MOST else ["too long"],
             "lines for one vendor are short")


def main():
    tool = pathlib.Path(sys.argv[1]).resolve() / "cpulevel"
    who = hypervisor.choose(sys.argv[1], sys.argv[2:], "virsh cpu-baseline of {libvirt}")
    said = results.Results()
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        machines = Machines(tool, work)
        masks = {}
        for dialect, options in version_options().items():
            masks |= machines.masks(dialect, options)
        options = options_of(work, masks)
        check_masks(said, machines, masks, options)
        lines = {pair: masks[pair, "qemu"] for pair in machines.alike}
        facts = check_virsh(said, machines, work,
                            {pair: options[line] for pair, line in lines.items()})
        check_lengths(said, lines.values())
    said.judged(facts, who)
    return said.end()


if __name__ == "__main__":
    sys.exit(main())
