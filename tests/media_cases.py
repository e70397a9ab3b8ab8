# SPDX-License-Identifier: MIT
"""Other media and other firmware: 4Kn drives, a legacy BIOS.  Cases as in boot_cases.

Reports come home by "cpulevel take".
"""

import struct
import subprocess
import time
import zlib

from boot_cases import check_screen
from boot_stick import BOOT_SECONDS, ESP, LONG_SECTOR, SECTOR, end, must, require

LONG = "logical_block_size=4096,physical_block_size=4096"

SENTENCE = b"This stick needs UEFI boot: choose the UEFI entry in the boot menu"

# The boot code of an MBR ends here (UEFI 2.10, table 5-1); then the disk's signature, the four
# partitions, the mark.
BOOT_CODE = 440
PARTITIONS = 446

# Text mode: 25 rows of 80 characters, each with a byte of color.
SCREEN, COLUMNS, ROWS = 0xb8000, 80, 25


def header(data, sector, lba, other):
    """Checks a header of a GPT (UEFI 2.10, 5.3.2) and its entries.  Returns those in use."""
    at = lba * sector
    head = data[at:at + 92]
    (magic, revision, size, sum_, zero, mine, alternate, first, last, table, count, each,
     entries_sum) = struct.unpack_from("<8sIIIIQQQQ16xQIII", head)
    require((magic, revision, size, zero, mine, alternate) ==
            (b"EFI PART", 0x10000, 92, 0, lba, other), "a wrong header", head.hex())
    require(zlib.crc32(head[:16] + bytes(4) + head[20:]) == sum_, "the header's checksum",
            head.hex())
    entries = data[table * sector:table * sector + count * each]
    require(count == 128 and each == 128 and zlib.crc32(entries) == entries_sum,
            "the entries' checksum", head.hex())
    span = -(-len(entries) // sector)
    ends = (table + span <= first) if lba == 1 else (last < table and table + span <= lba)
    require(ends and first <= last, "the entries are where partitions may be", head.hex())
    used = [entries[n:n + each] for n in range(0, len(entries), each) if any(entries[n:n + 16])]
    for entry in used:
        start, stop = struct.unpack_from("<QQ", entry, 32)
        require(first <= start <= stop <= last, "a partition outside of the disk", entry.hex())
    return used


def check_table(image, sector):
    """Both GPTs are right, for sectors of this size, and the MBR protects the whole disk."""
    data = image.read_bytes()
    last = len(data) // sector - 1
    require(len(data) % sector == 0, "a part of a sector at the end")
    used = header(data, sector, 1, last)
    require(used == header(data, sector, last, 1), "the tables differ")
    require(len(used) == 1 and used[0].startswith(ESP), "not one EFI system partition")
    start = struct.unpack_from("<Q", used[0], 32)[0] * sector
    require(start == 1048576 and struct.unpack_from("<H", data, start + 11)[0] == sector,
            "no FAT with such sectors at 1 MiB", data[start:start + 64].hex())
    kinds = [data[PARTITIONS + 16 * n + 4] for n in range(4)]
    require(kinds == [0xee, 0, 0, 0] and data[PARTITIONS] == 0 and
            struct.unpack_from("<II", data, PARTITIONS + 8) == (1, last) and
            data[510:512] == b"\x55\xaa", "no protective MBR", data[PARTITIONS:512].hex())


def comes_home(shop, stick, *names):
    """Takes these reports, and nothing else, without a change to the image."""
    home, before = shop.folder / "home", stick.image.read_bytes()
    said = must(shop.tool, "take", "--key", shop.public, "-o", home, stick.image)
    ending = f": {len(names)} taken, 0 already in {home}, 0 left on the stick; numbers 1 to "
    require(ending.encode() in said, "other reports taken", said)
    require(sorted(path.name for path in home.iterdir()) ==
            sorted(name + end for name in names for end in ("", ".minisig")), "other files", said)
    for name in names:
        shop.verify(home / name)
        require((home / name).read_bytes() == stick.read(name), f"{name} is another")
    require(stick.image.read_bytes() == before, "the image has changed")


def long_sectors(shop, options):
    stick = shop.stick(options=["-s", str(LONG_SECTOR)])
    check_table(stick.image, LONG_SECTOR)
    for serial in ("A", "B"):
        console = stick.boot(smbios=[f"type=1,serial={serial}"], options=options)
        check_screen(console)
        console.says(b"verified on the stick")
    check_table(stick.image, LONG_SECTOR)
    stick.check()
    comes_home(shop, stick, "0001-A.txt", "0002-B.txt")


def take_home(shop):
    stick = shop.stick()
    check_table(stick.image, SECTOR)
    for serial in ("A", "B"):
        stick.boot(smbios=[f"type=1,serial={serial}"])
    check_table(stick.image, SECTOR)
    comes_home(shop, stick, "0001-A.txt", "0002-B.txt")


def legacy(shop, image, device, serial):
    """Boots SeaBIOS.  Returns what the serial line got, the screen's text, and its registers."""
    log, dump = shop.write("legacy.log", b""), shop.folder / "screen"
    words = ["qemu-system-x86_64", "-machine", "pc", "-accel", "tcg", "-m", "64", "-nodefaults",
             "-no-user-config", "-no-reboot", "-display", "none", "-vga", "std",
             "-monitor", "stdio",
             "-drive", f"if=none,id=stick,format=raw,readonly=on,file={image}",
             "-device", "qemu-xhci", "-device", f"{device},drive=stick,bootindex=1"]
    if serial:
        words += ["-chardev", f"file,id=log,path={log}", "-serial", "chardev:log"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT) as qemu:
        try:
            deadline = time.monotonic() + BOOT_SECONDS
            while True:
                require(time.monotonic() < deadline and qemu.poll() is None, "nothing is said",
                        log.read_bytes(), dump.read_bytes() if dump.exists() else b"")
                qemu.stdin.write(f'pmemsave {SCREEN:#x} {2 * COLUMNS * ROWS} "{dump}"\n'.encode())
                qemu.stdin.flush()
                time.sleep(0.5)
                said = dump.read_bytes() if dump.exists() else b""
                if SENTENCE in said[::2] and (not serial or SENTENCE in log.read_bytes()):
                    break
            # If it does not halt, it says something else meanwhile.
            time.sleep(3)
            out, _ = qemu.communicate(f'pmemsave {SCREEN:#x} {2 * COLUMNS * ROWS} "{dump}"\n'
                                      "info registers\nquit\n".encode(), timeout=60)
        finally:
            if qemu.poll() is None:
                end(qemu)
    text = dump.read_bytes()[::2]
    rows = [text[n:n + COLUMNS].rstrip(b"\0 ") for n in range(0, len(text), COLUMNS)]
    return log.read_bytes(), [row for row in rows if row], out


def needs_uefi(shop, options, device, serial):
    """A BIOS finds the sentence, on the screen and on COM1 if there is one, and then a halt."""
    stick = shop.stick(options=options)
    before = stick.image.read_bytes()
    require(before[:BOOT_CODE].count(SENTENCE) == 1, "no sentence in the boot code")
    sent, rows, registers = legacy(shop, stick.image, device, serial)
    require(sent == (SENTENCE + b"\r\n" if serial else b""), "something else on COM1", sent)
    require(rows == [SENTENCE], "something else on the screen", *rows)
    require(b"HLT=1" in registers, "it does not halt", registers)
    require(stick.image.read_bytes() == before, "the image has changed")


CASES = (
    ("a 4Kn drive, virtio: it boots and takes reports, which come home", long_sectors,
     ("-d", f"virtio-blk-pci,{LONG}")),
    ("a 4Kn drive, NVMe", long_sectors, ("-d", f"nvme,serial=x,{LONG}")),
    ("reports of a stick come home", take_home),
    ("a legacy BIOS boots the stick: screen and COM1 say that it needs UEFI", needs_uefi, (),
     "usb-storage", True),
    ("the same from a disk, without COM1", needs_uefi, (), "virtio-blk-pci", False),
    ("the same with a CD's image on a stick", needs_uefi, ("-i",), "usb-storage", True),
)
