#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What KVM offers its guests, by KVM itself: kvmtable.py BUILD.

QEMU emulates a host whose CPUID shows all that QEMU has a name for, whether it works or not; one
that has little, where KVM shows what it has in software; and several generations of AMD's, of which
Linux knows what CPUID does not say.  They boot Debian's kernels, and tests/supported.c asks their
KVM for KVM_GET_SUPPORTED_CPUID.  Each bit of each leaf that KVM lists must be as guest_kvm*.def has
it for such a host and kernel.

The hosts are AMD's, for QEMU emulates SVM and no VMX.  Most of the list is the same on Intel's: KVM
makes it in one place for both.
"""

import dataclasses
import itertools
import lzma
import pathlib
import re
import subprocess
import sys
import tempfile

import hypervisor
import kvm_guest
import qemu_cpu
import results
import tables

WHO = "KVM of Linux 6.1 and 6.12"
# A boot takes seconds; on a busy machine, many times that.
BOOT_SECONDS = 600
# The kernels, and what fetches them.
KERNELS = (("migration", "kernel"), ("kvm", "kernel-trixie"))
MODULES = ("irqbypass", "rng-core", "ccp", "kvm", "kvm-amd")
# Not shown to the kernel, which would use what the emulation has not: with these it stops, or
# switches off XSAVE and with it all that needs XSAVE.
UNUSABLE = ("pcid", "invpcid", "xsavec", "xsaves", "serialize", "waitpkg", "fred", "lkgs",
            "avx512vl", "xfd", "amx-tile", "amx-int8", "amx-bf16", "amx-fp16", "amx-complex",
            "hypervisor")
# What is not of a processor, or of VIA's.
OTHERS = re.compile(r"(kvm|hv|vmx|x)-|kvmclock|xstore|xcrypt|ace2|phe|pmm|vmx$")
# What a kernel of 64 bits can do without.
OPTIONAL = ("hypervisor", "de", "mce", "mca", "mtrr", "pat", "clflush", "pse36", "sep", "pni",
            "cx16", "popcnt", "x2apic", "abm", "sse4a", "lahf-lm", "mmx", "3dnowprefetch", "pge",
            "ht", "vme")
# What guest_kvm_host.def has rows of for AMD's.
KNOWN = ("svm", "npt", "ibpb", "ibrs", "amd-stibp", "amd-ssbd", "rdrand", "rdseed", "lahf-lm",
         "avic", "v-vmsave-vmload", "vgif", "vnmi")
SIMPLE = "qemu64-v1,vendor=AuthenticAMD"


@dataclasses.dataclass(frozen=True)
class Host:
    """A host: what it shows (None: all), and how many bits KVM offers there at least."""
    name: str
    model: str
    shows: tuple
    hides: tuple
    least: int

    @property
    def option(self):
        """QEMU's -cpu."""
        known = qemu_cpu.names()
        shows = [name for name in sorted(known) if name not in self.hides and
                 not OTHERS.match(name)] if self.shows is None else self.shows
        return ",".join([self.model, "x-force-features=on",
                         *(f"-{name}" for name in self.hides if name in known),
                         *(f"+{name}" for name in shows if name in known)])


HOSTS = [Host("much", "EPYC-Milan-v1", None, UNUSABLE, 150),
         Host("little", SIMPLE, ("svm", "npt"), OPTIONAL, 20)]
# Family, model and stepping: Magny-Cours, Steamroller, Jaguar, Naples, Rome, Milan, Genoa, Turin.
HOSTS += [Host(f"{family:X}H {model:X}H {stepping}",
               f"{SIMPLE},xlevel=0x80000021,family={family},model={model},stepping={stepping}",
               KNOWN, ("hypervisor",), 50)
          for family, model, stepping in (
              (0x10, 9, 1), (0x15, 0x30, 1), (0x16, 0, 1), (0x17, 1, 2), (0x17, 0x31, 0),
              (0x19, 1, 1), (0x19, 0x11, 1), (0x1a, 2, 1))]

# Where KVM's list is not what a guest can have of ours, and why; on a family, or on all (None).
ABSENT = {
    "HYPERVISOR_PRESENT": "QEMU adds it", "MCA_OVERFLOW_RECOV": "QEMU adds it",
    "SUCCOR": "QEMU adds it", "TSC_DEADLINE": "QEMU adds it; KVM lists it since 6.14",
    "MONITOR": "QEMU adds it, with -overcommit cpu-pm",
    "INTEL_PT": "VMX only", "MPX": "VMX only", "XCR0_BNDREGS": "VMX only",
    "XCR0_BNDCSR": "VMX only", "PERF_CTR_EXT_CORE": "the emulation has no counters",
}
PRESENT = {
    ("ARCH_CAPABILITIES", None): "QEMU hides it on AMD's since 10.1",
    ("SBPB", 0x19): "guest_kvm_host.def does not count on it",
    ("IBPB_BRTYPE", 0x19): "guest_kvm_host.def does not count on it",
    ("SBPB", 0x1a): "guest_kvm_host.def does not count on it",
    ("IBPB_BRTYPE", 0x1a): "guest_kvm_host.def does not count on it",
    ("TSA_SQ_NO", 0x1a): "guest_kvm_host.def does not count on it",
    ("TSA_L1_NO", 0x1a): "guest_kvm_host.def does not count on it",
    ("RDRAND", 0x15): "the emulation has no register with which Linux hides it",
    ("RDRAND", 0x16): "the emulation has no register with which Linux hides it",
    ("NULL_SELECT_CLEARS_BASE", 0x17): "the emulation clears the base, and Zen 1 does not",
}


def module(root, name):
    """The bytes of a module, or None: a kernel may have it built in."""
    pattern = name.replace("-", "[-_]") + ".ko*"
    for path in sorted(root.rglob(pattern)):
        return lzma.decompress(path.read_bytes()) if path.suffix == ".xz" else path.read_bytes()
    return None


def archive(files):
    """A cpio archive of the kind that Linux takes: {name: (mode, bytes)}."""
    out = bytearray()
    for number, (name, (mode, data)) in enumerate([*files.items(), ("TRAILER!!!", (0, b""))], 1):
        fields = (number, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0)
        out += b"070701" + b"".join(b"%08x" % field for field in fields)
        for part in (name.encode("ascii") + b"\0", data):
            out += part
            out += bytes(-len(out) % 4)
    return bytes(out)


def boot(kernel, host, program, work):
    """The version of a kernel, and what a host prints that boots it."""
    root = kernel / "root"
    files = {"init": (0o100755, program.read_bytes()), "modules": (0o40755, b"")}
    for name in MODULES:
        data = module(root, name)
        if data:
            files[f"modules/{name}.ko"] = (0o100644, data)
    (work / "initrd").write_bytes(archive(files))
    image, = (root / "boot").glob("vmlinuz-*")
    command = ["timeout", "--foreground", "-k", "10", str(BOOT_SECONDS), hypervisor.NOW["qemu"],
               "-M", "q35", "-accel", "tcg", "-m", "512", "-nodefaults", "-no-user-config",
               "-display", "none", "-no-reboot", "-kernel", str(image), "-initrd",
               str(work / "initrd"), "-append", "console=ttyS0 quiet mitigations=off panic=-1",
               "-serial", "stdio", "-cpu", host.option]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          errors="replace", check=False)
    version = re.search(r"vmlinuz-(\d+)\.(\d+)", image.name)
    return (int(version[1]) << 8 | int(version[2])), done.stdout.replace("\r", "")


def read(text):
    """What the host has, and what KVM offers; empty if it did not come to that."""
    host, offers = {}, {}
    if not re.search(r"^end$", text, re.MULTILINE):
        return host, offers
    for kind, *numbers in re.findall(r"^(kvm|host) (\w+) (\w+) (\w+) (\w+) (\w+) (\w+)$", text,
                                     re.MULTILINE):
        leaf, sub, *words = (int(number, 16) for number in numbers)
        for register, word in zip(tables.REGISTERS, words):
            (offers if kind == "kvm" else host)[leaf, sub, register] = word
    return host, offers


def judged(feature, offers):
    """True for a bit that KVM's list has a place for."""
    return (feature.kind == "FEATURE" and feature.single and not feature.anywhere and
            not 0x40000000 <= feature.leaf < 0x80000000 and
            (feature.leaf, feature.subleaf, feature.register) in offers)


def check(kernel, host, offers):
    """What is wrong, how many bits were held, and how many of them KVM offers."""
    ours = kvm_guest.Linux(host, kernel, microcode=0, nested=True)
    family = kvm_guest.signature(host)[0]
    wrong, held, offered = [], 0, 0
    for feature in tables.features():
        if not judged(feature, offers):
            continue
        theirs = bool(offers[feature.leaf, feature.subleaf, feature.register] & feature.mask)
        held += 1
        offered += theirs
        name = feature.name
        known = ({(name, None), (name, family)} & PRESENT.keys()) if theirs else name in ABSENT
        if theirs != bool(ours.offers(name)) and not known:
            wrong.append(f"{name}: KVM offers it{'' if theirs else ' not'}; the host "
                         f"{'has' if kvm_guest.value(host, name) else 'lacks'} it; "
                         f"guest_kvm.def: {kvm_guest.kvm_rows().get(name)}")
    return wrong, held, offered


def main(build):
    said = results.Results()
    build = pathlib.Path(build)
    for name, _ in KERNELS:
        done = subprocess.run(["scripts/deps", name, str(build)], capture_output=True, text=True,
                              check=False)
        if done.returncode:
            said.not_judged(WHO, (done.stderr.splitlines() or ["no kernel"])[-1])
            return said.end()
    program, facts = build / "tests" / "supported", 0
    said.say(subprocess.run(["make", "-s", "--no-print-directory", f"B={build}", str(program)],
                            capture_output=True, text=True, check=False).stderr.splitlines(),
             "what asks KVM builds")
    why = hypervisor.take_newest(build)
    print(f"# QEMU {hypervisor.version_of(hypervisor.NOW['qemu'])}; {why or 'that of backports'}")
    for machine, (_, folder) in itertools.product(HOSTS, KERNELS):
        with tempfile.TemporaryDirectory() as work:
            kernel, text = boot(build / folder, machine, program, pathlib.Path(work))
        host, offers = read(text)
        where = f"Linux {kernel >> 8}.{kernel & 255}, {machine.name}"
        said.say([] if offers else text.splitlines()[-20:], f"{where}: KVM was asked")
        wrong, held, offered = check(kernel, host, offers) if offers else ([], 0, 0)
        said.say(wrong, f"{where}: KVM's list is ours")
        said.say([] if offered >= machine.least else [f"{offered}"], f"{where}: KVM offers many")
        print(f"# {where}: {held} bits, of which KVM offers {offered}")
        facts += held
    said.judged(facts, WHO)
    return said.end()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
