#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the inputs that the fuzzers start from: seeds.py FOLDER.

FOLDER gets a folder for each harness that has some.  They are made of tests/data and of what other
tests write, so that the repository has each file once.
"""

import base64
import gzip
import io
import json
import pathlib
import struct
import sys
import tarfile
import zlib

sys.dont_write_bytecode = True  # the source tree stays as it is; must stand before the imports
HERE = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE))

import evc_json
import report_reader
import report_seeds
import spell
import transcript

DATA = HERE / "data"
CASES = DATA / "cases"
RECORDED = sorted((DATA / "recorded").glob("*.txt"))

# Larger ones are for tests/mutate_reports.py: a change in them hits little.
LARGEST = 16000

# By the names of --from: what tests/spell.py writes, of a small machine.
SPELT = {
    "cpuid-r": ["mail"], "aida64": ["aida64", "aida64-old"], "libcpuid": ["libcpuid"],
    "kcpuid": ["kcpuid"], "libvirt-cpudata": ["cpudata"], "firecracker": ["firecracker"],
    "xen": ["xen"], "xapi": ["xapi"], "vmware-log": ["vmware-log", "vmware-log-26"],
    "vmware-guest": ["vmware-log"],
    "vsphere": ["vsphere-json", "vsphere-vim", "vsphere-text", "esxcli-text"],
    "capability": ["capability-json", "capability-vim"],
    "libvirt": ["capabilities", "domcapabilities"],
}

CPUINFO = b"""processor\t: 0
vendor_id\t: GenuineIntel
cpu family\t: 6
model\t\t: 58
model name\t: Intel(R) Core(TM) i7-3770 CPU @ 3.40GHz
stepping\t: 9
microcode\t: 0x21
flags\t\t: fpu vme de pse tsc msr pae mce cx8 apic sep aes avx f16c smep erms
vmx flags\t: vnmi preemption_timer
bugs\t\t: cpu_meltdown spectre_v1
address sizes\t: 36 bits physical, 48 bits virtual

"""

OWN_JSON = {"format": "cpulevel-cpuid-1", "host": "web-01", "processors": [
    {"processor": 0, "leaves": [
        {"leaf": 0, "subleaf": 0, "eax": 1, "ebx": 1970169159, "ecx": 1818588270,
         "edx": 1231384169},
        {"leaf": 1, "subleaf": 0, "eax": 198313, "ebx": 0, "ecx": 5, "edx": 7,
         "unknown": {"of": "bits", "eax": 0, "ebx": 4294967295, "ecx": 0, "edx": 0}}]}]}

OWN_CSV = b"""host,processor,leaf,subleaf,register,value,unknown
web-01,0,00000000,00,eax,00000001,00000000
web-01,0,00000000,00,ebx,756e6547,00000000
web-01,0,00000000,00,ecx,6c65746e,00000000
web-01,0,00000000,00,edx,49656e69,00000000
"""

HWLOC = b"""# mask e0x[0] e1x[1] e2x[2] e3x[3] => results e0x e1x e2x e3x
1 0 0 0 0 => d 756e6547 6c65746e 49656e69
5 1 0 0 0 => 306a9 100800 7fbae3ff bfebfbff
5 7 0 0 0 => 0 281 0 0
"""

# Types 0 to 3 of SMBIOS, and the end.
SMBIOS = (b"\x18_SM3_\0\x18\3\0\0\1\0\0\x20\0\0\0\x10\0\0\0\0\0\0"
          b"\x00\x12\x00\x00\x01\x02\x00\xe8\x03" + bytes(9) +
          b"American Megatrends\0001.2a\00001/02/2015\0\0"
          b"\x04\x30\x04\x00\x01\x02" + bytes(range(42)) + b"CPU0\0\0"
          b"\x01\x1b\x01\x00\x01\x02\x00\x03" + bytes(range(16)) + b"\x06\x00\x00"
          b"Supermicro\0A1SAi\0  S-1234  \0\0"
          b"\x02\x08\x02\x00\x01\x02\x07\x00Supermicro\0A1SRi-2758F\0\0"
          b"\x03\x09\x03\x00\x01\x17\x00\x02\x03Supermicro\0C-77\0rack 7\0\0"
          b"\x7f\x04\xff\xff\0\0")

MADT = (b"APIC" + struct.pack("<I", 76) + bytes(36) +
        b"\x00\x08\x00\x00\x01\x00\x00\x00" b"\x09\x10" + bytes(6) + b"\x01" + bytes(7) +
        b"\x01\x08" + bytes(6))
RSDP = b"RSD PTR \0OEM123\2" + struct.pack("<IIQI", 0x1000, 36, 0x2000, 0)
XSDT = b"XSDT" + struct.pack("<I", 52) + bytes(28) + struct.pack("<QQ", 0x3000, 0x4000)

# PciRoot, Pci, USB, a partition, a file, the end.
DEVICE_PATH = (b"\x02\x01\x0c\x00\xd0\x41\x03\x0a\0\0\0\0" b"\x01\x01\x06\x00\x00\x02"
               b"\x03\x05\x06\x00\x00\x00" b"\x04\x01\x2a\x00\x01\0\0\0" + bytes(16) +
               bytes(range(16)) + b"\x02\x02" b"\x04\x04\x0c\x00\\\0a\0\0\0" b"\0\0"
               b"\x7f\xff\x04\x00")

CONFIG = b"""# settings
countdown 10
exit wait
verbosity full
processors boot
setup drivers
msr off
tpm on
label rack 7, unit 3
collect https://host.example:8443/reports/
"""

DOMCAPS = b"""<domainCapabilities><domain>kvm</domain><arch>x86_64</arch><cpu>
<mode name='custom' supported='yes'><model usable='yes'>qemu64</model>
<model usable='no'>Haswell-noTSX</model></mode></cpu></domainCapabilities>
"""
CPU_HELP = b"""Available CPUs:
x86 486                   (alias configured by machine type)
x86 Haswell-v4            Intel Core Processor (Haswell, no TSX, IBRS)

Recognized CPUID flags:
  3dnow 3dnowext aes avx avx2 xsavec
"""
QMP = [b'{"return": [{"name": "max"}, {"name": "qemu64-v1", "typename": "x"}]}',
       b'{"return": {"model": {"name": "max", "props": {"aes": true, "vmx": false, "level": 13}}}}']

CPU_MODELS = b"""cpu-model: pool
    reported-model Haswell
    flags +aes;-avx2
    phys-bits host
    hidden 1
"""

DIGESTS = {0x4: 20, 0xB: 32}


def event_log():
    """Of SHA-1 and SHA-256: a locality, a measurement, a program."""
    spec = b"Spec ID Event03\0" + bytes(4) + b"\0\2\0\2" + struct.pack("<I", 2)
    spec += b"".join(struct.pack("<HH", alg, size) for alg, size in DIGESTS.items()) + b"\0"
    log = struct.pack("<II", 0, 3) + bytes(20) + struct.pack("<I", len(spec)) + spec
    for pcr, kind, data in ((0, 3, b"StartupLocality\0\3"), (0, 8, b""), (4, 0x80000003, b"shell")):
        log += struct.pack("<III", pcr, kind, 2)
        log += b"".join(struct.pack("<H", alg) + bytes([pcr + 1]) * size
                        for alg, size in DIGESTS.items())
        log += struct.pack("<I", len(data)) + data
    return log


def block(name, data):
    lines = [f"{name} {len(data)}"]
    lines += [base64.b64encode(data[at:at + 57]).decode() for at in range(0, len(data), 57)]
    return "\n".join(lines) + "\n"


def attestation():
    """A file beside a report, with a key and a quote of the right form (tpm/attest_text.h)."""
    key = struct.pack(">HHHIHHHHHHHH", 86, 0x23, 0xB, 0x50072, 0, 0x10, 0x18, 0xB, 3, 0x10, 32, 0)
    key = key[:-2] + bytes(32) + struct.pack(">H", 32) + bytes(32)
    quote = b"\xffTCG\x80\x18" + struct.pack(">H", 34) + bytes(34) + struct.pack(">H", 32)
    quote += bytes(32) + bytes(17) + bytes(8) + struct.pack(">IHB", 1, 0xB, 3) + b"\xff\0\0"
    quote += struct.pack(">H", 32) + bytes(32)
    signature = struct.pack(">HHH", 0x18, 0xB, 32) + bytes(32) + struct.pack(">H", 32) + bytes(32)
    text = "cpulevel-tpm 1\nhierarchy endorsement\nbank sha256\n"
    text += block("key", key) + block("quote", quote) + block("signature", signature)
    text += "".join(f"pcr {i} {i:02x}{'0' * 62}\n" for i in range(8))
    text += "certificate 01c00002\n" + block("der", bytes(range(200))) + block("secret", bytes(32))
    return (text + block("log", event_log()) + "end\n").encode()


def leaf(number, sub, registers):
    """As tests/fuzz/hosts.c reads it, or nothing: it has no place for this leaf."""
    ranges = {0: 0, 0x80000000: 1, 0x40000000: 2}
    base = number & 0xFFFFFFC0
    if base not in ranges or sub > 63:
        return b""
    return struct.pack("<BBIIII", ranges[base] << 6 | number & 63, sub, *registers)


def host(index, report, flags):
    """One kind with all leaves of the report's first."""
    leaves = [leaf(*answer[:2], answer[2:6]) for answer in report.kinds[0].answers]
    leaves = [data for data in leaves if data][:255]
    vendor = 9  # as it is
    head = bytes([index, flags, 0]) + (b"\1" if flags & 64 else b"") + bytes([index])
    return head + bytes([len(leaves), vendor]) + b"".join(leaves)


def sets():
    """Pairs of recorded machines."""
    reports = [report_reader.read(path.read_bytes()) for path in RECORDED]
    pairs = [(0, 3), (3, 4), (2, 7), (10, 9), (9, 5), (12, 3), (14, 13), (8, 8)]
    for number, (a, b) in enumerate(pairs):
        yield (b"\1" + host(1, reports[a], 1 | number << 4 & 0x70) + host(2, reports[b], 1) +
               bytes([number * 17 % 256, number, number, number]) * 4)


def collected():
    """A processor's answers, and how it answers what is not there."""
    for way, path in enumerate(RECORDED[:6]):
        report = report_reader.read(path.read_bytes())
        yield bytes([way]) + b"".join(leaf(*answer[:2], answer[2:6])
                                      for answer in report.kinds[0].answers)


def spelt(name):
    rows = spell.load(DATA / "atom.cpuid", False)
    text = getattr(spell, name.replace("-", "_"))(rows)
    return text if isinstance(text, bytes) else text.encode()


def imports():
    for name, kinds in SPELT.items():
        for kind in kinds:
            yield name.encode() + b"\n" + spelt(kind)
    more = {"cpuid-r": [(DATA / "atom.cpuid").read_bytes()], "cpuinfo": [CPUINFO],
            "json": [json.dumps(OWN_JSON).encode()], "csv": [OWN_CSV], "hwloc": [HWLOC],
            "vmx": [(CASES / "esx-written.vmx").read_bytes()],
            "vmx-guest": [(CASES / "esx-written.vmx").read_bytes().replace(b"hostCPUID",
                                                                          b"guestCPUID")],
            "esxcli": [(CASES / "localcli-cpuid.json").read_bytes()],
            "console": [logs()[0]]}
    more["hwloc"] += gather()
    for name, files in more.items():
        for data in files:
            yield name.encode() + b"\n" + data
            yield b"?\n" + data


def logs():
    lines = transcript.write(b"0007-X.txt", report_seeds.example(), b"seal\n")
    return [b"\n".join(lines) + b"\n", (CASES / "log-segv-11-begin-lines.log").read_bytes()]


def evc():
    yield (CASES / "westmere-names.json").read_bytes()
    yield (CASES / "westmere-registers-and-names.json").read_bytes()
    mode = evc_json.mode("intel-westmere", "Westmere", evc_json.WESTMERE, {"FAMILY": 6})
    yield json.dumps([mode]).encode()


def masks():
    return [path.read_bytes() for path in sorted(CASES.glob("*.vmx"))] + [
        b"cpuid.1.ecx = \"----:0---:----:----:----:----:----:----\"\r\n"
        b"cpuid.80000001.edx.amd=HHHHHHHHTTTTFFFFXXXXRRRR----1010 # c\0"
        b"featMask.vm.cpuid.AVX = \"Max:0\"\nfeatureCompat.vm.completeMasks = TRUE\n"
        b"cpuid.family = 6\nvirtualHW.version = 13\n"]


def keys():
    public = (CASES / "merge-twice" / "stick.pub").read_bytes()
    secret = b"EdB2"[:2] + b"\0\0B2" + bytes(48) + bytes(range(8)) + bytes(64) + bytes(32)
    return [public, b"untrusted comment: x\n" + base64.b64encode(secret) + b"\n"]


def seals():
    for path in sorted((CASES / "merge-twice").glob("*.minisig")):
        yield path.read_bytes()
    first = b"Ed" + bytes(8) + bytes(64)
    yield (b"untrusted comment: x\n" + base64.b64encode(first) + b"\ntrusted comment: y\n" +
           base64.b64encode(bytes(64)) + b"\n")


def certificates():
    der = b"\x30\x82\x00\x20\x30" + bytes(31)
    pem = (b"-----BEGIN CERTIFICATE-----\n" + base64.b64encode(der) +
           b"\n-----END CERTIFICATE-----\n")
    return [pem, b"text\n" + pem + pem.replace(b"\n", b"\r\n")]


def guests():
    files = [(CASES / f"guest.{end}").read_bytes() for end in ("xml", "sh", "conf")]
    return files + [b"cpu: custom-pool,flags=+aes\ncores: 2\nargs: -cpu host,-avx\n\0" + CPU_MODELS]


def gather():
    """What hwloc-gather-cpuid leaves, in an archive, and that compressed."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, data in (("host/cpuid/pu0", HWLOC), ("host/readme", b"a machine\n")):
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    return [archive.getvalue(), gzip.compress(archive.getvalue(), mtime=0)]


SECTOR = 512


def fat():
    """The boot sector of a FAT volume."""
    boot = bytearray(SECTOR)
    boot[0:3] = b"\xeb\x3c\x90"
    boot[11:17] = struct.pack("<HBHB", SECTOR, 1, 1, 2)
    boot[510:512] = b"\x55\xaa"
    return bytes(boot)


def mbr(kind, first, sectors):
    entry = struct.pack("<BBBBBBBBII", 0, 0, 2, 0, kind, 0, 0, 0, first, sectors)
    return bytes(446) + entry + bytes(48) + b"\x55\xaa"


def disks():
    """A volume, one in an MBR, one in a GPT, and that GPT at the end only."""
    entry = bytes(range(16)) * 2 + struct.pack("<QQQ", 3, 6, 0) + bytes(72)
    header = bytearray(struct.pack("<8sIIIIQQQQ16sQIII", b"EFI PART", 0x10000, 92, 0, 0, 1, 7, 3, 6,
                                   bytes(16), 2, 1, len(entry), zlib.crc32(entry)))
    at_end = bytearray(header)
    at_end[24:32] = struct.pack("<Q", 6)
    for one in (header, at_end):
        one[16:20] = struct.pack("<I", zlib.crc32(one))
    entry, pad = entry.ljust(SECTOR, b"\0"), bytes(SECTOR - 92)
    gpt = mbr(0xEE, 1, 7) + header + pad + entry + fat()
    return [b"\x08\0" + fat(), b"\x08\0" + mbr(0x0C, 2, 4) + bytes(SECTOR) + fat(),
            b"\x08\0" + gpt, b"\x07\0" + bytes(2 * SECTOR) + entry + fat() + bytes(SECTOR) * 2 +
            at_end + pad]


def programs():
    """A program of one section, with a signature after it and without; of 32 bits and of 64."""
    for magic, directories in ((0x20B, 112), (0x10B, 96)):
        optional = bytearray(directories + 8 * 16)
        optional[0:2] = struct.pack("<H", magic)
        optional[60:64] = struct.pack("<I", 512)
        head = b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0"
        head += struct.pack("<HHIIIHH", 0x8664, 1, 0, 0, 0, len(optional), 0x22)
        section = b".text\0\0\0" + struct.pack("<IIII", 16, 4096, 16, 512) + bytes(16)
        for signature in (b"", b"\x18\0\0\0\0\2\2\0" + bytes(16)):
            at = 528 if signature else 0
            optional[directories + 32:directories + 40] = struct.pack("<II", at, len(signature))
            yield (head + optional + section).ljust(512, b"\0") + bytes(range(16)) + signature


def der(tag, *parts):
    body = b"".join(parts)
    size = bytes([len(body)]) if len(body) < 128 else b"\x82" + struct.pack(">H", len(body))
    return bytes([tag]) + size + body


def makers():
    """A certificate in form only: nobody has its key.  DER, and PEM."""
    signed = der(0x30, b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b", b"\5\0")
    rsa = der(0x30, b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01", b"\5\0")
    name = der(0x30, der(0x31, der(0x30, b"\6\3\x55\4\3", der(0x0C, b"TPM of nobody"))))
    dates = der(0x30, der(0x17, b"200101000000Z"), der(0x17, b"491231235959Z"))
    numbers = der(0x30, der(2, b"\0" + bytes(range(0x81, 0x100)) + b"\x8f" * 129), b"\2\3\1\0\1")
    key = der(0x30, rsa, der(3, b"\0" + numbers))
    about = der(0x30, der(0xA0, b"\2\1\2"), b"\2\1\1", signed, name, dates, name, key)
    certificate = der(0x30, about, signed, der(3, bytes(257)))
    lines = base64.encodebytes(certificate)
    return [certificate, b"-----BEGIN CERTIFICATE-----\n" + lines + b"-----END CERTIFICATE-----\n"]


MACHINES = (b"%032x %064x \"web-01\"\n" % (1, 2) + b"%032x %064x \"a \\\"b\\\" \\x09\"\n" % (3, 4))

NAMES = [b"AVX2", b"cpuid.IBPB", b"7.0.EBX[5]", b"<7.0.EDX[6]>", b"MSR.0x10a[62]", b"d.2+.EAX",
         b"* Advanced Vector Extensions (AVX)", b"SSE 4.2", b"IA32_MISC_ENABLE", b"hv.capable",
         b"1.EBX[31:24]", b"featMask.vm.cpuid.XSAVE", b"80000008.EBX"]

URLS = [b"https://host.example:8443/reports/", b"http://192.0.2.1/new/",
        b"http://[2001:db8::1]:1/a?b/c"]

# By the commands of tests/fuzz/commands.c.
FOREIGN = 15


def foreign(of_hosts):
    """Each command with a file that it can read, and two hosts."""
    evc_file, need = next(evc()), (CASES / "vm-runtime.json").read_bytes()
    mask = (CASES / "featmask.vmx").read_bytes()
    report = next(path for path in RECORDED if path.stat().st_size < 6000).read_bytes()
    files = [[*guests()], [need, spelt("requirements")], [need], [need], masks(), [mask],
             [evc_file], [evc_file], [report], [report], [CONFIG],
             [report], [(DATA / "setup" / "board.bin").read_bytes()[:4000]], [CPUINFO, OWN_CSV],
             [HWLOC]]
    assert len(files) == FOREIGN
    for number, inputs in enumerate(files):
        for data in inputs:
            yield bytes([number]) + data.split(b"\0")[0] + b"\0" + of_hosts[number % len(of_hosts)]


# By mask_dialects[] of cli/command/mask_dialect.c.
DIALECTS = 15


def for_dialects(of_hosts):
    """Each dialect, of some hosts: hw version, grouped, hide all, Xen's version, dialect."""
    for number in range(DIALECTS):
        yield of_hosts[number % len(of_hosts)] + bytes([number, 0, number & 1, 0, number])


# By the parts of tests/fuzz/probe.c, and its scenarios: of tests/posed/poses.c, then odd ones.
CONF, KEYS, FILE, NAME, VARIABLE, SMBIOS_TABLE, STICK = range(7)
SCENARIOS = 86


def visits(report):
    """Each scenario as it is posed, and some with each kind of part."""
    def part(kind, data):
        return struct.pack("<BH", kind, len(data)) + data

    yield from (bytes([number]) for number in range(SCENARIOS))
    table = SMBIOS[24:] + bytes(16)
    keyed = part(KEYS, b"l aw_~rp")
    for number, parts in enumerate((
            part(CONF, CONFIG) + keyed, part(SMBIOS_TABLE, table) + part(CONF, b"exit wait\n"),
            part(VARIABLE, b"\0\2\1") + part(VARIABLE, b"\1\2\0"),
            part(VARIABLE, b"\2\3" + bytes(range(200))) + part(VARIABLE, b"\3\2certificates"),
            part(FILE, b"\0untrusted comment: x\n"), part(FILE, b"\6" + report[:2040]),
            part(FILE, b"\1" + report[:2040]), part(FILE, b"\x08" + report[:2040]) + keyed,
            part(NAME, b"0002-B.txt\0" + report[:1900]) + part(NAME, b"0003-B_boot.txt\0x"),
            part(STICK, b"\4\0") + keyed, part(STICK, b"\x40\0\4\0\0"),
            part(CONF, b"collect http://192.0.2.1/new/\nsetup all\n\xef\xbb\xbfa\0b\r\n"))):
        yield bytes([number]) + parts


def seeds():
    """Returns the inputs of each harness."""
    own = {name: data for name, data in report_seeds.seeds().items() if len(data) <= LARGEST}
    pools = [data for data in own.values() if report_reader.is_pool(data)]
    reports = [data for data in own.values() if not report_reader.is_pool(data)]
    of_hosts = list(sets())
    return {
        "collect": list(collected()), "smbios": [SMBIOS], "acpi": [MADT, RSDP, XSDT],
        "device_path": [DEVICE_PATH], "hii": [(DATA / "setup" / "board.bin").read_bytes()],
        "event_log": [b"\1\xb0\0" + event_log()], "config": [CONFIG],
        "certificates": certificates(), "unpack": [b"\xff\7" + RSDP * 20],
        "lines": [b"\1" + CONFIG, bytes(1) + b"words " * 40],
        "probe": list(visits(reports[0])),
        "report": reports + [path.read_bytes() for path in RECORDED[::4]] +
                  [path.read_bytes() for path in sorted((DATA / "setup").glob("*.txt"))],
        "pool": pools, "seal": list(seals()), "keys": keys(), "transcript": logs(),
        "worn": [bytes(range(256)) * 4], "attest": [attestation()], "quote": [attestation()],
        "import": list(imports()), "mask_lines": masks(), "guest": guests(),
        "capabilities": [DOMCAPS, CPU_HELP, *QMP], "evc_modes": list(evc()),
        "requirements": [(CASES / "vm-runtime.json").read_bytes(), spelt("requirements")],
        "merging": of_hosts, "masks": list(for_dialects(of_hosts)), "pools": of_hosts,
        "drifts": of_hosts, "reasons": of_hosts, "commands": of_hosts,
        "foreign": list(foreign(of_hosts)), "disk": disks(),
        "program": list(programs()), "makers": makers(), "machines": [MACHINES], "names": NAMES,
        "url": URLS,
        "numbers": [bytes([1, 2, 5, 9, 5]), b"\xff\0\xff\0\xf0" + bytes(8)],
    }


def main(folder):
    for name, inputs in seeds().items():
        to = pathlib.Path(folder) / name
        to.mkdir(parents=True, exist_ok=True)
        for number, data in enumerate(inputs):
            (to / f"{number:03}").write_bytes(data)


if __name__ == "__main__":
    main(*sys.argv[1:])
