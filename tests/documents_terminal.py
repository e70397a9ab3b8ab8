# SPDX-License-Identifier: MIT
"""Colour, the bar, --quiet, a full disk, and hostile names."""

import csv
import io
import os
import pty
import re
import subprocess
import threading
import time
from pathlib import Path

from documents_base import ROOT, TOOL, document, results, run

SGR = re.compile(r"\x1b\[[0-9;]*m")


def on_terminal(*arguments, out=True, environment=None):
    """Runs the tool with standard error, and standard output if out, on a terminal.

    Returns the status, what standard output got, and all that the terminal got.
    """
    master, slave = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", **(environment or {})}
    environment = {key: value for key, value in environment.items() if value is not None}
    with subprocess.Popen([TOOL, *map(str, arguments)], stdin=subprocess.DEVNULL, stderr=slave,
                          stdout=slave if out else subprocess.PIPE, env=environment) as process:
        os.close(slave)
        seen = bytearray()
        reader = threading.Thread(target=drain, args=(master, seen))
        reader.start()
        output = b"" if out else process.stdout.read()
        reader.join()
        status = process.wait()
    os.close(master)
    return status, output, seen.decode().replace("\r\n", "\n")


def drain(master, seen):
    """Reads a terminal to its end."""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:  # EIO: nobody has it open any more
            return
        if not part:
            return
        seen += part


def colour():
    """What has colour on a terminal, and what has none."""
    commands = (("drift", "-u", "db-1.txt", "db-2.txt", "db-4.txt"),
                ("diff", "-u", "db-1.txt", "db-4.txt"),
                ("verify", "-k", "stick.pub", "v-good.txt", "v.pool"), ("level", "-u", "db-1.txt"),
                ("explain", "-u", "all.pool"), ("evc", "-u", "db-1.txt"),
                ("fits", "-u", ROOT / "tests/data/cases/vm-runtime.json", "db-1.txt"))
    wrong, plain = [], {}
    for command in commands:
        plain[command] = run(*command)[1].decode()
        _, _, seen = on_terminal(*command, environment={"NO_COLOR": None})
        if not SGR.search(seen):
            wrong.append(f"{command}: no colour on a terminal")
        said = SGR.sub("", seen)
        if not all(line in said.splitlines() for line in plain[command].splitlines()):
            wrong.append(f"{command}: other words on a terminal")
        if seen.count("\x1b[0m") * 2 != len(SGR.findall(seen)) or re.search(r"\x1b(?!\[[0-9;]*m)",
                                                                            seen):
            wrong.append(f"{command}: a colour that does not end, or another sequence")
        if "\x1b" in plain[command]:
            wrong.append(f"{command}: colour in a pipe")
    results.say(wrong, "colour on a terminal, where it ends, the same words; none in a pipe")
    wrong = []
    for name, options, environment in (
            ("NO_COLOR", [], {"NO_COLOR": "1"}), ("TERM=dumb", [], {"TERM": "dumb"}),
                                       ("no TERM", [], {"TERM": None}),
            ("--color=never", ["--color=never"], {}), ("--json", ["--json"], {}),
                                       ("--csv", ["--csv"], {})):
        _, _, seen = on_terminal("drift", *options, *commands[0][1:], environment=environment)
        if "\x1b" in seen or "db-4" not in seen:
            wrong.append(f"{name}: {seen[:200]!r}")
    for options, environment in ((["--color=always"], {"NO_COLOR": "1"}), (["--color"], {})):
        if not SGR.search(run("drift", *options, *commands[0][1:],
                              env={**os.environ, **environment})[1].decode()):
            wrong.append(f"{options}: no colour")
    if not SGR.search(on_terminal("drift", *commands[0][1:], environment={"NO_COLOR": ""})[2]):
        wrong.append("an empty NO_COLOR counts")
    if run("drift", "--color=blue", *commands[0][1:])[0] != 2:
        wrong.append("--color=blue is accepted")
    results.say(wrong, "NO_COLOR, TERM, --color, --json and --csv")


def progress():
    """A bar appears after a second, on a terminal only, and goes away."""
    names = []
    for n in range(12):
        names.append(f"slow-{n}.txt")
        os.mkfifo(names[-1])
    text = Path("db-1.txt").read_bytes()

    def feed():
        for name in names:
            with open(name, "wb") as file:
                time.sleep(0.2)
                file.write(text)

    def fed(*arguments, **options):
        feeder = threading.Thread(target=feed)
        feeder.start()
        try:
            return on_terminal(*arguments, *names, **options)
        finally:
            feeder.join()

    status, output, seen = fed("verify", "-u", "--csv", out=False)
    bar = re.findall(r"\r(checking \[[#.]+\] \d+ of 12, \d+ s left)\x1b\[K", seen)
    last = seen[seen.rfind("\r"):]
    wrong = [] if bar and "[K" in last and "checking" not in last else [f"{bar} {last!r}"]
    wrong += ([] if status == 2 and output.count(b"\r\n") == 13 and b"\x1b" not in output
              else [output.decode()])
    results.say(wrong,
                f"a bar on a terminal after a second, {len(bar)} pictures; it is wiped")
    _, _, seen = fed("verify", "-u", "--quiet", out=False)
    results.say([] if "[K" not in seen else [repr(seen)], "no bar with --quiet")
    status, _, seen = on_terminal("verify", "-u", "db-1.txt", "db-2.txt", out=False)
    results.say([] if "[K" not in seen else [repr(seen)], "no bar for what is done within a second")


def quiet():
    """--quiet prints nothing but errors, with the same exit status."""
    wrong = []
    for command in (("drift", "-u", "db-1.txt", "db-2.txt"),
                    ("drift", "-u", "db-1.txt", "db-4.txt"),
                    ("diff", "-u", "db-1.txt", "db-1.txt"), ("diff", "-u", "db-1.txt", "db-4.txt"),
                    ("level", "-u", "-n", "v4", "db-1.txt"),
                    ("level", "-u", "-n", "v1", "db-1.txt"),
                    ("evc", "-u", "db-1.txt"), ("evc", "intel-haswell", "intel-skylake"),
                    ("explain", "all.pool"),
                    ("fits", "-u", ROOT / "tests/data/cases/vm-runtime.json", "db-1.txt"),
                    ("features", "AESNI"),
                    ("setup", "-u", "db-1.txt", "db-2.txt"),
                    ("merge", "-u", "-f", "-o", "q.pool", "db-1.txt"),
                    ("verify", "-k", "stick.pub", "v-good.txt")):
        status, out, said = run(command[0], "--quiet", *command[1:])
        wanted = run(*command)[0]
        if status != wanted or out or said:
            wrong.append(f"{command}: {status}, wanted {wanted}; {out!r} {said!r}")
    status, out, said = run("verify", "-q", "-k", "stick.pub", "v-bad.txt")
    if status != 1 or out or "BAD SIGNATURE" not in said:
        wrong.append(f"an error: {status} {said!r}")
    for pair in (("--json", "--quiet"), ("--csv", "--json"), ("-q", "--csv")):
        if run("drift", *pair, "-u", "db-1.txt")[0] != 2:
            wrong.append(f"{pair} are accepted")
    results.say(wrong, "--quiet: nothing is printed, errors are, and the exit status is the same")


def full():
    """A document that cannot be written is an error."""
    wrong = []
    for option in ("--json", "--csv"):
        for command in (("drift", "-u", "db-1.txt", "db-2.txt"),
                        ("diff", "-u", "db-1.txt", "db-1.txt"),
                        ("level", "-u", "db-1.txt"), ("features",),
                        ("verify", "-k", "stick.pub", "v-good.txt"),
                        ("fits", "-u", ROOT / "tests/data/cases/vm-runtime.json", "db-1.txt"),
                        ("evc",),
                        ("explain", "all.pool"), ("setup", "-u", "db-1.txt"),
                        ("merge", "-u", "-f", "-o", "q.pool", "db-1.txt")):
            if option == "--csv" and command[0] in ("evc", "explain", "setup", "merge"):
                continue
            with open("/dev/full", "wb") as device:
                done = subprocess.run([TOOL, command[0], option, *map(str, command[1:])],
                                      stdout=device, check=False,
                                      stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
            if done.returncode != 2 or b"standard output" not in done.stderr:
                wrong.append(f"{command[0]} {option}: {done.returncode} {done.stderr!r}")
    results.say(wrong, "/dev/full: status 2 and a message, for --json and --csv")


HOSTILE = {"escape": b"\x1b]0;x\x07", "formula": b"=HYPERLINK(1)", "plus": b"+1", "at": b"@SUM(1)",
           "minus": b"-2+3",
           "quote": b'a"b,c', "invalid": b"\xff\xfe", "cut": b"\xe2\x82",
           "bidi": "\u202eevil".encode(),
           "surrogate": b"\xed\xa0\x80", "newline": b"x\ny", "script": b"<script>"}


def hostile():
    """Names and strings that a hostile report can have: documents stay JSON, tables stay tables."""
    folder = Path("hostile")
    folder.mkdir()
    text = Path("db-1.txt").read_bytes()
    for n, name in enumerate(HOSTILE.values()):
        vendor = "".join(f"\\x{b:02x}" if b < 32 or b > 126 else '\\"' if b == 34 else chr(b)
                         for b in name)
        made = re.sub(rb'^system-vendor .*', lambda _,
                      v=vendor: b'system-vendor "' + v.encode() + b'"', text, flags=re.M)
        made = re.sub(rb'^system-serial .*', b'system-serial "h%d"' % n, made, flags=re.M)
        with open(os.path.join(b"hostile", name + b".txt"), "wb") as file:
            file.write(made)
    wrong = []
    names = sorted(os.listdir(b"hostile"))
    for command in ("drift", "setup"):
        found, _, bad = document(command, "-u", folder)
        wrong += bad
        told = found["hosts"] if command == "setup" else [{"host": h} for g in found["groups"]
                                                          for h in g["hosts"]]
        if len(told) != len(names):
            wrong.append(f"{command}: {len(told)} hosts of {len(names)}")
        kept = {name[:-4].decode() for name in names
                if not name.decode(errors="replace").count("\ufffd")}
        if not kept <= {host["host"] for host in told}:
            wrong.append(f"{command}: {told}")
    found, _, bad = document("level", "-u", b"hostile/" + names[0])
    wrong += bad
    found, _, bad = document("merge", "-u", "-f", "-o", "h.pool", folder)
    wrong += bad
    results.say(wrong, f"--json: {len(names)} hostile names and strings")
    wrong = []
    for command, column in ((("verify", "-u", "--csv", folder), "file"),
                            (("fits", "-u", "--csv", ROOT / "tests/data/cases/vm-runtime.json",
                              folder), "host"),
                            (("drift", "-u", "--csv", folder, "db-4.txt"), "group")):
        made = run(*command)[1]
        if not made.replace(b"\r\n", b"").isascii() or re.search(rb"[\x00-\x1f\x7f]",
                                                                 made.replace(b"\r\n", b"")):
            wrong.append(f"{command[0]}: an unprintable byte")
        table = list(csv.DictReader(io.StringIO(made.decode(), newline=""), strict=True))
        if any(cell is None or cell[:1] in "=+-@" and cell for row in table
               for cell in row.values()):
            wrong.append(f"{command[0]}: a formula: {table}")
        if command[0] == "fits" and not {"'=HYPERLINK(1)", "'+1", "'@SUM(1)", "'-2+3", 'a"b,c',
                                         "??"} <= {
                row[column] for row in table}:
            wrong.append(f"{[row[column] for row in table]}")
    results.say(wrong, "--csv: quotes, commas, formulas and escapes in names")
    wrong = []
    for name in (b"=HYPERLINK(1)", b'a"b,c'):
        path = b"hostile/" + name + b".txt"
        table = run("export", "-u", "--to", "csv", path)[1]
        Path("back.csv").write_bytes(table)
        Path("back.txt").unlink(missing_ok=True)
        run("import", "--from", "csv", "-o", "back.txt", "back.csv")
        first = next(csv.DictReader(io.StringIO(table.decode())))["host"]
        if first != ("'" if name[:1] == b"=" else "") + name.decode():
            wrong.append(first)
        there, back = (run("export", "-u", "--to", "cpuid-r", p)[1] for p in (path, "back.txt"))
        wrong += [] if there == back and there else [f"{name}: read back as another"]
    results.say(wrong, "export --to csv: the same, and import reads it back")
