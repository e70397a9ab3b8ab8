#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a TPM signs, without a boot: quotes.py BUILD.

swtpm signs reports of recorded machines, with logs of what a firmware would have started, and opens
challenges.  verify and challenge say which TPM, which program and which machine it was.
"""

import contextlib
import hashlib
import json
import pathlib
import re
import struct
import sys
import tempfile

import results
import tpm
from boot_stick import Failed, must, require, run

RECORDED = pathlib.Path(__file__).resolve().parent / "data" / "recorded"
GOOD = b"signed by TPM "
ALGS = {"sha1": 4, "sha256": 11, "sha384": 12, "sha512": 13}
VERSION, PROGRAM, NO_ACTION = 8, 0x80000003, 3  # kinds of events


def event(pcr, kind, digests, data):
    """TCG_PCR_EVENT2 of the TCG PC Client Platform Firmware Profile, 10.2.2."""
    hashes = b"".join(struct.pack("<H", ALGS[bank]) + digest for bank, digest in digests.items())
    head = struct.pack("<III", pcr, kind, len(digests))
    return head + hashes + struct.pack("<I", len(data)) + data


def log_of(events):
    """A log in the crypto agile format, with a header of the older one."""
    spec = b"Spec ID Event03\0" + struct.pack("<IBBBBI", 0, 0, 2, 0, 2, len(ALGS))
    for bank, number in ALGS.items():
        spec += struct.pack("<HH", number, hashlib.new(bank).digest_size)
    header = struct.pack("<II20sI", 0, NO_ACTION, bytes(20), len(spec) + 1) + spec + b"\0"
    return header + b"".join(event(*one) for one in events)


def measured(pcr, kind, data, **own):
    """An event with the digests of its data in each bank, or its own."""
    return pcr, kind, {bank: own.get(bank, hashlib.new(bank, data).digest()) for bank in ALGS}, data


class Bench:
    """A folder with a key, reports and TPMs."""

    def __init__(self, build, folder):
        self.build, self.folder = build.resolve(), folder
        self.tool, self.public = self.build / "cpulevel", folder / "stick.pub"
        must(self.tool, "keygen", folder / "stick.key", self.public)
        self.tpm = tpm.Tpm(folder, "tpm", bank=",".join(ALGS))
        self.other = tpm.Tpm(folder, "other", maker="another")

    def report(self, name, machine="haswell", sealed=True):
        path = self.folder / f"{name}.txt"
        serial = b'\nsystem-serial "HQ-1"\nsystem-uuid "01020304-0506-0708-090a-0b0c0d0e0f10"\n'
        path.write_bytes(re.sub(rb"\nsystem-serial .*\nsystem-uuid .*\n", serial,
                                (RECORDED / f"{machine}.txt").read_bytes()))
        if sealed:
            must("minisign", "-S", "-l", "-s", self.folder / "stick.key", "-t",
                 f"cpulevel report {path.name} sequence 1 program cpulevel 0.1.0", "-m", path, "-x",
                 f"{path}.minisig")
        return path

    def sign(self, path, chip=None, events=(), log=None, **options):
        """Writes REPORT.tpm; returns it.  The events are in the PCRs, and in the log."""
        chip = chip or self.tpm
        with chip.tools() as tool:
            for pcr, _, digests, _ in events:
                tool("tpm2_pcrextend", f"{pcr}:" + ",".join(
                    f"{bank}={digest.hex()}" for bank, digest in digests.items()))
            file = chip.sign(tool, path.read_bytes(), **options)
        if events or log:
            file.parts.insert(-1, ["log", log or log_of(events)])
        self.put(path, file)
        return file

    @staticmethod
    def put(path, file):
        path.with_name(path.name + ".tpm").write_bytes(file.text())

    def verify(self, path, *options, status=0, says=b""):
        return must(self.tool, "verify", "--key", self.public, *options, path, status=status,
                    says=says)

    def verdict(self, path, *options):
        done = run(self.tool, "verify", "--json", "--key", self.public, *options, path)
        return json.loads(done.stdout)["files"][0]["tpm"]


def key_of(file):
    return hashlib.sha256(file.get("key")[2:]).hexdigest()[:16].encode()


def hash_by_sbsign(bench, program):
    """The program, signed for Secure Boot, and the hash that sbsign put into the signature."""
    key, cert, signed = (bench.folder / name for name in ("db.key", "db.pem", "signed.efi"))
    must("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=db/", "-keyout",
         key, "-out", cert)
    must("sbsign", "--key", key, "--cert", cert, "--output", signed, program)
    digest_info = bytes.fromhex("3031300d060960864801650304020105000420")
    data = signed.read_bytes()
    at = data.index(digest_info, program.stat().st_size - 1) + len(digest_info)
    return signed, data[at:at + 32]


def programs(bench):
    """Which program the log says was started last."""
    probe = bench.build / "BOOTX64.EFI"
    signed, digest = hash_by_sbsign(bench, probe)
    path = bench.report("program")
    file = bench.sign(path, events=[measured(0, VERSION, b"firmware 1"),
                                    measured(4, PROGRAM, b"loader"),
                                    measured(4, PROGRAM, b"probe", sha256=digest)])
    key = key_of(file)
    bench.verify(path, says=GOOD + key + b" (reset ")
    bench.verify(path, says=b"; started last: " + digest.hex().encode())
    for one in (probe, signed):
        bench.verify(path, "--probe", one, says=b"; started last: the probe")
    bench.verify(path, "--probe", "/bin/true", status=2, says=b"not a program for UEFI")
    bench.verify(path, "--probe", path, status=2, says=b"not a program for UEFI")
    bench.verify(path, "--probe", bench.folder / "nothing", status=2, says=b"cannot be opened")
    found = bench.verdict(path, "--probe", probe)
    require(found["program"] == {"log": "known", "sha256": digest.hex(), "is_probe": True} and
            found["tpm"] == key.decode() and found["outcome"] == "good", "another verdict", found)
    for size in (0, 62, 100, 400, 5000):
        short = bench.folder / "short.efi"
        short.write_bytes(probe.read_bytes()[:size])
        bench.verify(path, "--probe", short, status=2, says=b"not a program for UEFI")
    another = bench.folder / "another.efi"
    another.write_bytes(probe.read_bytes()[:-1] + b"\x55")
    bench.verify(path, "--probe", another, status=1,
                 says=b"NOT THE PROBE but " + digest.hex().encode())
    log = file.get("log")
    bench.put(path, file.replaced(log=log[:-1] + b"!"))
    bench.verify(path, "--probe", probe, says=b"; started last: the probe")  # a name, not measured
    for bad in (log[:-1], log.replace(digest, bytes(32)), bytes(len(log))):
        bench.put(path, file.replaced(log=bad))
        bench.verify(path, says=b"is NOT KNOWN")
        bench.verify(path, "--probe", probe, status=1, says=b"is NOT KNOWN")
    bench.put(path, file.replaced(log=None))
    bench.verify(path, says=b"; no log of what was started")
    bench.sign(path, events=[measured(0, VERSION, b"firmware 1")])
    bench.verify(path, says=b"the firmware's log names no program")
    bench.verify(path, "--probe", probe, status=1, says=b"the firmware's log names no program")


def banks(bench):
    """A quote of each bank; and one in which a PCR is another."""
    for bank in ALGS:
        path = bench.report(bank)
        events = [measured(0, VERSION, b"firmware 1"), measured(4, PROGRAM, b"probe")]
        file = bench.sign(path, events=events, bank=bank)
        bench.verify(path, says=GOOD + key_of(file))
        log = bench.verdict(path)["program"]["log"]
        require(log == ("known" if bank == "sha256" else "unnamed"), bank, log)
        pcrs = [part for part in file.parts if part[0] == "pcr"]
        pcrs[3][1][1] = "55" * (len(pcrs[3][1][1]) // 2)
        bench.put(path, file)
        bench.verify(path, status=1, says=b"the quote is of other values of PCR 0 to 7")


def machines(bench):
    """Another TPM in the same machine, none, and the machine of another."""
    known = bench.folder / "machines"
    remember = ("--machines", known)
    first, second = bench.report("first"), bench.report("second")
    key, other = (key_of(bench.sign(path, chip)) for path, chip in
                  ((first, bench.tpm), (second, bench.other)))
    bench.verify(first, *remember, says=b"; remembered\n")
    bench.verify(first, *remember, says=b"; the same as in " + bytes(known))
    changed = b"; THE MACHINE'S TPM HAS CHANGED: it was " + key + b" in " + bytes(known)
    bench.verify(second, *remember, status=1, says=changed)
    found = bench.verdict(second, *remember)
    require(found["machine"] == {"known": "changed", "was": key.decode(), "from": str(known)},
            "another verdict", found)
    second.with_name("second.txt.tpm").unlink()
    bench.verify(second, *remember, status=2,
                 says=b": not there, but this machine has TPM " + key)
    alone = bench.report("alone", sealed=False)
    bench.sign(alone)
    bench.verify(alone, *remember, says=GOOD + key)
    bench.sign(alone, bench.other)
    bench.verify(alone, *remember, status=2, says=b"that is not a machine's that --machines knows")
    bench.verify(alone, status=2, says=b"which machine has that is not known")
    moved = bench.report("moved", sealed=False)
    moved.write_bytes(moved.read_bytes().replace(b"0102", b"0a0b").replace(b"HQ-1", b"HQ-2"))
    bench.sign(moved)
    bench.verify(moved, *remember, status=1, says=b"SIGNED BY THE TPM OF ANOTHER MACHINE")
    nameless = bench.report("nameless")
    text = re.sub(rb'\n(system-serial|system-uuid) ".*', rb"\n\1 unknown", nameless.read_bytes())
    nameless.write_bytes(text)
    must("minisign", "-S", "-l", "-s", bench.folder / "stick.key", "-t", "cpulevel report "
         "nameless.txt sequence 1 program cpulevel 0.1.0", "-m", nameless, "-x",
         f"{nameless}.minisig")
    bench.sign(nameless)
    bench.verify(nameless, *remember, says=b"; the machine has no serial number to remember it by")
    require(other != key, "two TPMs have the same key")


def owners(bench):
    """A key of the owner's."""
    path = bench.report("owners")
    key = key_of(bench.sign(path, hierarchy="owner"))
    bench.verify(path, says=GOOD + key + b" (its owner's key: the TPM does not say how often")
    require(bench.verdict(path)["resets"] is None, "resets are known")


def broken(bench):
    """A file that is not one, or not this report's."""
    path = bench.report("broken")
    file = bench.sign(path)
    bench.put(path, file.replaced(signature=None))
    bench.verify(path, status=2, says=b"broken.txt.tpm:")
    require(bench.verdict(path)["outcome"] == "unreadable", "it is read")
    key = file.get("key")
    bench.put(path, file.replaced(key=key[:7] + bytes([key[7] ^ 1]) + key[8:]))
    bench.verify(path, status=1, says=b"its key may sign other things than the TPM's own")
    found = bench.verdict(path)
    require(found["outcome"] == "bad" and found["cause"].startswith("its key may sign"),
            "another verdict", found)
    other = bench.report("of-another", "westmere")
    bench.put(other, file)
    bench.verify(other, status=1, says=b"over other bytes")


@contextlib.contextmanager
def endorsed(bench, chip, path):
    """A TPM with its key in a file, and its signature of a report with its certificate."""
    with chip.tools() as tool:
        file = chip.sign(tool, path.read_bytes())
        ek = chip.folder / "ek"
        tool("tpm2_flushcontext", "-t")
        tool("tpm2_createek", "-c", ek, "-G", "rsa", "-u", chip.folder / "ek.pub")
        der = tool("tpm2_nvread", "0x01c00002", "-C", "o")
        file.parts[-1:-1] = [["certificate", ["01c00002"]], ["der", der]]
        bench.put(path, file)
        yield tool, file


def open_challenge(chip, tool, challenge):
    """What a TPM says is in a challenge, by tpm2-tools, whose files begin with eight bytes."""
    names = {name: chip.folder / name for name in ("blob", "session", "opened", "ctx", "ek")}
    names["blob"].write_bytes(struct.pack(">II", 0xbadcc0de, 1) + challenge)
    tool("tpm2_flushcontext", "-t")
    tool("tpm2_startauthsession", "--policy-session", "-S", names["session"])
    tool("tpm2_policysecret", "-S", names["session"], "-c", "e")
    tool("tpm2_activatecredential", "-c", names["ctx"], "-C", names["ek"], "-i", names["blob"],
         "-o", names["opened"], "-P", f"session:{names['session']}")
    return names["opened"].read_bytes()


def challenges(bench):
    """Only the TPM that its maker certified opens a challenge."""
    path = bench.report("asked")
    make = [bench.tool, "challenge", "-k", bench.public, "-o", bench.folder]
    with endorsed(bench, bench.tpm, path) as (tool, file):
        key = key_of(file).decode()
        must(*make, path, says=b"certificate of /CN=")
        must(*make, path, status=2, says=b"already exists")
        secret = open_challenge(bench.tpm, tool, (bench.folder / f"{key}.bin").read_bytes())
    kept = bench.folder / f"{key}.secret"
    require(kept.read_bytes().startswith(secret) and kept.stat().st_mode & 0o777 == 0o600,
            "another secret is kept, or all can read it")
    opened = [*make, "--opened", "--makers"]
    must(*opened, bench.tpm.makers, path, status=1, says=b"was not asked, or did not open")
    file.parts[-1:-1] = [["secret", secret]]
    bench.put(path, file)
    must(*opened, bench.tpm.makers, path, says=b" is the one of the certificate of /CN=")
    must(*opened, bench.other.makers, path, status=1, says=b"none of your makers signed")
    must(*opened, bench.public, path, status=2, says=b"no certificate")
    bench.put(path, file.replaced(secret=bytes(32)))
    must(*opened, bench.tpm.makers, path, status=1, says=b"opened another challenge")
    kept.write_bytes(kept.read_bytes()[:40])
    must(*opened, bench.tpm.makers, path, status=2, says=b"has no certificate")
    kept.unlink()
    must(*opened, bench.tpm.makers, path, status=2, says=b"cannot be opened")
    must(*make, "--opened", path, status=2, says=b"--opened and --makers FILE belong together")
    must(bench.tool, "challenge", "-u", path, status=2, says=b"--output FOLDER is needed")


def not_asked(bench):
    """Without a certificate, with a broken one, and with one of another kind of key."""
    path = bench.report("not-asked")
    make = [bench.tool, "challenge", "-k", bench.public, "-o", bench.folder, path]
    file = bench.sign(path)
    no_key = b"no certificate of an RSA 2048 key"
    must(*make, status=2, says=no_key)
    pem, der = bench.folder / "ecc.pem", bench.folder / "ecc.der"
    must("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-subj", "/CN=ecc/", "-keyout", bench.folder / "ecc.key", "-out", pem)
    must("openssl", "x509", "-in", pem, "-outform", "DER", "-out", der)
    for data in (b"not one", der.read_bytes()):
        file.parts[-1:-1] = [["certificate", ["01c0000a"]], ["der", data]]
        bench.put(path, file)
        must(*make, status=2, says=no_key)
    path.with_name(path.name + ".tpm").unlink()
    must(*make, status=2, says=b"not-asked.txt")
    other = bench.report("signed-by-none", "westmere")
    bench.put(other, bench.sign(path))
    must(*make[:-1], other, status=1, says=b"over other bytes")


def main():
    said = results.Results()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(pathlib.Path(sys.argv[1]), pathlib.Path(folder))
        for case in (programs, banks, machines, owners, broken, challenges, not_asked):
            wrong = []
            try:
                case(bench)
            except Failed as failed:
                wrong = [repr(detail) for detail in failed.args]
            said.say(wrong, case.__doc__)
    return said.end()


if __name__ == "__main__":
    sys.exit(main())
