#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Real machines, as hwloc's tests have them: gathers.py BUILD.

Debian's source package of hwloc has what hwloc-gather-cpuid read on every processor of public
machines, from two to 256, and the topology that hwloc's authors expect of each.  It is fetched into
BUILD/gathers.  show must say the same sockets, cores, processors, caches, vendor, brand, family,
model and stepping.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

import machines
import results
import show

VENDOR = re.compile(r"(.*), family (\d+), model (\d+) \(\w+\), stepping (\d+)")


def expected(path):
    """Caches, counts, and what the first socket is, of an output that hwloc's authors expect."""
    root = xml.etree.ElementTree.parse(path).getroot()
    caches, counts = show.objects(root)
    package = next((p for p in root.iter("object") if p.get("type") == "Package"), root)
    return caches, counts, {info.get("name"): info.get("value").strip()
                            for info in package.findall("info")}


def named(said, info):
    """What differs in vendor, family, model, stepping and brand."""
    numbers = VENDOR.fullmatch(said.get("vendor", ""))
    if not numbers:
        return [f"vendor {said.get('vendor')}"]
    keys = ("CPUVendor", "CPUFamilyNumber", "CPUModelNumber", "CPUStepping")
    ours = dict(zip(keys, map(str.strip, numbers.groups()))) | {"CPUModel": said.get("brand", "")}
    return [f"{key}: {ours[key]!r}, hwloc has {info[key]!r}" for key in ours
            if key in info and " ".join(info[key].split()) != " ".join(ours[key].split())]


def check(tool, gather, work, say):
    report = work / f"{gather.name}.txt"
    subprocess.run([tool, "import", "-o", report, gather], check=True, capture_output=True)
    said = show.glance(tool, report)
    caches, counts, info = expected(gather.parent / gather.name.replace(".tar.bz2", ".output"))
    ours = show.caches_of(said)
    wrong = [] if show.whole(ours, caches) == caches else [f"{ours}", f"{caches}"]
    say(wrong, f"{gather.stem[:-4]}: caches")
    topology = said.get("topology", "")
    wrong = [] if show.product(topology) == counts else [topology, counts]
    say(wrong, f"{gather.stem[:-4]}: sockets, cores and processors")
    say(named(said, info), f"{gather.stem[:-4]}: vendor, family, model, stepping, brand")
    return sum(len(of) for of in caches.values()) * 4 + len(counts) + len(info)


def main(build):
    tool = os.path.realpath(f"{build}/cpulevel")
    place = machines.gathers(build)
    said = results.Results()
    who = f"what is expected of {machines.GATHERED}"
    if not place:
        said.not_judged(who, machines.NOT_FETCHED)
        return said.end()
    gathers = sorted(place.glob("*.tar.bz2"))
    said.say([] if len(gathers) == 25 else [f"{len(gathers)}"], "there are 25 machines")
    with tempfile.TemporaryDirectory() as work:
        facts = sum(check(tool, gather, pathlib.Path(work), said.say) for gather in gathers)
    said.judged(facts, who)
    return said.end()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
