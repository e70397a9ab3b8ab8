#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Ten thousand forgeries of reports, pools, transcripts and a TPM's signatures: forgeries.py BUILD.

Each is a good file in which one thing is changed: a bit, a byte, the end, the seal of another file,
a comment, the number of a key.  verify passes none; the log of a console gives a report only if
what was changed is not of the report.  minisign and signify are asked about every file that we
accept, and about a sample; what they accept of it is printed, and docs/security.md says why.

Numbers come from one seed, so that a run can be repeated.
"""

import base64
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import zlib

import results
import tpm
import transcript

DATA = pathlib.Path(__file__).resolve().parent / "data"
COUNTS = {"reports": 3500, "pools": 2500, "quotes": 2500, "transcripts": 1500}
SAMPLE = 10         # of each way to forge
BYTES = b"\n\r \t\0\"\\-09afAF=/+\x7f\xff"
CHANCE = random.Random(20261127)


def run(*words, status=(0,), cwd=None):
    done = subprocess.run([str(word) for word in words], capture_output=True, check=False, cwd=cwd)
    if done.returncode not in status:
        sys.exit(f"{words}: {done.returncode}: {done.stderr.decode(errors='replace')}")
    return done


# Ways to change bytes.  Each returns others.

def bit(data):
    at = CHANCE.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << CHANCE.randrange(8)]) + data[at + 1:]


def byte(data):
    at = CHANCE.randrange(len(data))
    return data[:at] + bytes([CHANCE.choice(BYTES)]) + data[at + 1:]


def cut(data):
    return data[:CHANCE.randrange(len(data))]


def longer(data):
    return data + bytes(CHANCE.choices(BYTES, k=CHANCE.randrange(1, 40)))


def digit(data):
    """A number in the text becomes another."""
    at = CHANCE.choice([m.start() for m in re.finditer(rb"[0-9a-f]", data)])
    return data[:at] + CHANCE.choice(b"0123456789abcdef").to_bytes(1, "big") + data[at + 1:]


def line_gone(data):
    lines = data.splitlines(keepends=True)
    del lines[CHANCE.randrange(len(lines))]
    return b"".join(lines)


def lines_swapped(data):
    lines = data.splitlines(keepends=True)
    at = CHANCE.randrange(len(lines) - 1)
    lines[at:at + 2] = lines[at + 1], lines[at]
    return b"".join(lines)


IN_FILE = (bit, byte, cut, longer, digit, line_gone, lines_swapped)


# Ways to change a seal: four lines, of which the first is nobody's statement.

def in_line(number, way):
    def forge(seal, _other):
        lines = seal.split(b"\n")
        lines[number] = way(lines[number])
        return b"\n".join(lines)
    forge.__name__ = f"seal line {number + 1}: {way.__name__}"
    return forge


def of_another(seal, other):
    """The seal of another file by the same key."""
    return other


def half_of_another(seal, other):
    """The signature of this file, comment and its signature of another."""
    return b"\n".join(seal.split(b"\n")[:2] + other.split(b"\n")[2:])


def other_number(seal, _other):
    """The number of another key, in a signature that is good otherwise."""
    lines = seal.split(b"\n")
    raw = bytearray(base64.b64decode(lines[1]))
    raw[2 + CHANCE.randrange(8)] ^= 1 << CHANCE.randrange(8)
    return b"\n".join([lines[0], base64.b64encode(bytes(raw)), *lines[2:]])


def other_kind(seal, _other):
    """The pre-hashed kind, of a signature that is not."""
    lines = seal.split(b"\n")
    raw = b"ED" + base64.b64decode(lines[1])[2:]
    return b"\n".join([lines[0], base64.b64encode(raw), *lines[2:]])


def number_forged(seal, other):
    """By another key, under the number of the trusted one."""
    lines, mine = seal.split(b"\n"), BY_OTHER[other].split(b"\n")
    raw = base64.b64decode(mine[1])
    raw = raw[:2] + base64.b64decode(lines[1])[2:10] + raw[10:]
    return b"\n".join([mine[0], base64.b64encode(raw), *mine[2:]])


def seal_cut(seal, _other):
    """Cut before the end of the last signature; the last LF may be missing."""
    return seal[:CHANCE.randrange(len(seal) - 1)]


def seal_longer(seal, _other):
    return longer(seal)


BY_OTHER = {}       # seals of another key, by those of the trusted one
IN_SEAL = (*(in_line(number, way) for number in (1, 2, 3) for way in (bit, byte, cut, longer)),
           of_another, half_of_another, other_number, other_kind, number_forged, seal_cut,
           seal_longer)


def unix(seal):
    """A seal without what is of no meaning: CR before LF, and empty lines at the end."""
    return re.sub(rb"\r(?=\n|$)", b"", seal).rstrip(b"\r\n")


class Bench:
    """The good files, and those that are made of them."""

    def __init__(self, tool, work):
        self.tool, self.work = tool, work
        for name in ("stick", "other"):
            run(tool, "keygen", work / f"{name}.key", work / f"{name}.pub")
        for host in ("atom", "ivy"):
            run(tool, "import", "-o", work / f"{host}.txt", DATA / f"{host}.cpuid")
            self.seal(f"{host}.txt")
        hosts = [work / "atom.txt", work / "ivy.txt"]
        for name, of in (("both.pool", hosts), ("one.pool", hosts[:1])):
            run(tool, "merge", "-k", work / "stick.pub", "--sign", work / "stick.key", "-o",
                work / name, *of)
            self.seal(name)

    def seal(self, name):
        """Both keys' seals."""
        for key in ("other", "stick"):
            run("minisign", "-S", "-l", "-s", self.work / f"{key}.key", "-m", self.work / name,
                "-x", self.work / f"{name}.minisig", "-t", f"cpulevel, {name}")
            if key == "other":
                by_other = self.read(f"{name}.minisig")
        BY_OTHER[self.read(f"{name}.minisig")] = by_other

    def read(self, name):
        return (self.work / name).read_bytes()

    def forge(self, folder, count, name, other):
        """Forgeries of a sealed file in a folder: {name: how}."""
        folder.mkdir()
        data, seal = self.read(name), self.read(f"{name}.minisig")
        made = {}
        while len(made) < count:
            way = CHANCE.choice(IN_FILE + IN_SEAL)
            file = f"{len(made):05d}{pathlib.Path(name).suffix}"
            changed = way(data) if way in IN_FILE else data
            new_seal = way(seal, self.read(f"{other}.minisig")) if way in IN_SEAL else seal
            if changed == data and unix(new_seal) == unix(seal):
                continue
            (folder / file).write_bytes(changed)
            (folder / f"{file}.minisig").write_bytes(new_seal)
            made[file] = way.__name__
        return made

    def accepted(self, folder, *options):
        """The files of a folder that verify passes."""
        files = sorted(p for p in folder.iterdir() if p.suffix in (".txt", ".pool"))
        done = run(self.tool, "verify", "-k", self.work / "stick.pub", *options, *files,
                   status=(0, 1, 2))
        return {pathlib.Path(os.fsdecode(name)).name for name in
                re.findall(rb"^(.*?): good, ", done.stdout, re.MULTILINE)}, done


def stock(program, bench, path):
    words = {"minisign": ["-V", "-q"], "signify-openbsd": ["-V", "-q"]}[program]
    done = run(program, *words, "-p", bench.work / "stick.pub", "-x", f"{path}.minisig", "-m", path,
               status=range(-15, 256))
    return done.returncode == 0


def check_sealed(said, bench, what, names):
    """Forgeries of sealed files; returns how many facts."""
    facts, more = 0, {}
    for name, other in names:
        folder = bench.work / f"forged-{what}-{name}"
        made = bench.forge(folder, COUNTS[what] // len(names), name, other)
        passed, done = bench.accepted(folder)
        named = sum(f"{file}".encode() in done.stdout + done.stderr for file in made)
        said.say([f"{file}: {made[file]}" for file in sorted(passed)] +
                 ([] if done.returncode in (1, 2) else [f"status {done.returncode}"]) +
                 ([] if named == len(made) else [f"{len(made) - named} are not named"]),
                 f"{len(made)} forgeries of {name}: none is accepted, each is named")
        sample = sorted(passed)
        for way in sorted(set(made.values())):
            sample += [file for file in made if made[file] == way][:SAMPLE]
        for program in ("minisign", "signify-openbsd"):
            for file in sample:
                if stock(program, bench, folder / file):
                    more.setdefault((program, made[file]), []).append(file)
        facts += len(made) + 2 * len(sample)
    return facts, more


# A TPM's signatures, of a report that has no seal.  A machine is known by its serial number.

MACHINE = DATA / "recorded" / "haswell.txt"


def in_block(name):
    def forge(data):
        file = tpm.Signed(data)
        return file.replaced(**{name: CHANCE.choice((bit, cut, longer))(file.get(name))}).text()
    forge.__name__ = f"block {name}"
    return forge


def check_quotes(said, bench):
    chip = tpm.Tpm(bench.work, "chip")
    with chip.tools() as tool:
        file = chip.sign(tool, MACHINE.read_bytes()).text()
    good = bench.work / "good"
    good.mkdir()
    report = MACHINE.read_bytes()
    (good / "one.txt").write_bytes(report)
    (good / "one.txt.tpm").write_bytes(file)
    machines = bench.work / "machines"
    run(bench.tool, "verify", "-u", "--machines", machines, good / "one.txt", status=(2,))
    passed, done = bench.accepted(good, "--machines", machines)
    said.say([] if passed else [done.stdout.decode(), done.stderr.decode()],
             "the TPM's own signature is accepted")
    folder = bench.work / "forged-quotes"
    folder.mkdir()
    ways = (*IN_FILE, in_block("key"), in_block("quote"), in_block("signature"))
    made = {}
    while len(made) < COUNTS["quotes"]:
        way, name = CHANCE.choice(ways), f"{len(made):05d}.txt"
        in_report = way in IN_FILE and CHANCE.random() < 0.3
        changed = way(report if in_report else file)
        if changed in (report, file):
            continue
        (folder / name).write_bytes(changed if in_report else report)
        (folder / f"{name}.tpm").write_bytes(file if in_report else changed)
        made[name] = f"{'report' if in_report else 'signature'}: {way.__name__}"
    passed, done = bench.accepted(folder, "--machines", machines)
    said.say([f"{name}: {made[name]}" for name in sorted(passed)] +
             ([] if done.returncode in (1, 2) else [f"status {done.returncode}"]),
             f"{len(made)} forgeries of a TPM's signature: none is accepted")
    return len(made)


# Transcripts

def resummed(log):
    """A digit in a line is another, and the line's check is right."""
    lines = log.split(b"\n")
    total = int(transcript.HEAD.fullmatch(lines[0])[4], 16)
    at = CHANCE.randrange(1, len(lines) - 2)
    line = digit(lines[at][:-8])
    lines[at] = line + b"%08x" % (zlib.crc32(line) ^ total)
    return b"\n".join(lines)


def sent_anew(log):
    """Another report under the old seal, sent as the probe would."""
    name, report, seal = transcript.read(log.splitlines())
    return b"\n".join(transcript.write(name, digit(report), seal)) + b"\n"


LOG = (*IN_FILE, resummed, sent_anew)


def check_transcripts(said, bench):
    pairs = [(bench.read(f"{host}.txt"), bench.read(f"{host}.txt.minisig"))
             for host in ("atom", "ivy")]
    folder, reports = bench.work / "logs", bench.work / "from-logs"
    folder.mkdir()
    reports.mkdir()
    count = 0
    while count < COUNTS["transcripts"]:
        sent = transcript.write(b"%05d.txt" % count, *CHANCE.choice(pairs))
        good = b"\n".join(sent) + b"\n"
        log = CHANCE.choice(LOG)(good)
        if log != good:
            (folder / f"{count:05d}.log").write_bytes(log)
            count += 1
    run(bench.tool, "import", "--from", "console", "-o", reports, *sorted(folder.iterdir()),
        status=(2,))
    passed, _ = bench.accepted(reports)
    wrong = [name for name in sorted(passed) if (
        (reports / name).read_bytes(), (reports / f"{name}.minisig").read_bytes()) not in pairs]
    others = len(list(reports.glob("*.txt"))) - len(passed)
    said.say(wrong + ([] if passed and others else [f"{len(passed)} {others}"]),
             f"{count} forged logs: {len(passed)} give a report that was sealed, {others} another, "
             "which verify refuses")
    return count


def main(build):
    tool = os.path.realpath(f"{build}/cpulevel")
    said = results.Results()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(tool, pathlib.Path(folder))
        facts, more = check_sealed(said, bench, "reports", [("atom.txt", "ivy.txt"),
                                                            ("ivy.txt", "atom.txt")])
        held, others = check_sealed(said, bench, "pools", [("both.pool", "one.pool")])
        facts += held + check_quotes(said, bench) + check_transcripts(said, bench)
        for (program, way), files in sorted({**more, **others}.items()):
            print(f"# {program} accepts {len(files)}: {way}")
    said.judged(facts, "minisign, signify and swtpm")
    return said.end()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
