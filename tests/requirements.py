#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds VMware masks and "fits" against what a running VM requires: requirements.py BUILD.

tests/data/cases/vm-runtime.json is the requirement list of a VM, as vCenter's API printed it.  A
host has all features of the list, another has them but one: both forms of the mask must hide that
one, and with it what needs it, and nothing else.  The first host can take the VM, and the other
lacks that one.
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile

import results
import tables

LIST = pathlib.Path("tests/data/cases/vm-runtime.json")
HARDWARE = "19"

# Not a feature: the processor's vendor.
VENDORS = {"cpuid.intel", "cpuid.amd"}

FEATURES = {f.name: f for f in tables.features()}


def required():
    """The features of the list, by the capability that it names; several may share a bit."""
    words = {}
    for feature, row in tables.names().items():
        for word in filter(None, row["capability"].split("|")):
            words.setdefault("cpuid." + word.lower(), FEATURES[feature])
    runtime = json.loads(LIST.read_text(encoding="utf-8"))["Runtime"]
    names = [item["FeatureName"] for item in runtime["FeatureRequirement"]]
    return {name: words[name] for name in names if name not in VENDORS}


def with_needs(features):
    """The features, and all that they need."""
    waiting, all_of_them = [f.name for f in features], set()
    while waiting:
        name = waiting.pop()
        if name not in all_of_them:
            all_of_them.add(name)
            waiting += FEATURES[name].needs
    return all_of_them


INTEL = [0x756e6547, 0x6c65746e, 0x49656e69]
AMD = [0x68747541, 0x444d4163, 0x69746e65]


def dump(names, vendor=None, also=()):
    """What cpuid -r prints of a processor with these features, and with the leaves of others."""
    words = {(0, 0): [0xd] + (vendor or INTEL),
             (0x80000000, 0): [0x80000021, 0, 0, 0],
             (0xd, 1): [0, 0, 0, 0],
             (0xd, 2): [256, 576, 0, 0]}
    for name in also:
        words.setdefault((FEATURES[name].leaf, FEATURES[name].subleaf), [0, 0, 0, 0])
    for name in names:
        f = FEATURES[name]
        if f.single:
            place = words.setdefault((f.leaf, f.subleaf), [0, 0, 0, 0])
            place[tables.REGISTERS.index(f.register)] |= 1 << f.low
    rows = [f"   0x{leaf:08x} 0x{sub:02x}: " + " ".join(
        f"{r.lower()}=0x{v:08x}" for r, v in zip(tables.REGISTERS, regs))
            for (leaf, sub), regs in sorted(words.items())]
    return "CPU 0:\n" + "\n".join(rows) + "\n"


def run(tool, *words):
    return subprocess.run([tool, *words], check=True, capture_output=True, text=True).stdout


def hidden_by(text):
    """The places of a mask's zeros."""
    found = set()
    row = r'^cpuid\.([0-9a-f]+)(?:\.([0-9a-f]+))?\.(e[a-d]x) = "([-0]{32})"$'
    for key, sub, reg, bits in re.findall(row, text, re.MULTILINE):
        found |= {(int(key, 16), int(sub or "0", 16), reg.upper(), 31 - i)
                  for i, c in enumerate(bits) if c == "0"}
    return found


def mask_of(tool, folder, full, less):
    """The places that a mask hides, and what it says by names, of two hosts."""
    for name, text in (("full", dump(full)), ("less", dump(less))):
        (folder / f"{name}.r").write_text(text, encoding="ascii")
        (folder / f"{name}.txt").unlink(missing_ok=True)
        run(tool, "import", "--from", "cpuid-r", "-o", str(folder / f"{name}.txt"),
            str(folder / f"{name}.r"))
    options = ["-u", "--hw-version", HARDWARE, str(folder / "full.txt"), str(folder / "less.txt")]
    return (hidden_by(run(tool, "mask", "--for", "vmx", *options)),
            run(tool, "mask", "--for", "vmx-featmask", *options))


def lacking(tool, folder):
    """What "fits" says that the host "less" lacks, by capability; None if it says more."""
    files = [str(folder / f"{name}.txt") for name in ("full", "less")]
    answer = subprocess.run([tool, "fits", "-u", str(LIST), *files], capture_output=True,
                            text=True, check=False)
    said = re.fullmatch(r".*: 43 requirements\nfull: can take it\nless: cannot take it\n"
                        r"    lacks (.*)\n1 of 2 hosts can take this VM\n",
                        answer.stdout, re.DOTALL)
    if answer.returncode != 1 or not said:
        return None
    names = [re.fullmatch(r"\S+ \((\S+)\)|(\S+)", n).groups() for n in
             re.sub(r"\s+", " ", said[1]).split(", ")]
    return {(name or f"cpuid.{bare}").lower() for name, bare in names}


def needing(names, lost):
    """The names that are not usable without one of them."""
    gone = {lost}
    while True:
        more = {n for n in names - gone if gone & set(FEATURES[n].needs)}
        if not more:
            return gone
        gone |= more


def main():
    tool = str(pathlib.Path(sys.argv[1]).resolve() / "cpulevel")
    features = required()
    names = with_needs(features.values())
    said = results.Results()
    with tempfile.TemporaryDirectory() as work:
        for capability, feature in features.items():
            hidden, by_name = mask_of(tool, pathlib.Path(work), names, names - {feature.name})
            gone = {FEATURES[n].place for n in needing(names, feature.name)}
            named = f"featMask.vm.{capability} ".lower() in by_name.lower()
            lacks = {c for c, f in features.items() if f.name == feature.name}
            fits = lacking(tool, pathlib.Path(work))
            good = feature.place in hidden and hidden <= gone and named and fits == lacks
            said.say([] if good else [
                f"hidden: {sorted(hidden)}; by name: {named}; fits: {fits}",
                f"expected at most: {sorted(gone)}"], f"{capability} is hidden, and named by fits")
    # Of each: hidden with no more than needs it, named, and lacked.
    said.judged(3 * len(features), "a running VM's list, of vCenter's API")
    return said.end()


if __name__ == "__main__":
    sys.exit(main())
