#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The tool on exports of setup forms: what it prints is what the description says.

    forms.py BUILD

The boards are those of hii_build.py.  Prints TAP.  Exit status: 0 all passed, 1 some failed.
"""

import pathlib
import random
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True

import hii_build
import hii_read


def printed(one, value):
    """A default as the tool prints it."""
    if value is None:
        return "none"
    if value == "computed":
        return value
    if isinstance(value, bytes):
        return ", ".join(one.text(number) for number in value)
    if one.ask.kind == "one-of":
        return one.text(value)
    return ("not checked", "checked")[value] if one.ask.kind == "checkbox" else str(value)


def store_line(one):
    if one.store is None:
        return "not stored"
    at, bit = divmod(one.ask.offset, 8) if one.ask.bits else (one.ask.offset, 0)
    bits = one.ask.width * (1 if one.ask.bits else 8)
    if one.ask.kind == "ordered-list":
        bits = 8 * one.ask.most
    place = f" bit {bit}" if one.ask.bits else ""
    return (f"{one.store.kind} {one.store.name} {{{one.store.guid}}} offset 0x{at:x}{place}, "
            f"{bits} bits")


def lines(board):
    """What the tool must print of a board, without the last line."""
    path, made = None, []
    for one in hii_build.expected(board):
        if one.path != path:
            made.append(f"  {one.path}")
        path = one.path
        none = one.store is None
        made.append(f"    {one.ask.prompt.strip()}" + (" = no value: not stored" if none else ""))
        standard, other = (printed(one, one.default(class_)) for class_ in (0, 1))
        if one.default(1) is None:
            other = standard
        made.append(f"      default {standard}"
                    + (f", manufacturing {other}" if other != standard else "")
                    + "".join(f", {state}" for state in one.states))
        made.append(f"      {store_line(one)}")
    return made


def run(tool, *arguments):
    return subprocess.run([tool, "setup", *map(str, arguments)], capture_output=True, text=True,
                          timeout=60, check=False)


def cases(tool, folder):
    """Yields names, whether they hold, and what was seen."""
    for version, board in hii_build.BOARDS.items():
        data = hii_build.build(board)
        path = folder / "board"
        path.write_bytes(data)
        count = len(list(hii_build.expected(board)))
        said = run(tool, "--all", "--from", path)
        wanted = lines(board) + [f"{count} of {count} questions, 6 forms, 2 form sets, "
                                 "1 package lists"]
        yield f"BIOS {version}: all questions", said.stdout.splitlines() == wanted, said
        yield f"BIOS {version}: no fault", said.returncode == 0 and said.stderr == "", said
        some = run(tool, "--from", path).stdout
        yield (f"BIOS {version}: those about processors",
               f"\n{count - 2} of {count} questions" in some and "AES-NI" in some and
               "Fan speed" not in some and "Prefetcher" not in some, some)
        found = [one.prompt for one in hii_read.questions(data)]
        named = [one.ask.prompt.strip().encode() for one in hii_build.expected(board)]
        yield f"BIOS {version}: another reader finds the same", found == named, found
        for pad in (b"\0", b"\xff"):
            path.write_bytes(data + pad * 4096)
            again = run(tool, "--all", "--from", path)
            yield (f"BIOS {version}: padding of {pad.hex()} is no list",
                   (again.stdout, again.stderr) == (said.stdout, ""), again)
        path.write_bytes(data + data)
        twice = run(tool, "--all", "--from", path)
        yield (f"BIOS {version}: two lists", f"\n{2 * count} of {2 * count} questions, 12 forms"
               in twice.stdout, twice)
    made = hii_build.build(hii_build.BOARDS["2.21.2"])
    kept = pathlib.Path("tests/data/setup/board.bin").read_bytes()
    yield "tests/data/setup/board.bin is what hii_build.py makes", made == kept, len(kept)
    yield from damaged(tool, folder)


def damaged(tool, folder):
    path = folder / "damaged"
    data = bytearray(hii_build.build(hii_build.BOARDS["2.21.2"]))
    data[24 + 1] = 0x81  # the length of the first opcode
    path.write_bytes(data)
    said = run(tool, "--all", "--from", path)
    yield ("a damaged form package is left out, and the tool says so",
           said.returncode == 0 and said.stderr == "cpulevel: 1 damaged place left out\n" and
           "AES-NI" not in said.stdout and "VT-d" in said.stdout, said)
    for name, content in (("text", b"cpulevel-report 1\n" * 10), ("nothing", b""),
                          ("zeros", bytes(1000)),
                          ("a short list", bytes(16) + b"\x13" + bytes(99))):
        path.write_bytes(content)
        said = run(tool, "--from", path)
        yield (f"{name}: refused", said.returncode == 2 and "damaged: " in said.stderr and
               "package list" in said.stderr and said.stdout == "", said)
    path.write_bytes(bytes(0x800001))
    said = run(tool, "--from", path)
    yield "a file that is too long: refused", said.returncode == 2 and said.stderr, said
    for words in ((), (path,), ("--from", path, path)):
        said = run(tool, *words)
        yield f"{len(words)} words: usage", said.returncode == 2 and said.stdout == "", said
    rnd, fine = random.Random(1), True
    for _ in range(150):
        changed = bytearray(hii_build.build(hii_build.BOARDS["2.19.0"]))
        for _ in range(rnd.randrange(1, 30)):
            changed[rnd.randrange(len(changed))] = rnd.randrange(256)
        path.write_bytes(changed)
        said = run(tool, "--all", "--from", path)
        fine = fine and said.returncode in (0, 2) and all(
            c == "\n" or " " <= c <= "~" for c in said.stdout + said.stderr)
    yield "150 damaged exports: nothing unprintable, no other status", fine, said


def main(build):
    failed = number = 0
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, passed, seen) in enumerate(
                cases(pathlib.Path(build) / "cpulevel", pathlib.Path(folder)), 1):
            failed += not passed
            print(f"{'ok' if passed else 'not ok'} {number} - {name}")
            if not passed:
                print("".join(f"# {line}\n" for line in str(seen)[-3000:].splitlines()), end="")
    print(f"1..{number}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
