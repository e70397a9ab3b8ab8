# SPDX-License-Identifier: MIT
"""What faults.py has commands write: the commands, their files, and what makes those good."""

import base64
import functools
import hashlib
import pathlib
import resource
import struct
import subprocess

DATA = pathlib.Path("tests/data").resolve()
IMAGE_SIZE, DRIVE_SIZE = 3 << 20, 5 << 20
BOTH = (False, True)  # without --force; and with it, over earlier files


class Writer:
    """A command that writes files: what it is given, the files, and with --force or without.

    each: the files are independent of each other; otherwise there are all or none.  made: the
    folder that it makes.  good: what judges the files instead of their bytes in the first run.
    takes: what may have the name, too.
    """

    def __init__(self, words, files, variants=(False,), each=False, made="", good=None, takes=""):
        self.words, self.files = words.split(), files.split()
        self.variants = variants
        self.each, self.made, self.good, self.takes = each, made, good, takes


def pair_is_good(tool, _files):
    return run(tool, "check", "-s", "out/s.key", "--public", "out/s.pub").returncode == 0


def report_is_good(tool, files):
    return run(tool, "show", "-u", f"out/{files[0]}").returncode == 0


def seal_is_good(tool, files):
    return run(tool, "verify", "-k", "stick.pub", f"out/{files[0]}").returncode == 0


def challenge_is_good(_tool, files):
    size = {name.rpartition(".")[2]: pathlib.Path("out", name).stat().st_size for name in files}
    return len(files) == 2 and size["secret"] > 32 and size["bin"] > 256


WRITERS = (
    Writer("keygen out/s.key out/s.pub", "s.key s.pub", good=pair_is_good),
    Writer("take -k stick.pub -o out/home stick", "", made="home"),
    Writer("challenge -u -o out signed.txt", "", good=challenge_is_good),
    Writer("verify -k stick.pub --machines out/machines signed.txt", "machines", variants=BOTH,
           takes="already exists"),
    Writer("image -o out/x.img", "x.img", variants=(True,)),
    Writer("page -u -o out/x.html west.txt", "x.html", variants=BOTH),
    Writer("merge -u -o out/x.pool west.txt", "x.pool", variants=BOTH),
    Writer("merge -u --sign stick.key -o out/x.pool west.txt", "x.pool x.pool.minisig",
           variants=BOTH),
    Writer("mask-merge -o out/x.vmx mask.vmx", "x.vmx", variants=BOTH),
    Writer("probe -o out/x.txt", "x.txt", variants=BOTH, good=report_is_good),
    Writer("probe --sign stick.key -o out/x.txt", "x.txt x.txt.minisig", variants=BOTH,
           good=seal_is_good),
    Writer("import -o out/x.txt atom.cpuid", "x.txt", takes="folder"),
    Writer("import -o out atom.cpuid ivy.cpuid", "atom.cpuid.txt ivy.cpuid.txt", each=True),
    Writer("import --from console -o out/ atom.log", "0001-S1.txt 0001-S1.txt.minisig"),
)

# Each command as it writes to standard output, and with each of its forms of output.
READERS = (
    "--help", "--version", "help", "complete", "keygen {}.key {}.pub",
    "check -s stick.key -c good.conf", "image -f --iso -o x.iso",
    "write --image small.img -y drive",
    "take -k stick.pub -o {} stick", "verify -k stick.pub --machines {}.machines signed.txt",
    "challenge -u --opened --makers maker.pem -o kept signed.txt", "show -u west.txt",
    "diff -u west.txt has.txt", "drift -u both", "gate -u west.txt both", "setup -u questions",
    "setup -u --baseline west.txt", "page -u both", "merge -u both",
    "merge --json -u -o {}.pool both", "mask -u --for vmx both",
    "mask -u --check domain.xml both", "mask-merge mask.vmx", "mask-explain mask.vmx", "evc",
    "evc -u both", "explain -u both", "fits -u vm.json both", "level -u both", "level v2",
    "features", "features aes", "probe", "import atom.cpuid", "import --from console atom.log",
    "export -u --to cpuid-r west.txt", "export -u --to csv both",
)

# Of these not each form of output; and those that take long.
FORMLESS = {"merge -u both", "setup -u --baseline west.txt"}
SLOW = {"image -f --iso -o x.iso"}
# Those that write nothing but standard output, and start nothing.
LIMITED = {words for words in READERS if "{}" not in words and " -o " not in words and
           not words.startswith("write")}


def run(tool, *words, **options):
    return subprocess.run([tool, *words], check=False, stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=120, **options)


def limited(size):
    """For a process: no file may grow beyond this size."""
    return functools.partial(resource.setrlimit, resource.RLIMIT_FSIZE, (size, size))


def must(*words):
    done = run(*words)
    if done.returncode:
        raise RuntimeError(f"{words}: {done.stderr.decode()}")
    return done.stdout


def sized(data):
    return struct.pack(">H", len(data)) + data


def block(name, data):
    words = [base64.b64encode(data[i:i + 57]).decode() for i in range(0, len(data), 57)]
    return "\n".join([f"{name} {len(data)}", *words]) + "\n"


def played_tpm(report):
    """REPORT.tpm as a program that plays a TPM makes it; docs/report-format.md has the format."""
    must("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "tpm.pem")
    point = must("openssl", "ec", "-in", "tpm.pem", "-pubout", "-outform", "DER")[-64:]
    stays_restricted_signs = 0x50032
    public = struct.pack(">HHIHHHHHH", 0x23, 0xb, stays_restricted_signs, 0, 0x10, 0x18, 0xb, 3,
                         0x10) + sized(point[:32]) + sized(point[32:])
    pcrs = [bytes([number]) * 32 for number in range(8)]
    quote = struct.pack(">IH", 0xff544347, 0x8018) + sized(b"") + sized(
        hashlib.sha256(report).digest()) + struct.pack(">QIIBQ", 1, 2, 3, 1, 4)
    quote += struct.pack(">IHB3s", 1, 0xb, 3, b"\xff\0\0") + sized(
        hashlib.sha256(b"".join(pcrs)).digest())
    pathlib.Path("quote").write_bytes(quote)
    der = must("openssl", "dgst", "-sha256", "-sign", "tpm.pem", "quote")
    signature, at = struct.pack(">HH", 0x18, 0xb), 2
    for _ in range(2):
        signature += sized(der[at + 2:at + 2 + der[at + 1]].lstrip(b"\0"))
        at += 2 + der[at + 1]
    must("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=A TPM/",
         "-keyout", "maker.key", "-out", "maker.pem")
    must("openssl", "x509", "-in", "maker.pem", "-outform", "DER", "-out", "maker.der")
    text = "cpulevel-tpm 1\nhierarchy endorsement\nbank sha256\n"
    text += block("key", sized(public)) + block("quote", quote) + block("signature", signature)
    text += "".join(f"pcr {number} {pcr.hex()}\n" for number, pcr in enumerate(pcrs))
    text += "certificate 01c00002\n" + block("der", pathlib.Path("maker.der").read_bytes())
    return text + "end\n"


def seal(path):
    """Seals a file as the probe does."""
    must("minisign", "-S", "-l", "-s", "stick.key", "-t",
         f"cpulevel report {path.name} sequence 1 program cpulevel 0.1.0", "-m", path, "-x",
         f"{path}.minisig")


def make(tool, tests):
    """Makes what the commands read."""
    path = pathlib.Path
    must(tool, "keygen", "stick.key", "stick.pub")
    path("stick.key").chmod(0o644)
    for name, recorded in (("west", "westmere"), ("has", "haswell")):
        for folder in (".", "both"):
            path(folder).mkdir(exist_ok=True)
            path(folder, f"{name}.txt").write_bytes(
                (DATA / "recorded" / f"{recorded}.txt").read_bytes())
    for name in ("atom.cpuid", "ivy.cpuid"):
        path(name).write_bytes((DATA / name).read_bytes())
    for folder in ("stick", "kept", "questions", "fake", "locked"):
        path(folder).mkdir()
    report = path("stick/0001-S1.txt")
    report.write_bytes(path("has.txt").read_bytes().replace(b"system-uuid unknown", UUID))
    seal(report)
    path("signed.txt").write_bytes(report.read_bytes())
    seal(path("signed.txt"))
    path("signed.txt.tpm").write_text(played_tpm(report.read_bytes()))
    for end in (".tpm", ".setup", ".setup.minisig"):
        path(f"stick/0001-S1.txt{end}").write_text(f"of {end}\n")
    must(tool, "challenge", "-u", "-o", "kept", "signed.txt")
    path("atom.log").write_bytes(must(
        tests / "transcript.py", "write", "0001-S1.txt", report, f"{report}.minisig"))
    for number in (1, 2):
        path(f"questions/web-0{number}.txt").write_bytes(
            (DATA / "setup" / f"web-0{number}.txt").read_bytes())
    path("good.conf").write_text("countdown 3\n")
    path("vm.json").write_text(
        '[{"key": "cpuid.sse3", "featureName": "cpuid.sse3", "value": "Bool:Min:1"}]')
    path("domain.xml").write_text(
        "<domain><cpu mode='custom' match='exact'><model>Skylake-Server</model></cpu></domain>")
    must(tool, "merge", "-u", "-o", "west.pool", "west.txt")
    path("mask.vmx").write_bytes(must(tool, "mask", "-u", "--for", "vmx", "both"))
    path("small.img").write_bytes(bytes(512) + b"EFI PART" + bytes(range(8)) * (
        (IMAGE_SIZE - 520) // 8))
    path("fake/lsblk").write_text(LSBLK)
    path("fake/lsblk").chmod(0o755)
    path("drive").write_bytes(b"\xaa" * DRIVE_SIZE)


UUID = b'system-uuid "01020304-0506-0708-090a-0b0c0d0e0f10"'
LSBLK = f"""#!/bin/sh
cat <<'END'
{{ "blockdevices": [{{ "path": "/dev/sdx", "type": "disk", "size": {DRIVE_SIZE}, "ro": false,
  "rm": true, "tran": "usb", "model": "Stick", "fstype": null, "mountpoint": null,
  "log-sec": 512, "maj:min": "8:0" }}] }}
END
"""
