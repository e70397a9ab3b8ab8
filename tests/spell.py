#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes a dump of cpuid -r as another program would: spell.py FORMAT DUMP OUTPUT [less].

Of programs that do not run here, by what is published of them; each function says by what.  "less":
without F16C (leaf 1 ECX bit 29).
"""

import json
import re
import sys

LINE = re.compile(r" +0x(\w{8}) 0x(\w+): eax=0x(\w{8}) ebx=0x(\w{8}) ecx=0x(\w{8}) edx=0x(\w{8})")
REGISTERS = ("eax", "ebx", "ecx", "edx")


def load(path, less):
    rows = []
    for line in open(path, encoding="ascii"):
        found = LINE.match(line)
        if found:
            words = [int(word, 16) for word in found.groups()]
            if words[0] == 1 and less:
                words[4] &= ~(1 << 29)
            rows.append((words[0], words[1], words[2:]))
    return rows


def mail(rows):
    """RFC 3676 quoting, wrapped at 72 columns."""
    lines = ["Hello,", "", "here is the output:", "> CPU 0:"]
    for leaf, sub, regs in rows:
        words = [f"{name}=0x{value:08x}" for name, value in zip(REGISTERS, regs)]
        lines.append(f">    0x{leaf:08x} 0x{sub:02x}: " + " ".join(words[:3]))
        lines.append("> " + words[3])
    return "\r\n".join(lines + ["", "--", "A. Admin"])


def aida64(rows):
    """InstLatX64's dumps of AIDA64 (github.com/InstLatx64/InstLatx64)."""
    lines = ["------[ Versions ]------", "", "Program Version : AIDA64 Extreme v7.00", "",
             "------[ CPUID Registers / Logical CPU #0 ]------", "",
             "allcpu: Package 0 / Core 0 / Thread 0: Valid", ""]
    for leaf, sub, regs in rows:
        note = " [SL %02X]" % sub if leaf in (4, 7, 0xb, 0xd) else ""
        lines.append("CPUID %08X: " % leaf + "-".join("%08X" % value for value in regs) + note)
    lines += ["", "MSR 0000003A: 0000-0000-0000-0005", "MSR 00000194: < FAILED >", ""]
    return "\r\n".join(lines)


def aida64_old(rows):
    """EVEREST 5.30 (the same collection): no subleaves, one section a processor."""
    lines = ["------[ Logical CPU #0 ]------", ""]
    for leaf, _, regs in rows:
        lines.append("CPUID %08X: " % leaf + "-".join("%08X" % value for value in regs))
    return "\n".join(lines) + "\n"


def libcpuid(rows):
    """cpuid_serialize_raw_data (libcpuid/cpuid_main.c, 0.7.1)."""
    arrays = {4: "intel_fn4", 0xb: "intel_fn11"}
    lines = ["version=0.7.1", "", "_________________ Logical CPU #0 _________________"]
    for leaf, sub, regs in rows:
        words = " ".join("%08x" % value for value in regs)
        if leaf in arrays:
            lines.append(f"{arrays[leaf]}[{sub}]={words}")
        elif sub == 0 and leaf < 32:
            lines.append(f"basic_cpuid[{leaf}]={words}")
        elif sub == 0 and 0x80000000 <= leaf < 0x80000020:
            lines.append(f"ext_cpuid[{leaf - 0x80000000}]={words}")
    return "\n".join(lines) + "\n"


def kcpuid(rows):
    """leaf_print_raw (Linux v6.16, tools/arch/x86/kcpuid/kcpuid.c), without leaves of zeros."""
    with_subleaves = (4, 7, 0xb, 0xd)
    lines = ["Basic Leafs :", "================"]
    for leaf, sub, regs in rows:
        words = ", ".join(f"{name.upper()}=0x{value:08x}" for name, value in zip(REGISTERS, regs))
        if not any(regs):
            continue
        if leaf == 0x80000000:
            lines += ["", "Extended Leafs :", "================"]
        if leaf in with_subleaves and sub == 0:
            lines.append(f"0x{leaf:08x}: subleafs:")
        lines.append(f" {sub:2}: {words}" if leaf in with_subleaves else f"0x{leaf:08x}: {words}")
    return "\n".join(lines) + "\n"


def cpudata(rows):
    """libvirt's tests/cputestdata, x86_64-cpuid-*.xml."""
    lines = ["<cpudata arch='x86'>"]
    for leaf, sub, regs in rows:
        words = " ".join(f"{name}='0x{value:08x}'" for name, value in zip(REGISTERS, regs))
        lines.append(f"  <cpuid eax_in='0x{leaf:08x}' ecx_in='0x{sub:02x}' {words}/>")
    lines.append("  <msr index='0x17' edx='0x00000000' eax='0x00000005'/>")
    return "\n".join(lines + ["</cpudata>"]) + "\n"


def modifiers(rows):
    return [{"leaf": hex(leaf), "subleaf": hex(sub), "flags": 0,
             "modifiers": [{"register": name, "bitmap": "0b" + format(value, "032b")}
                           for name, value in zip(REGISTERS, regs)]} for leaf, sub, regs in rows]


def firecracker(rows):
    """cpu-template-helper fingerprint dump (docs/cpu_templates/cpu-template-helper.md)."""
    return json.dumps({"firecracker_version": "1.14.0", "kernel_version": "6.1",
                       "microcode_version": "0x1", "bios_version": "1", "bios_revision": "1",
                       "guest_cpu_config": {"kvm_capabilities": [], "msr_modifiers": [
                           {"addr": "0x10a", "bitmap": "0b" + "0" * 64}],
                           "cpuid_modifiers": modifiers(rows), "vcpu_features": []}}, indent=2)


def template(rows):
    """A custom CPU template (docs/cpu_templates/cpu-templates.md): some bits only."""
    item = {"leaf": "0x1", "subleaf": "0x0", "flags": 0, "modifiers": [
        {"register": "ecx", "bitmap": "0bxx%dx_xxxxxxxxxxxxxxxxxxxxxxxxxxxx"
         % (dict((leaf, regs) for leaf, sub, regs in rows if sub == 0)[1][2] >> 29 & 1)}]}
    return json.dumps({"cpuid_modifiers": [item]})


def xen(rows):
    """print_policy (Xen 4.20, tools/misc/xen-cpuid.c): leaves of zeros are left out."""
    def policy(name, rows):
        lines = [f"{name} policy: {len(rows)} leaves, 2 MSRs", " CPUID:",
                 "  leaf     subleaf  -> eax      ebx      ecx      edx     "]
        for leaf, sub, regs in rows:
            sub = sub if leaf in (4, 7, 0xb, 0xd) else 0xffffffff
            if any(regs):
                lines.append(f"  {leaf:08x}:{sub:08x} -> " + ":".join("%08x" % v for v in regs))
        return lines + [" MSRs:", "  index    -> value", "  000000ce -> 0000000080000000"]
    rows = [row for row in rows if row[0] <= 0xd or row[0] >= 0x80000000]
    host = [(leaf, sub, [0, 0, 0, 0]) for leaf, sub, _ in rows]
    return "\n".join(["Xen reports there are maximum 120 leaves and 2 MSRs"]
                     + policy("Raw", rows) + policy("Host", host)) + "\n"


def signature(rows):
    eax = {leaf: regs for leaf, sub, regs in rows if sub == 0}[1][0]
    return eax >> 8 & 15, (eax >> 4 & 15) | (eax >> 12 & 0xf0), eax & 15


def xapi(rows):
    """xe host-cpu-info (xapi-project.github.io, design/cpu-levelling-v2.md)."""
    known = {(leaf, sub): regs for leaf, sub, regs in rows}
    places = [(1, 0, 3), (1, 0, 2), (0x80000001, 0, 3), (0x80000001, 0, 2), (0xd, 1, 0), (7, 0, 1),
              (7, 0, 2), (0x80000007, 0, 3), (0x80000008, 0, 1), (7, 0, 3)]
    words = "-".join("%08x" % known.get((leaf, sub), [0] * 4)[reg] for leaf, sub, reg in places)
    family, model, stepping = signature(rows)
    values = {"cpu_count": 4, "socket_count": 1, "vendor": "GenuineIntel", "speed": "2693.509",
              "family": family, "model": model, "stepping": stepping, "flags": "fpu de tsc",
              "features_pv": "00000000-00000000-00000000-00000000",
              "features_hvm": words, "features_hvm_host": words}
    return "".join(f"{key:>24} : {value}\n" for key, value in values.items())


def vmware_log(rows):
    """vmware.log of Workstation 7 (Broadcom communities, 2010)."""
    start = "Aug 20 20:09:04.215: vmx| "
    lines = [start + "hostCPUID vendor: GenuineIntel", start + "hostCPUID family: 0x6 model: 0x3a"]
    for leaf, sub, regs in rows:
        words = " ".join("0x%08x" % value for value in regs)
        lines.append(f"{start}hostCPUID level {leaf:08x}, {sub:x}: {words}")
    lines.append(start + "guestCPUID level 00000001, 0: "
                 "0x000306a9 0x00010800 0x9698220b 0x0fabfbff")
    return "\r\n".join(lines) + "\r\n"


def vmware_log_26(rows):
    """Workstation 26: what the guest has, and the host's where it differs."""
    start = '2026-09-25T11:27:32.558Z -INFO vmware-vmx 1234 [vmx threadName="vmx"] '
    lines = []
    for leaf, sub, regs in rows:
        guest = [regs[0], regs[1], regs[2] & 0xffff if leaf == 1 else regs[2], regs[3]]
        for who, words in (("guest", guest), ("*host", regs)):
            if who == "guest" or words != guest:
                words = " ".join("0x%08x" % value for value in words)
                lines.append(f"{start}guest vs. host CPUID {who} level {leaf:08x}, {sub:2x}: "
                             + words)
    return "\n".join(lines) + "\n"


def bits(value):
    text = format(value, "032b")
    return ":".join(text[at:at + 4] for at in range(0, 32, 4))


def cpu_ids(rows):
    return [(leaf - 2**32 if leaf >> 31 else leaf, regs) for leaf, sub, regs in rows
            if sub == 0 and leaf in (0, 1, 0x80000000, 0x80000001, 0x80000008)]


def vsphere_json(rows):
    """HostHardwareInfo in govc host.info -json (vSphere API reference, HostCpuIdInfo)."""
    feature = [dict({"level": level}, **dict(zip(REGISTERS, map(bits, regs))))
               for level, regs in cpu_ids(rows)]
    package = [dict(item, ecx="-" * 4 + ":----" * 7) for item in feature]
    return json.dumps({"hostSystems": [{"hardware": {
        "cpuPkg": [{"index": 0, "cpuFeature": package}], "cpuFeature": feature}}]})


def vsphere_vim(rows):
    """vim-cmd hostsvc/hosthardware, in the notation of pyVmomi."""
    lines = ["Hardware Information:", "", "(vim.host.HardwareInfo) {", "   cpuPkg = <unset>,",
             "   cpuFeature = (vim.host.CpuIdInfo) ["]
    for level, regs in cpu_ids(rows):
        lines += ["      (vim.host.CpuIdInfo) {", f"         level = {level}, ",
                  "         vendor = <unset>, "]
        lines += [f'         {name} = "{bits(value)}", ' for name, value in zip(REGISTERS, regs)]
        lines.append("      }, ")
    return "\n".join(lines + ["   ], ", "}", ""])


def vsphere_text(rows):
    """Format-List of PowerShell, in UTF-16 as its redirection writes."""
    lines = []
    for level, regs in cpu_ids(rows):
        lines += ["", f"Level  : {level}", "Vendor :"]
        lines += [f"{name.title():6} : {bits(value)}" for name, value in zip(REGISTERS, regs)]
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode("utf-16-le")


def esxcli_text(rows):
    """The fields of esxcli hardware cpu cpuid get, one a line."""
    lines = []
    for level, regs in cpu_ids(rows):
        lines.append(f"   Level: {level}")
        lines += [f"   {name.upper()}: {value}" for name, value in zip(REGISTERS, regs)]
    return "\n".join(lines) + "\n"


def esxcli(rows):
    return json.dumps([dict({"Level": level}, **{name.upper(): value for name, value
                                                in zip(REGISTERS, regs)})
                       for level, regs in cpu_ids(rows)])


def capabilities_of(rows):
    ecx = {leaf: regs for leaf, sub, regs in rows if sub == 0}[1][2]
    found = {"cpuid.Intel": 1, "cpuid.AMD": 0, "cpuid.FAMILY": 6, "cpuid.MODEL": 0x3a,
             "cpuid.STEPPING": 9, "cpuid.NUMLEVELS": 0xd, "cpuid.AVX2": 0, "cpuid.AVX": 1,
             "cpuid.SSE3": 1, "cpuid.F16C": ecx >> 29 & 1, "hv.capable": 1}
    return found


def capability_json(rows):
    """HostSystem.config.featureCapability in JSON (vSphere API, HostFeatureCapability)."""
    return json.dumps({"Config": {"FeatureCapability": [
        {"Key": name, "FeatureName": name, "Value": str(value)}
        for name, value in capabilities_of(rows).items()]}})


def objects(kind, values):
    lines = []
    for name, value in values.items():
        lines += [f"      ({kind}) {{", f'         key = "{name}", ',
                  f"         featureName = '{name}',", f'         value = "{value}"', "      }, "]
    return lines


def capability_vim(rows):
    return "\n".join(["(vim.host.ConfigInfo) {",
                      "   featureCapability = (vim.host.FeatureCapability) ["]
                     + objects("vim.host.FeatureCapability", capabilities_of(rows))
                     + ["   ],", "}", ""])


def requirements(_):
    """runtime of a VM, as vim-cmd vmsvc/get.summary prints it."""
    needs = {"cpuid.Intel": "Bool:Min:1", "cpuid.F16C": "Bool:Min:1", "cpuid.SSE3": "Bool:Min:1"}
    return "\n".join(["Listsummary:", "", "(vim.vm.RuntimeInfo) {", "   cleanPowerOff = <unset>,",
                      "   offlineFeatureRequirement = (vim.vm.FeatureRequirement) [],",
                      "   featureRequirement = (vim.vm.FeatureRequirement) ["]
                     + objects("vim.vm.FeatureRequirement", needs) + ["   ],", "}", ""])


def capabilities(rows):
    """virsh capabilities (libvirt docs/formatcaps.rst): a model, and what is more."""
    ecx = {leaf: regs for leaf, sub, regs in rows if sub == 0}[1][2]
    family, model, stepping = signature(rows)
    more = ["vme"] + (["f16c"] if ecx >> 29 & 1 else [])
    return ("<capabilities>\n <host>\n  <uuid>0</uuid>\n  <cpu>\n   <arch>x86_64</arch>\n"
            "   <model>SandyBridge</model>\n   <vendor>Intel</vendor>\n"
            f"   <signature family='{family}' model='{model}' stepping='{stepping}'/>\n"
            + "".join(f"   <feature name='{name}'/>\n" for name in more)
            + "  </cpu>\n </host>\n</capabilities>\n")


def domcapabilities(rows):
    """virsh domcapabilities (libvirt docs/formatdomaincaps.rst)."""
    ecx = {leaf: regs for leaf, sub, regs in rows if sub == 0}[1][2]
    policy = "require" if ecx >> 29 & 1 else "disable"
    return ("<domainCapabilities>\n <cpu>\n  <mode name='host-passthrough' supported='yes'/>\n"
            "  <mode name='host-model' supported='yes'>\n"
            "   <model fallback='forbid'>SandyBridge</model>\n   <vendor>Intel</vendor>\n"
            f"   <feature policy='{policy}' name='f16c'/>\n  </mode>\n"
            "  <mode name='custom' supported='yes'>\n   <model usable='yes'>qemu64</model>\n"
            "  </mode>\n </cpu>\n</domainCapabilities>\n")


def main(words):
    rows = load(words[1], words[3:] == ["less"])
    text = globals()[words[0].replace("-", "_")](rows)
    with open(words[2], "wb") as file:
        file.write(text if isinstance(text, bytes) else text.encode("ascii"))


if __name__ == "__main__":
    main(sys.argv[1:])
