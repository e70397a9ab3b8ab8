#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Boots the probe in QEMU and checks the stick and the console.

    boot.py BUILD [CASES]

CASES is the module with the cases, boot_cases by default.  Its LIGHT is a kind of light firmware
in firmware.py, "disk" by default, or None for the installed one.  Each case has its own stick; two
run at a time.  Prints TAP, in a fixed order.
Exit status: 0 all passed, 1 some failed, 2 usage.
"""

import concurrent.futures
import dataclasses
import importlib
import pathlib
import re
import shutil
import signal
import sys
import tempfile
import traceback

import firmware
from boot_stick import Failed, Workshop, must

WORKERS = 2

# So much of a log or a report is shown.
SHOWN_CHARACTERS = 6000


def details_of(why):
    """The lines that say why a case failed, printable."""
    lines = [str(why)]
    for detail in why.details:
        text = detail.decode("latin-1") if isinstance(detail, bytes) else str(detail)
        lines += re.sub(r"[^\n -~]", "?", text[-SHOWN_CHARACTERS:]).splitlines()
    return lines


def run_case(shop, number, function, arguments):
    """Returns whether a case passed, and lines to print."""
    folder = shop.folder / str(number)
    folder.mkdir()
    try:
        note = function(dataclasses.replace(shop, folder=folder), *arguments)
        return True, [note] if note else []
    except Failed as why:
        return False, details_of(why)
    except Exception:
        return False, traceback.format_exc().splitlines()
    finally:
        shutil.rmtree(folder)


def set_up(build, folder, kind):
    """Makes the keys of two sticks, and this kind of firmware."""
    keys = [folder / name for name in ("stick.key", "stick.pub", "other.key", "other.pub")]
    must(build / "cpulevel", "keygen", keys[0], keys[1])
    must(build / "cpulevel", "keygen", keys[2], keys[3])
    return Workshop(build, keys[0], keys[1], keys[3], folder,
                    firmware.light(build.resolve(), kind) if kind else None)


def run_all(shop, cases):
    """Runs all cases and prints their results in order.  Returns how many failed."""
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        results = [pool.submit(run_case, shop, number, function, arguments)
                   for number, (_, function, *arguments) in enumerate(cases, 1)]
        try:
            for number, (case, result) in enumerate(zip(cases, results), 1):
                passed, lines = result.result()
                failed += not passed
                print(f"{'ok' if passed else 'not ok'} {number} - {case[0]}")
                print("".join(f"# {line}\n" for line in lines), end="", flush=True)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    print(f"1..{len(cases)}")
    return failed


def main(arguments):
    if len(arguments) not in (1, 2):
        print("usage: tests/boot.py BUILD [CASES]", file=sys.stderr)
        return 2
    module = importlib.import_module(arguments[1] if arguments[1:] else "boot_cases")
    # So that a SIGTERM removes the folder and ends QEMU.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory() as folder:
        shop = set_up(pathlib.Path(arguments[0]), pathlib.Path(folder),
                      getattr(module, "LIGHT", "disk"))
        return 1 if run_all(shop, module.CASES) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
