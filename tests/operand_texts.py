# SPDX-License-Identifier: MIT
"""Files as other systems leave them, and what surrounds a command: operands.py.

Lines that end in CR and LF, a mark of byte order, a NUL in the middle; links in a circle; standard
input that is closed, a command line of two megabytes, odd time zones, a language with decimal
commas.
"""

import os
import pathlib
import re
import subprocess

CR = r"{}:1:\d+: carriage return: lines must end in LF alone "
NUL = r"{}:{}:{}: this byte is not printable ASCII$"

# A file, a command that reads it, and for each kind its answer: 0 if that is the same as of the
# file itself, or why it is refused: the file's name, and the NUL's line and column, are put in.
TEXTS = (
    ("west.txt", "merge -u {}", CR, r"{}: not a cpulevel report: the first line is not ", NUL),
    ("west.pool", "merge -u {}", CR, r"{}: not a cpulevel pool .*: the first line is not ",
     r"{}:{}:\d+: unexpected word$"),
    ("west.txt", "verify {}", "{}: no seal: ", "{}: no seal: ", "{}: no seal: "),
    ("mask.vmx", "mask-explain {}", 0, 0, NUL),
    ("mask.vmx", "mask-merge {}", 0, 0, NUL),
    ("atom.cpuid", "import {}", 0, 0, r"{}:{}:\d+: expected a line such as "),
    ("vm.json", "fits -u {} west.txt", 0, 0, r"{}:{}:\d+: not JSON: "),
    ("domain.xml", "mask -u --check {} west.txt", 0, 0, r"{}:{}:{}: not XML: "),
    ("good.conf", "check -c {}", 0, r"{}:1:1: this byte is not printable ASCII$", NUL),
    ("s.key", "check -s {}", 0, "{}: not a minisign secret key file$",
     "{}: not a minisign secret key file$"),
    ("s.pub", "verify -k {} both", 0, "{}: not a minisign public key file ", 0),
)


def run(tool, *words, **options):
    options = {"stdin": subprocess.DEVNULL} | options
    done = subprocess.run([tool, *words], check=False, capture_output=True, **options)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def kinds(data):
    """The bytes of each kind, and where the NUL is."""
    half = len(data) // 2
    place = data[:half].count(b"\n") + 1, half - data[:half].rfind(b"\n")
    return (data.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + data,
            data[:half] + b"\0" + data[half:]), place


def check_text(tool, name, command, right):
    """What is wrong with a command's answers; all are given a file of the same name."""
    path, wrong = pathlib.Path(name), []
    data = path.read_bytes()
    plain = run(tool, *command.format(name).split())
    made, place = kinds(data)
    for bytes_, expected in zip(made, right, strict=True):
        path.write_bytes(bytes_)
        got = run(tool, *command.format(name).split())
        if expected == 0 and got != plain:
            wrong.append(f"{got}, not {plain}")
        elif expected and (got[0] != 2 or not re.search(
                expected.format(re.escape(name), *place), got[2], re.MULTILINE)):
            wrong.append(f"{got}, not {expected!r}")
    path.write_bytes(data)
    return wrong


def loops(tool, commands):
    """What is wrong with commands that are given a link to itself."""
    pathlib.Path("loop.txt").symlink_to("loop.txt")
    why, wrong = "Too many levels of symbolic links", []
    for command in commands:
        words = command.split()
        words[words.index("{}") if "{}" in words else len(words):] = ["loop.txt"]
        if words[:2] == ["gate", "-u"] and len(words) == 3:
            words.append("west.txt")
        if words == ["diff", "-u", "loop.txt"]:
            words.append("west.txt")
        status, _, said = run(tool, *words)
        if status != 2 or f"loop.txt: cannot be opened: {why}" not in said:
            wrong.append(f"{words}: status {status}, {said!r}")
    return wrong


def without_stdin(tool):
    """What is wrong if standard input is closed: nobody else's file may be taken for it."""
    def closed():
        os.close(0)

    why, wrong = "cpulevel: -: cannot be read: Bad file descriptor\n", []
    for words in ("show -u -", "drift -u - west.txt", "merge -u -", "import -", "mask-explain -",
                  "fits -u - west.txt", "diff -u west.txt -", "verify -k s.pub -", "page -u -",
                  "evc -u -", "explain -u -", "level -u -", "setup -u --baseline -",
                  "export -u --to csv -"):
        status, _, said = run(tool, *words.split(), stdin=None, preexec_fn=closed)
        if status != 2 or why not in said:
            wrong.append(f"{words}: status {status}, {said!r}")
    for words in ("show -u west.txt", "drift -u both", "mask-explain mask.vmx"):
        if run(tool, *words.split(), stdin=None, preexec_fn=closed) != run(tool, *words.split()):
            wrong.append(f"{words}: another answer")
    return wrong


def long_line(tool):
    """What is wrong with names of two megabytes, all of one machine."""
    name, wrong = "./" * 1990 + "west.txt", []
    for words in (("merge", "-u"), ("level", "-u"), ("mask", "-u", "--for", "vmx")):
        one, many = run(tool, *words, "west.txt"), run(tool, *words, *[name] * 490)
        if many[:2] != one[:2] or "no seal: 490 files" not in many[2] or one[0] != 0:
            wrong.append(f"{words}: {many[0]}, {many[1][:200]!r}, {many[2][:200]!r}")
    for words, why in ((("show", "-u"), "one file at a time, not 490: "),
                       (("diff", "-u"), "two files at a time, not 490: "),
                       (("import",), "several files need -o and a folder that exists"),
                       (("keygen",), "two files at a time: "),
                       (("verify",), "no seal: west.txt.minisig not found; ")):
        status, _, said = run(tool, *words, *[name] * 490)
        if status != 2 or why not in said:
            wrong.append(f"{words}: {status}, {said[:200]!r}")
    return wrong


def elsewhere(tool, **changes):
    """What is wrong if the environment has these: no answer depends on them."""
    here, wrong = dict(os.environ, TZ="UTC", LC_ALL="C"), []
    for words in ("show -u west.txt", "show -u --json west.txt", "drift -u both",
                  "drift -u --json both", "merge -u both", "evc -u both", "level -u --json both",
                  "mask -u --for vmx both", "export -u --to csv both", "page -u both",
                  "import atom.cpuid", "explain -u both", "fits -u vm.json both"):
        plain = run(tool, *words.split(), env=here)
        got = run(tool, *words.split(), env=here | changes)
        if got != plain:
            wrong.append(f"{words}: {got[0]}, {got[1][:200]!r}, {got[2]!r}")
    return wrong


def surroundings(tool, said):
    said.say(without_stdin(tool), "standard input is closed")
    said.say(long_line(tool), "a command line of two megabytes")
    for zone in ("Pacific/Kiritimati", ":no/such", "ABC-99:99:99", "a" * 5000):
        said.say(elsewhere(tool, TZ=zone), f"the time zone {zone[:20]}")
    where = pathlib.Path("locale").resolve()
    where.mkdir()
    subprocess.run(["localedef", "-i", "de_DE", "-f", "UTF-8", where / "de_DE.UTF-8"], check=True)
    number = subprocess.run(["bash", "-c", "printf %.1f 1,5"], check=False, capture_output=True,
                            env=dict(os.environ, LOCPATH=str(where), LC_ALL="de_DE.UTF-8"))
    said.say([] if number.stdout == b"1,5" else [f"{number}"], "numbers have commas in German")
    said.say(elsewhere(tool, LOCPATH=str(where), LC_ALL="de_DE.UTF-8"), "and here they do not")
