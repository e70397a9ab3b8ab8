#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Masks for KVM of all pairs of recorded machines, given to those they are for: lines.py BUILD.

Every line is started in the installed QEMU, under TCG, and every element is read by the installed
libvirt, which makes a line of it that is started too.  The guest then has what both machines have,
and nothing else; tests/dialect_check.py says what that is.  A line for machines of one vendor is
short.  virsh cpu-baseline, given what libvirt has names for of each machine, finds the same.
"""

import argparse
import itertools
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

import dialect_check
import models
import pairs

# The versions that are installed on Debian 12.
INSTALLED = {"qemu": ["--qemu-version", "7.2"],
             "libvirt": ["--qemu-version", "7.2", "--libvirt-version", "9.0"]}

# The most features that are said of two machines of one vendor, and of half of them: with what KVM
# has in software and models lack, on Intel's tsc-adjust, umip and three of ARCH_CAPABILITIES.
MOST, HALF = 36, 8


def run(*words):
    return subprocess.run([str(word) for word in words], check=True, capture_output=True,
                          text=True).stdout


def case_of(dumps):
    return dialect_check.Case(argparse.Namespace(
        dumps=[str(dump) for dump in dumps], baseline=False, base=None, host=None, dialect="",
        kernel=dialect_check.KERNELS["qemu"], nested=False))


def wrong_with(case, dialect, text, option):
    """What is wrong with a mask, in words; option is what QEMU gets of it."""
    read = getattr(dialect_check, f"read_{dialect}")(text)
    try:
        dialect_check.check_model(case, read[0])
        dialect_check.check_said(case, read[1], read[2])
        dialect_check.check_guest(case, option)
    except SystemExit as problem:
        return str(problem.code)
    return ""


# Where the guest may differ from libvirt's own baseline, and why; by our names.  It may also lack
# the other vendor's bits for what the hosts' own say (dialect_check.REPEATED).
UNLIKE_VIRSH = {
    "what QEMU and KVM decide themselves, or what no guest gets":
        dialect_check.UP_TO_BASE | dialect_check.TILES | dialect_check.EMULATED,
    "what libvirt does not migrate": {"xsaves"},
}


def host_element(dump, known):
    """A machine as virsh reads it: what it has beside a model that every machine has."""
    machine = dialect_check.guest_answers(str(dump), dialect_check.KERNELS["qemu"], False)
    return "<cpu><arch>x86_64</arch><model>qemu32</model>" + "".join(
        f"<feature name='{row['libvirt']}'/>" for row in dialect_check.ROWS
        if row["libvirt"] in known and dialect_check.value(machine, row)) + "</cpu>\n"


def ask_virsh(work, pools, known):
    """The names that cpu-baseline finds for each pool of dumps."""
    commands = []
    for number, dumps in enumerate(pools):
        path = work / f"hosts-{number}.xml"
        path.write_text("".join(host_element(dump, known) for dump in dumps), encoding="ascii")
        commands.append(f"cpu-baseline --features {path}")
    answer = dialect_check.virsh(str(work), "; ".join(commands))
    if answer.returncode:
        sys.exit(answer.stderr)
    found = [set(re.findall("name='([^']*)'", text))
             for text in answer.stdout.split("<cpu mode=")[1:]]
    if len(found) != len(pools):
        sys.exit(f"{len(found)} baselines for {len(pools)} pools")
    return found


def unlike_virsh(case, option, names, known):
    """
    The features in which a guest differs from libvirt's baseline.  libvirt keeps what needs a
    feature that a host lacks, such as AVX2 without AVX; nobody can use it.
    """
    guest = dialect_check.guest_of(option)
    unlike = set().union(*UNLIKE_VIRSH.values(), dialect_check.repeated(case.hosts))
    useless = {row["name"] for row in dialect_check.kvm_rows()
               if all(dialect_check.value(host, row) for host in case.hosts)} - case.baseline
    return {row["name"] for row in dialect_check.kvm_rows() if row["name"] not in useless
            and row["libvirt"] in known and row["qemu"] not in unlike and
            row.place[:3] in guest.words and
            (guest.words[row.place[:3]] >> row["low"] & 1) != (row["libvirt"] in names)}


def vendor(dump):
    return dialect_check.read_dump(dump)[0, 0, "EBX"]


def main():
    tool = pathlib.Path(sys.argv[1]).resolve() / "cpulevel"
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        reports = sorted(pairs.RECORDED.glob("*.txt"))
        for dump in pairs.REAL:
            reports.append(work / f"real-{dump.stem}.txt")
            run(tool, "import", "--from", "cpuid-r", "-o", reports[-1], dump)
        dumps = {}
        for report in reports:
            dumps[report] = work / f"{report.stem}.dump"
            dumps[report].write_text(run(tool, "export", "-u", "--to", "cpuid-r", report),
                                     encoding="ascii")
        masks = [(pair, dialect,
                  run(tool, "mask", "-u", "--for", dialect, *INSTALLED[dialect], *pair))
                 for pair in itertools.combinations(reports, 2) for dialect in INSTALLED]
        elements = sorted({text for _, dialect, text in masks if dialect == "libvirt"})
        options = dict(zip(elements, dialect_check.libvirt_options(folder, elements)))
        failed = number = 0
        said = []
        for number, (pair, dialect, text) in enumerate(masks, 1):
            own = [dumps[report] for report in pair]
            wrong = wrong_with(case_of(own), dialect, text, options.get(text, text[5:-1]))
            failed += bool(wrong)
            print(f"{'not ok' if wrong else 'ok'} {number} - {dialect} for {pair[0].stem} and "
                  f"{pair[1].stem}", flush=True)
            if wrong:
                print(f"# {wrong}")
            if dialect == "qemu" and vendor(own[0]) == vendor(own[1]):
                said.append(len(dialect_check.read_qemu(text)[1]))
        known = {feature.get("name") for feature in
                 ElementTree.parse(models.MAP / "x86_features.xml").getroot().iter("feature")}
        alike = [(pair, text[5:-1]) for pair, dialect, text in masks if dialect == "qemu" and
                 vendor(dumps[pair[0]]) == vendor(dumps[pair[1]])]
        baselines = ask_virsh(work, [[dumps[r] for r in pair] for pair, _ in alike], known)
        for (pair, option), names in zip(alike, baselines):
            wrong = unlike_virsh(case_of([dumps[r] for r in pair]), option, names, known)
            number += 1
            failed += bool(wrong)
            print(f"{'not ok' if wrong else 'ok'} {number} - cpu-baseline of {pair[0].stem} and "
                  f"{pair[1].stem}")
            if wrong:
                print(f"# {', '.join(sorted(wrong))}")
        said.sort()
        print(f"# of one vendor: {len(said)} pairs, {said[len(said) // 2]} features or fewer for "
              f"half of them, {said[-1]} at most")
        short = said[len(said) // 2] <= HALF and said[-1] <= MOST
        print(f"{'ok' if short else 'not ok'} {number + 1} - lines for one vendor are short")
        print(f"1..{number + 1}")
    return failed > 0 or not short


if __name__ == "__main__":
    sys.exit(main())
