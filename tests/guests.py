#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""mask --check, judged by QEMU and libvirt: guests.py BUILD.

What a definition gives a guest is what the installed QEMU shows for it, over QMP.  What mask prints
for two machines is safe on both.  A machine's own line names, of another, exactly what that one
lacks.  libvirt's own comparison with what this QEMU can emulate says the same as ours.
"""

import itertools
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

import dialect_check
import hypervisor
import kvm_guest
import pairs
import qemu_cpu
import results
import tables

DIALECTS = {"qemu": ["--qemu-version", "7.2"], "libvirt": [], "proxmox": []}
MIXED = "the guest has that of the host, and the hosts differ"
# Options for which QEMU itself is asked, besides random ones: signs count more than what comes
# before or after them, '_' is '-', and some features have second names.
OPTIONS = [
    "Haswell-v1,vendor=GenuineIntel,-vme,+aes,pdpe1gb=on,phys-bits=40,host-phys-bits=off",
    "Westmere,+sse3,-sse4_1,+sse4-1,ffxsr=on,xd=off,i64=on",
    "Nehalem,aes=on,-aes,+aes", "Nehalem,-x2apic,x2apic=on", "Nehalem,aes=off,aes", "base,+lm,-vme",
    "EPYC,+lahf_lm,-svm,+npt", "EPYC,+svm,+npt,+pause_filter", "kvm64,+arch-capabilities,+rdctl-no",
    "Skylake-Server,-avx512f", "Skylake-Server,-xsave", "qemu64", "Icelake-Server-noTSX,-pclmuldq",
    "Cascadelake-Server-v4,+tsc_adjust,kvm_pv_eoi=on,hv_relaxed", "Snowridge,core-capability=off",
    "Denverton-v3,+amx-tile,avx_vnni=on", "n270", "Opteron_G3,-rdtscp"]
# Without a name in the versions that are installed, or not of the features of a guest's definition.
NOT_JUDGED = {"ht", "hypervisor"}
# Set by -smp, the hypervisor, or the guest's system.
OF_SYSTEM = {"ht", "cmp_legacy", "hypervisor", "osxsave", "ospke"}
# KVM has these in software for guests that run guests (Linux arch/x86/kvm/svm/svm.c).
NESTED = {"SVM_FLUSH_BY_ASID", "SVM_VMCB_CLEAN"}


def run(status, *words, text=None):
    answer = subprocess.run([str(word) for word in words], check=False, capture_output=True,
                            text=True, input=text)
    if answer.returncode not in status:
        sys.exit(f"{words}: {answer.returncode}: {answer.stderr}")
    return answer


def read_lacks(text):
    """Of each host, the names that it lacks, and those that KVM does not give there."""
    found = {}
    for host, body in re.findall(r"^(\S+): can(?:not)? take it\n((?:    .*\n)*)", text,
                                 re.MULTILINE):
        lines = re.sub(r"\n {8}", " ", body)
        lacks = re.findall(r"^    lacks (.*)$", lines, re.MULTILINE)
        given = re.findall(r"^    does not give ([^:]*):", lines, re.MULTILINE)
        found[host] = tuple({word.split(" ")[0] for part in parts for word in part.split(", ")}
                            for parts in (lacks, given))
    return found


def bits_of_guest(option):
    """The names of the rows that a guest has, of those that QEMU 7.2 knows, in CPUID."""
    guest = dialect_check.guest_of(option)
    known = qemu_cpu.names() - NOT_JUDGED
    return {row["name"] for row in dialect_check.ROWS
            if row["qemu"] in known and row["low"] == row["high"] and
            row["rule"] in ("ALL", "ANY") and row["leaf"] < tables.MSR and
            guest.words.get(row.place[:3], 0) >> row["low"] & 1}


# KVM has these in software (Linux arch/x86/kvm/cpuid.c), some on Intel's hosts only.
EMULATED = {"X2APIC", "TSC_DEADLINE", "ARAT", "TSC_ADJUST", "UMIP", "ARCH_CAPABILITIES"}
# The default of --kernel-version.
KERNEL = 0x060c
# Chosen beside a definition: -overcommit cpu-pm=on, and kvm_intel's pt_mode=1.
NOT_CHOSEN = {"MONITOR", "WAITPKG", "INTEL_PT", "PT_LIP"}
KNOWN = {row["name"] for row in dialect_check.ROWS if row["qemu"] in qemu_cpu.names()}


def nothing():
    """What cpuid -r prints of a processor without any feature."""
    leaves = [(0, 0, 0x20)] + [(leaf, 0, 0) for leaf in range(1, 0x21) if leaf != 7]
    leaves += [(7, 0, 2), (7, 1, 0), (7, 2, 0), (0xd, 1, 0), (0x14, 1, 0), (0x12, 1, 0)]
    leaves += [(0x80000000, 0, 0x80000026)] + [(0x80000000 + n, 0, 0) for n in range(1, 0x27)]
    return "CPU:\n" + "".join(
        f"   0x{leaf:08x} 0x{sub:02x}: eax=0x{eax:08x} ebx=0x{0x756e6547 * (leaf == 0):08x} "
        f"ecx=0x{0x6c65746e * (leaf == 0):08x} edx=0x{0x49656e69 * (leaf == 0):08x}\n"
        for leaf, sub, eax in sorted(leaves))


def options():
    rng = random.Random(1)
    names = sorted(qemu_cpu.names() - NOT_JUDGED)
    names = [n for n in names if not re.match("kvm|vmx-|x-", n)]
    yield from OPTIONS
    for model in rng.sample(sorted(qemu_cpu.models() - {"host", "max", "base"}), 30):
        words = [rng.choice(("+{}", "-{}", "{}=on", "{}=off", "{}")).format(name)
                 for name in rng.choices(names, k=12)]
        yield ",".join([model, *words])


class Tests:
    def __init__(self, tool, work):
        self.tool, self.work, self.facts = tool, work, 0
        self.said = results.Results()
        self.reports = sorted(pairs.RECORDED.glob("*.txt"))
        for dump in pairs.REAL:
            self.reports.append(work / f"real-{dump.stem}.txt")
            run([0], tool, "import", "--from", "cpuid-r", "-o", self.reports[-1], dump)
        self.kinds = {report: pairs.load(report) for report in self.reports}
        self.have = {report: self.bits_of(report) for report in self.reports}

    def processors(self, report):
        """Each kind of processors, by (leaf, subleaf, register)."""
        return [{(leaf, sub, reg): value for (leaf, sub), answer in kind.items()
                 for reg, value in zip(tables.REGISTERS, answer)} for kind in self.kinds[report]]

    def bits_of(self, report):
        """The names of the rows of which every kind of processors has the bit."""
        return {row["name"] for row in dialect_check.ROWS if row["low"] == row["high"] and
                all(dialect_check.value(kind, row) for kind in self.processors(report))}

    def gets(self, report, names):
        """Those of the names that KVM gives there, by a second computation."""
        microcode = [int(n, 16) for n in re.findall(
            "^microcode ([0-9a-f]+)$", pathlib.Path(report).read_text(encoding="ascii"),
            re.MULTILINE)]
        hosts = [kvm_guest.Linux(kind, KERNEL, min(microcode, default=None), nested=True)
                 for kind in self.processors(report)]
        return {name for name in names - NOT_CHOSEN if all(h.offers(name) for h in hosts)}

    def vendor(self, report):
        return self.kinds[report][0][0, 0][1:]

    def check(self, status, text, *reports, words=()):
        path = self.work / "definition"
        path.write_text(text, encoding="ascii")
        return run(status, self.tool, "mask", "-u", *words, "--check", path, *reports)

    def mask(self, dialect, *reports):
        return run([0], self.tool, "mask", "-u", "--for", dialect, *DIALECTS[dialect],
                   *reports).stdout

    def safe(self):
        """What mask prints is safe on all that it is for."""
        for dialect in DIALECTS:
            wrong = []
            for pair in itertools.combinations(self.reports, 2):
                answer = self.check([0, 1, 2], self.mask(dialect, *pair), *pair)
                # Proxmox VE cannot fix the vendor of a model of no processor.
                mixed = dialect == "proxmox" and self.vendor(pair[0]) != self.vendor(pair[1])
                rest = re.sub(f"    has the vendor .*; {MIXED}\n", "", answer.stdout)
                if answer.returncode != mixed or "\n    " in rest:
                    wrong.append(f"{pair[0].stem} {pair[1].stem}: {answer.stdout!r}")
            self.said.say(wrong, f"mask --for {dialect} is safe")

    def own(self):
        """A machine's own line, and what another lacks of what QEMU shows a guest of it."""
        for one in self.reports:
            text, wrong = self.mask("qemu", one), []
            wanted = bits_of_guest(text[5:-1])
            for other in self.reports:
                answer = self.check([0, 1], text, other)
                lacked, refused = read_lacks(answer.stdout)[other.stem]
                found = {name for name in lacked | refused
                         if dialect_check.BY_NAME[name]["leaf"] < tables.MSR}
                lacks = wanted - self.gets(other, wanted)
                self.facts += len(wanted)
                if found != lacks:
                    wrong.append(f"{other.stem}: {sorted(lacks ^ found)}")
            self.said.say(wrong, f"what others lack of {one.stem}'s own line")

    def expansion(self):
        """What QEMU shows for an option is what a machine without any feature lacks."""
        empty = self.work / "nothing.txt"
        (self.work / "nothing").write_text(nothing(), encoding="ascii")
        run([0], self.tool, "import", "--from", "cpuid-r", "-o", empty, self.work / "nothing")
        for option in options():
            found = read_lacks(self.check([0, 1], option, empty).stdout)["nothing"]
            found = {name for name in found[0] | found[1] if name in KNOWN and
                     dialect_check.BY_NAME[name]["leaf"] < tables.MSR}
            wanted = bits_of_guest(option) - EMULATED
            self.facts += len(KNOWN)
            self.said.say([f"{sign}{sorted(names)}" for sign, names in
                           (("only QEMU: ", wanted - found), ("only we: ", found - wanted))
                           if names], f"QEMU's {option}")


    def ask_virsh(self, paths):
        """What libvirt misses for each definition on the processor that this QEMU emulates."""
        answer = hypervisor.virsh(str(self.work), "; ".join(
            f"hypervisor-cpu-compare --error --virttype qemu {path}" for path in paths))
        found = {path: set(names.split(", ")) for path, names in re.findall(
            r"with (\S+)\nerror: .*does not provide required features: (.*)\n", answer.stderr)}
        for path in paths:
            if re.search(rf"{path} is (identical|a superset)|superset of .*{path}|"
                         rf"in {path} is", answer.stdout):
                found.setdefault(path, set())
        return found

    def libvirt(self):
        """
        libvirt misses the same as we do of its own models and of features that are said; besides,
        the guest has what QEMU's model has and libvirt's has not.
        """
        rng = random.Random(2)
        names = {row["libvirt"]: row["name"] for row in dialect_check.ROWS
                 if row["libvirt"] and row["leaf"] < tables.MSR}
        libvirt = hypervisor.NOW["share"] / "cpu_map"
        known = {f.get("name") for f in ElementTree.parse(
            libvirt / "x86_features.xml").getroot().iter("feature")}
        usual = sorted(set(names) & known - OF_SYSTEM)
        aliases = {m.alias: m.name for m in tables.models().values()}
        paths = {}
        for path in sorted(libvirt.glob("x86_*.xml")):
            model = path.stem[4:]
            if model not in aliases:
                continue
            said = {name: rng.choice(("require", "disable"))
                    for name in rng.sample(usual, len(paths) % 3 * 6)}
            own = self.work / f"{model}.xml"
            own.write_text(f"<cpu mode='custom' match='exact'><model>{model}</model>" +
                           "".join(f"<feature policy='{policy}' name='{name}'/>"
                                   for name, policy in said.items()) + "</cpu>\n",
                           encoding="ascii")
            paths[str(own)] = model, said
        missing = self.ask_virsh(paths)
        host = pairs.RECORDED / "max.txt"
        for path, (model, said) in paths.items():
            answer = self.check([0, 1, 2], pathlib.Path(path).read_text(encoding="ascii"), host,
                                words=["--libvirt-version", "9.0"])
            found = read_lacks(answer.stdout).get("max", (set(), set()))
            found = found[0] | (found[1] - self.have[host])
            theirs = {names[name] for name in missing.get(path, ()) if name in names}
            theirs -= EMULATED | NESTED
            self.facts += len(theirs | found)
            qemus = bits_of_guest(model) - {names[name] for name in said}
            ours = found - theirs - qemus - EMULATED
            wrong = [f"{sign}{sorted(part)}" for sign, part in
                     (("only libvirt: ", theirs - found), ("only we: ", ours)) if part]
            if path not in missing:
                wrong.append("libvirt says nothing")
            self.said.say(wrong, f"libvirt misses the same of {model}")


def main():
    tool = pathlib.Path(sys.argv[1]).resolve() / "cpulevel"
    with tempfile.TemporaryDirectory() as folder:
        tests = Tests(tool, pathlib.Path(folder))
        tests.libvirt()
        tests.expansion()
        tests.own()
        tests.safe()
        who = "QEMU {}.{} and libvirt {}.{}".format(*itertools.chain(*hypervisor.versions()))
        tests.said.judged(tests.facts, who)
        return tests.said.end()


if __name__ == "__main__":
    sys.exit(main())
