#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Gives a stick a firmware with setup forms, which QEMU's firmware has not: for demo and pictures.

    board.py BUILD VERSION IMAGE

The stick then starts tests/efi/quirk.c, which publishes the forms of a made-up board as its
setup driver would, with every option at its default, and starts the unchanged probe.  Of the
board's two BIOS versions the older leaves AES-NI disabled.
"""

import pathlib
import subprocess
import sys
import tempfile

from hii_build import DISABLED, ENABLED, SETUP, Ask, Board, Form, FormSet, Goto, Store, build, \
    expected

SIZE = 0x20


def processor(aes, shift):
    return [
        Ask("one-of", "AES-NI", 1, 4 + shift, options=aes, help="AES instructions"),
        Ask("one-of", "Intel Virtualization Technology", 1, 5 + shift, options=ENABLED),
        Ask("one-of", "Hyper-Threading", 1, 6 + shift, options=ENABLED),
        Ask("numeric", "Active Processor Cores", 1, 8 + shift, 2, defaults=((0, 0),)),
        Ask("checkbox", "MONITOR/MWAIT", 1, 10 + shift, flags="sm"),
    ]


def board(aes, shift):
    return Board("91c3a0de-7a52-4d0f-8a57-0b6f5a1d2c34", [
        FormSet("e2a4c8f1-35b7-4b90-9e0c-6d1f27c85ab3", "Setup",
                [Store(1, "variable", "Setup", SETUP, SIZE)], [
                    Form(1, "Main", [Goto("Advanced", 2)]),
                    Form(2, "Advanced", [Goto("Processor Configuration", 3)]),
                    Form(3, "Processor Configuration", processor(aes, shift)),
                ]),
    ], {"en-US": None})


VERSIONS = {"2.21.2": board(ENABLED, 0), "2.19.0": board(DISABLED, 2)}


def defaults(of):
    """The variable that holds the values, each at its default."""
    data = bytearray(SIZE)
    for one in expected(of):
        end = one.ask.offset + one.ask.width
        data[one.ask.offset:end] = one.default(0).to_bytes(one.ask.width, "little")
    return bytes(data)


def main(folder, version, image):
    programs = pathlib.Path(folder)
    of = VERSIONS[version]
    files = {"EFI/BOOT/PROBE.EFI": (programs / "BOOTX64.EFI").read_bytes(),
             "EFI/BOOT/BOOTX64.EFI": (programs / "quirk.efi").read_bytes(),
             "quirk.txt": b"forms", "forms.bin": build(of), "setup.bin": defaults(of)}
    with tempfile.NamedTemporaryFile() as copy:
        for name, data in files.items():
            pathlib.Path(copy.name).write_bytes(data)
            # The stick's partition begins at 1 MiB.
            subprocess.run(["mcopy", "-o", "-i", f"{image}@@1M", copy.name, f"::/{name}"],
                           check=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
