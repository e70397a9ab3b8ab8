#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds EVC modes, their masks and what hosts qualify for against the tables: evc_modes.py BUILD.

The tables are read here, not through the program.  Of each mode of evc.def and each virtual
hardware version, built in and imported from JSON: no mask hides a bit that the mode has, none
leaves a feature whose need it hides, and each zero is a bit that VMware takes from the host.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import requirements
import tables

CASES = pathlib.Path("tests/data/cases")
HARDWARE = (4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22)
FUTURE = 255

FEATURES = {f.name: f for f in tables.features()}
NAMES = tables.names()
BITS = {f.place: f.name for f in FEATURES.values() if f.single and not f.anywhere}


def place(leaf, subleaf, register, bit):
    return leaf, subleaf, register, bit


class Mode:
    """A mode of evc.def, with what it has from earlier ones."""

    def __init__(self, key, vendor, tier, after):
        self.key, self.vendor, self.tier = key, vendor, int(tier)
        self.state = dict(after.state) if after else {}
        self.registers, self.own = [], set()

    def has(self):
        return {name for name, state in self.state.items() if state == "HAS"}

    def shown(self):
        """What guests see: by name, by register, and what that needs."""
        names = {name for name, state in self.state.items() if state != "LACKS"}
        for leaf, subleaf, register, bits in self.registers:
            at = [place(leaf, subleaf, register, n) for n in range(32) if bits >> n & 1]
            names |= {BITS[p] for p in at if p in BITS}
        return requirements.with_needs(FEATURES[n] for n in names)

    def added(self, before):
        return self.has() - before.has()


def read_modes():
    modes = {}
    for macro, words in tables.rows("../fleet/evc"):
        if macro == "EVC_MODE":
            ident, key, vendor, tier, after, _ = words
            modes[ident] = Mode(key, vendor, tier, modes.get(after))
            modes[ident].after = modes.get(after)
        elif macro == "EVC_ROW":
            ident, state, feature, _ = words
            for mode in modes.values():
                line = mode
                while line and line is not modes[ident]:
                    line = line.after
                if line is modes[ident] and not (mode is not line and feature in mode.own):
                    mode.state[feature] = state
            modes[ident].own.add(feature)
        elif macro == "EVC_BITS":
            ident, leaf, subleaf, register, bits, _ = words
            modes[ident].registers.append((int(leaf, 16), int(subleaf), register, int(bits, 16)))
    return list(modes.values())


def shows():
    """The first hardware version that shows the host's bit, of the bits of which there is one."""
    return {words[0]: FUTURE if words[3] == "HW_FUTURE" else int(words[3])
            for _, words in tables.rows("vmware") if words[1] == "HOST"}


SINCE = shows()


def covered(name, hardware):
    """A bit that a mask can hide: of the machine, and taken from the host."""
    f = FEATURES[name]
    return (f.single and not f.anywhere and f.kind == "FEATURE" and f.rule != "FIXED" and
            SINCE.get(name, FUTURE) <= hardware)


def capabilities(name):
    """VMware's names; the manual's if there is none."""
    return [c for c in NAMES.get(name, {}).get("capability", "").split("|") if c] or [name]


def json_of(mode):
    """A mode as the vSphere API has it, by names."""
    def items(names, value):
        return [{"key": f"cpuid.{c}", "featureName": f"cpuid.{c}", "value": value}
                for n in sorted(names) for c in capabilities(n)]
    shown = {name for name, state in mode.state.items() if state != "LACKS"}
    return {"key": mode.key, "vendor": mode.vendor.lower(), "vendorTier": mode.tier,
            "featureMask": items(shown, "Val:1"),
            "featureRequirement": items(mode.has(), "Bool:Min:1")}


class Judge:
    def __init__(self, tool, folder):
        self.tool, self.folder = tool, folder
        self.count = self.failed = 0
        self.leaves = ()    # features whose leaves every host has

    def say(self, name, wrong):
        """Prints a result: good if there is nothing wrong."""
        self.count += 1
        self.failed += bool(wrong)
        print(f"{'not ok' if wrong else 'ok'} {self.count} - {name}")
        for line in list(wrong)[:10]:
            print(f"# {line}")

    def run(self, *words):
        return subprocess.run([self.tool, *words], check=False, capture_output=True, text=True)

    def mask(self, key, hardware, *words):
        done = self.run("mask", "--for", "vmx", "--evc", key, "-w", str(hardware), *words)
        if done.returncode:
            raise RuntimeError(f"{key}: {done.stderr}")
        return requirements.hidden_by(done.stdout)

    def explained(self, key, *words):
        """What mask-explain has against a mode's mask for hardware version 22."""
        mask = self.run("mask", "--for", "vmx", "--evc", key, *words).stdout
        done = subprocess.run([self.tool, "mask-explain", "-"], check=False, input=mask,
                              capture_output=True, text=True)
        return [] if done.returncode == 0 else done.stdout.splitlines()[-5:] + [done.stderr]

    def report(self, name, features, vendor):
        """Imports a host with these features."""
        dump, path = self.folder / f"{name}.r", self.folder / f"{name}.txt"
        has = requirements.with_needs(FEATURES[f] for f in features)
        dump.write_text(requirements.dump(has, vendor, self.leaves), encoding="ascii")
        path.unlink(missing_ok=True)
        requirements.run(self.tool, "import", "--from", "cpuid-r", "-o", str(path), str(dump))
        return str(path)

    def answer(self, *reports):
        """What evc says of hosts: the mode, and the line after it."""
        if len(reports) > 1:
            pool = str(self.folder / "hosts.pool")
            pathlib.Path(pool).unlink(missing_ok=True)
            requirements.run(self.tool, "merge", "-u", "-o", pool, *reports)
            reports = [pool]
        words = self.run("evc", "-u", *reports).stdout.replace("\n    ", " ").splitlines()
        return words[0].rpartition(": ")[2], words[1].strip()


def stranded(names, hardware):
    """What remains visible though a mask hides what it needs."""
    return [f"{f.name}: remains, but {n} is hidden" for f in FEATURES.values() for n in f.needs
            if n in names and f.name not in names and covered(f.name, hardware)]


def faults(mode, hardware, hidden):
    """What is wrong with a mask."""
    names = {BITS.get(p, str(p)) for p in hidden}
    shown = mode.shown()
    wrong = [f"{n}: not a bit that VMware takes from the host" for n in names
             if n not in FEATURES or not covered(n, hardware)]
    wrong += [f"{n}: the mode has it" for n in names & shown]
    wrong += stranded(names, hardware)
    wrong += [f"{n}: named, not shown, and remains" for n, row in NAMES.items()
              if row["capability"] and covered(n, hardware) and n not in shown | names]
    return [f"hardware {hardware}: {line}" for line in wrong]


def imported_file(judge, *modes):
    path = judge.folder / "modes.json"
    path.write_text(json.dumps([json_of(mode) for mode in modes]), encoding="ascii")
    return str(path)


def judge_masks(judge, modes):
    for mode in modes:
        wrong, last = [], set()
        imported = imported_file(judge, mode)
        for hardware in HARDWARE:
            hidden = judge.mask(mode.key, hardware, "--import", imported)
            wrong += faults(Named(mode), hardware, hidden)
            wrong += [f"hardware {hardware}: {p} no longer hidden" for p in last - hidden]
            last = hidden
        wrong += judge.explained(mode.key, "--import", imported)
        judge.say(f"{mode.key}, imported: its masks hide what it lacks and nothing else", wrong)
    for mode in modes:
        if mode.vendor == "AMD":
            done = judge.run("mask", "--for", "vmx", "--evc", mode.key)
            judge.say(f"{mode.key} is not known whole: there is no mask",
                      [done.stdout] if done.returncode != 2 or done.stdout else [])
            continue
        wrong, imported = [], imported_file(judge, mode)
        for hardware in HARDWARE:
            hidden = judge.mask(mode.key, hardware)
            wrong += faults(mode, hardware, hidden)
            again = judge.mask(mode.key, hardware, "--import", imported)
            if not mode.registers and hidden != again:
                wrong.append(f"hardware {hardware}: other than the same mode imported")
        wrong += judge.explained(mode.key)
        judge.say(f"{mode.key}: its masks hide what it lacks and nothing else", wrong)


class Named:
    """A mode by its names alone."""

    def __init__(self, mode):
        self.mode = mode

    def shown(self):
        return requirements.with_needs(
            FEATURES[n] for n, state in self.mode.state.items() if state != "LACKS")


def judge_broadwell(judge, modes):
    needed = requirements.required()
    for mode in modes:
        if mode.vendor == "INTEL" and mode.tier >= 8:
            hidden = judge.mask(mode.key, requirements.HARDWARE)
            judge.say(f"{mode.key} hides nothing that a VM with intel-broadwell requires",
                      [c for c, f in needed.items() if f.place in hidden])


def judge_cases(judge):
    masks = []
    for name in ("westmere-registers-and-names.json", "westmere-names.json"):
        hidden = judge.mask("intel-westmere", 19, "--import", str(CASES / name))
        masks.append(hidden)
        wanted = ("AVX", "AVX2", "BMI1", "BMI2", "FSGSBASE", "SMEP", "INVPCID")
        judge.say(f"{name}: what needs AVX goes with it",
                  [n for n in wanted if FEATURES[n].place not in hidden])
        own = ("HYPERVISOR_PRESENT", "HTT", "X2APIC", "OSXSAVE", "TSC_DEADLINE")
        judge.say(f"{name}: what is VMware's own stays",
                  [n for n in own if FEATURES[n].place in hidden])
    judge.say("registers and names give the mask of the names", masks[0] ^ masks[1])


def judge_vendors(judge):
    path = judge.folder / "vendors.json"
    named = [{"key": "cpuid.LM", "value": "Val:1"}, {"key": "cpuid.IBPB", "value": "Val:1"}]
    for how in ({"vendor": "amd"}, {"key": "amd-x"},
                {"masks": named + [{"key": "cpuid.Intel", "value": "0"},
                                   {"key": "cpuid.AMD", "value": "Val:1"}]}):
        path.write_text(json.dumps({"key": "x", "masks": named} | how), encoding="ascii")
        hidden = judge.mask(how.get("key", "x"), 19, "--import", str(path))
        judge.say(f"cpuid.IBPB is AMD's where {next(iter(how))} says AMD",
                  [n for n, hides in (("IBPB", False), ("IBRS_IBPB", True))
                   if (FEATURES[n].place in hidden) != hides])
    path.write_text(json.dumps({"key": "intel-x", "masks": named}), encoding="ascii")
    hidden = judge.mask("intel-x", 19, "--import", str(path))
    judge.say("and Intel's for Intel", [n for n, hides in (("IBPB", True), ("IBRS_IBPB", False))
                                        if (FEATURES[n].place in hidden) != hides])


def judge_registers(judge):
    """A mode with a register of leaf 1 and nothing else, as an old vCenter has it."""
    path = judge.folder / "registers.json"
    denied = ("XSAVE", "OSXSAVE", "AVX", "FMA", "F16C", "HYPERVISOR_PRESENT")
    zeros = {FEATURES[n].low for n in denied}
    bits = "".join("0" if n in zeros else "1" for n in reversed(range(32)))
    path.write_text(json.dumps({"key": "intel-x", "guaranteedCPUFeatures": [
        {"level": 1, "ecx": bits}]}), encoding="ascii")
    for hardware in HARDWARE:
        hidden = judge.mask("intel-x", hardware, "--import", str(path))
        names = {BITS.get(p, str(p)) for p in hidden}
        wrong = stranded(names, hardware)
        wrong += [f"{n}: hidden" for n in ("HYPERVISOR_PRESENT", "OSXSAVE", "LM", "NX", "SSE3",
                                           "AESNI") if n in names]
        wrong += [f"{n}: remains" for n in ("XOP", "XCR0_SSE", "SMEP", "AVX2")
                  if covered(n, hardware) and n not in names]
        judge.say(f"registers alone, hardware {hardware}: hide what they deny and what needs it",
                  wrong)


def judge_3dnow(judge, by_key):
    keys = ("amd-greyhound", "amd-greyhound-no3dnow")
    imported = imported_file(judge, *(by_key[key] for key in keys))
    masks = [judge.mask(key, 19, "--import", imported) for key in keys]
    bits = {FEATURES["3DNOW"].place, FEATURES["3DNOW_EXT"].place}
    judge.say("3DNow! is all that one mask hides and the other does not",
              (masks[1] - masks[0]) ^ bits | (masks[0] - masks[1]))
    done = judge.run("evc", *keys)
    wanted = "  only amd-greyhound: 3DNOW_EXT 3DNOW\n"
    judge.say("the two modes differ by 3DNow!",
              [] if done.returncode == 1 and wanted in done.stdout else [done.stdout])


def judge_hosts(judge, modes):
    """A host that has just what a mode needs, and one without a feature that the mode adds."""
    vendors = {"INTEL": requirements.INTEL, "AMD": requirements.AMD}
    for mode in modes:
        host = judge.report("host", mode.has(), vendors[mode.vendor])
        judge.say(f"{mode.key} is the mode of a host that has what it needs",
                  [] if judge.answer(host)[0] == mode.key else judge.answer(host))
        if mode.tier <= 4 and mode.vendor == "AMD":
            continue        # two of one generation: with and without 3DNow!, see judge_reach
        wrong = []
        before = mode.after or next((m for m in reversed(modes) if m.vendor == mode.vendor and
                                     m.tier < mode.tier), mode)
        for feature in sorted(mode.added(before)):
            gone = requirements.needing(requirements.with_needs(FEATURES[f] for f in mode.has()),
                                        feature)
            host = judge.report("host", mode.has() - gone, vendors[mode.vendor])
            key, line = judge.answer(host)
            wanted = f"this host lacks for {mode.key}:"
            lacks = set(line.partition(": ")[2].split())
            if not line.startswith(wanted) or lacks != gone & mode.has() or key == mode.key:
                wrong.append(f"without {feature}: {key}: {line}")
        judge.say(f"{mode.key} is the next mode of a host without one of its features", wrong)


def judge_reach(judge, by_key):
    def host(name, key, less=()):
        return judge.report(name, by_key[key].has() - set(less), requirements.AMD)

    magny, interlagos = host("k10", "amd-greyhound"), host("bulldozer", "amd-bulldozer")
    rome, milan = host("rome", "amd-zen2", ["SHA"]), host("milan", "amd-zen3")
    this = "higher modes need features that this processor can never have"
    some = "higher modes need features that some of these processors can never have"
    for name, hosts, mode, line in (
            ("a Magny-Cours", [magny], "amd-greyhound", this),
            ("an Interlagos", [interlagos], "amd-bulldozer",
             "this host lacks for amd-piledriver: FMA F16C BMI1 TBM"),
            ("both", [magny, interlagos], "amd-greyhound-no3dnow", some),
            ("a Magny-Cours without POPCNT", [host("magny", "amd-greyhound", ["POPCNT"])],
             "amd-rev-f", "this host lacks for amd-greyhound-no3dnow: POPCNT"),
            ("an Interlagos without SSE4A", [host("interlagos", "amd-bulldozer", ["SSE4A"])],
             "no known mode", "this host lacks for amd-greyhound-no3dnow: SSE4A"),
            ("a Steamroller", [host("steam", "amd-steamroller")], "amd-steamroller", this),
            ("a Rome without SHA", [rome], "amd-greyhound-no3dnow",
             "this host lacks for amd-zen: SHA"),
            ("that and a Milan", [rome, milan], "amd-greyhound-no3dnow",
             "not all hosts have for amd-zen: SHA"),
            ("an Interlagos and a Milan", [interlagos, milan], "amd-greyhound-no3dnow", some)):
        answer = judge.answer(*hosts)
        judge.say(f"{name}: {mode}", [] if answer == (mode, line) else answer)


def main():
    modes = read_modes()
    with tempfile.TemporaryDirectory() as work:
        judge = Judge(str(pathlib.Path(sys.argv[1]).resolve() / "cpulevel"), pathlib.Path(work))
        judge.leaves = sorted({name for mode in modes for name in mode.shown()})
        by_key = {mode.key: mode for mode in modes}
        judge_masks(judge, modes)
        judge_broadwell(judge, modes)
        judge_cases(judge)
        judge_vendors(judge)
        judge_registers(judge)
        judge_3dnow(judge, by_key)
        judge_hosts(judge, modes)
        judge_reach(judge, by_key)
    print(f"1..{judge.count}")
    return judge.failed > 0


if __name__ == "__main__":
    sys.exit(main())
