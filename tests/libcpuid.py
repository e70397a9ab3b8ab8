#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Who made a processor, which it is, its cores and its caches, as libcpuid 0.6 decodes it.

    libcpuid.py BUILD

cpuid_tool reads the first processor of every recorded machine, and of those that hwloc's source
has; show must say the same.  libcpuid 0.6 knows no x86-64 levels; levels.py has another judge.
"""

import dataclasses
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import machines
import results
import show
import spell

SWITCHES = ("vendorstr", "extfamily", "extmodel", "stepping", "brandstr", "logical", "cores",
            "l1d-cache", "l1i-cache", "l2-cache", "l3-cache", "l1d-assoc", "l1i-assoc", "l2-assoc",
            "l3-assoc")
WHO = re.compile(r"(.*), family (\d+), model (\d+) \(.*\), stepping (\d+)")
COUNTED = re.compile(r"not known: one processor was read; CPUID counts up to (\d+) in its socket")
LEVELS = ("L1d", "L1i", "L2", "L3")
# Of these, level 3 is that of all complexes or nodes of a socket, and leaf 80000008H has the cores.
AMD = ("AuthenticAMD", "HygonGenuine")
# What libcpuid 0.6 says otherwise, and why it is not right.
UNLIKE = {
    "shimada-4cpu": {"cores": "the dump has 4 of 128 processors", "L3": "the same"},
    "Intel-CPUID.1A-1p2co2t": {"cores": "it knows no leaf 1AH"},
    "Intel-CPUID.1F-Qemu-2p3d3c2t": {"cores": "it knows no leaf 1FH"},
    "Zhaoxin-CentaurHauls-ZXD-4600": {"cores": "it counts none of this vendor"},
}
# It ends without a word of this vendor.
UNREAD = ("Zhaoxin-Shanghai-KaiSheng-ZXC+-FC1081",)


@dataclasses.dataclass
class Judged:
    wrong: list
    facts: int = 0

    def hold(self, what, ours, theirs):
        self.facts += 1
        if ours != theirs:
            self.wrong.append(f"{what}: {ours}, libcpuid has {theirs}")


def raw(dump):
    """The first processor as libcpuid 0.6 writes it: without the lines that begin one."""
    text = spell.libcpuid(show.by_processor(dump)[0])
    return "version=0.6.2\n" + "".join(line + "\n" for line in text.splitlines()
                                       if "cpuid[" in line or "_fn" in line)


def decode(work, dump):
    """What cpuid_tool says, by its switches; numbers of what it does not know are -1."""
    path = work / "raw"
    path.write_text(raw(dump), encoding="ascii")
    done = subprocess.run(["cpuid_tool", f"--load={path}", "--quiet",
                           *(f"--{switch}" for switch in SWITCHES)],
                          capture_output=True, text=True, check=False)
    words = done.stdout.split("\n")
    if done.returncode or len(words) < len(SWITCHES):
        return None
    return {switch: " ".join(word.split()) for switch, word in zip(SWITCHES, words)}


def counts_cores(dump, vendor):
    """
    Whether the registers are there that libcpuid counts the cores of a socket by.  If leaf 0BH says
    that a core has one thread, it says one core.
    """
    rows = {(leaf, sub): regs for leaf, sub, regs in show.by_processor(dump)[0]}
    if vendor in AMD:
        return rows.get((0x80000008, 0), [0] * 4)[2] & 0xff > 0
    return rows.get((0xb, 0), [0] * 4)[1] > 1


def hold_caches(judged, name, said, theirs, sockets):
    for level in LEVELS:
        size, ways = (int(theirs[f"{level.lower()}-{what}"]) for what in ("cache", "assoc"))
        of = sorted(show.caches_of(said).get(level, ()))
        if size < 0 or level in UNLIKE.get(name, ()):
            continue
        ours = of[0] if of else (0, 0, 0, 0)
        if level == "L3" and theirs["vendorstr"] in AMD:
            if sockets:
                judged.hold(level, ours[0] * ours[2] // sockets, size)
        else:
            judged.hold(level, ours[:2], (size, ways))


def compare(tool, work, report):
    """What is wrong with a report, and how many facts were held."""
    dump = machines.first_of_kinds(tool, report)[0]
    theirs, said, judged = decode(work, dump), show.glance(tool, str(report)), Judged([])
    name = re.sub(r"(\.tar\.bz2|\.r|\.cpuid)$", "", report.stem)
    if (theirs is None) != (name in UNREAD):
        judged.wrong.append("cpuid_tool can read it" if theirs else "cpuid_tool cannot read it")
    if theirs is None:
        return judged
    for what, ours in zip(SWITCHES, WHO.fullmatch(said["vendor"]).groups()):
        judged.hold(what, ours, theirs[what])
    if theirs["brandstr"]:
        judged.hold("brandstr", " ".join(said["brand"].split()), theirs["brandstr"])
    counted, sockets = COUNTED.fullmatch(said["topology"]), 0
    if counted:
        judged.hold("logical", counted[1], theirs["logical"])
    else:
        sockets, cores, _ = show.product(said["topology"])
        if counts_cores(dump, theirs["vendorstr"]) and "cores" not in UNLIKE.get(name, ()):
            judged.hold("cores", cores // sockets, int(theirs["cores"]))
    hold_caches(judged, name, said, theirs, sockets)
    return judged


def main(build):
    tool = os.path.realpath(f"{build}/cpulevel")
    said = results.Results()
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        for which, reports in (("recorded machines", machines.recorded(tool, work)),
                               (machines.GATHERED, machines.gathered(tool, build, work))):
            facts = 0
            for report in reports:
                judged = compare(tool, work, report)
                facts += judged.facts
                said.say(judged.wrong, f"{report.stem}: as libcpuid decodes it")
            if facts:
                said.judged(facts, f"libcpuid 0.6: {which}")
            else:
                said.not_judged(f"libcpuid 0.6: {which}", machines.NOT_FETCHED)
    return said.end()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
