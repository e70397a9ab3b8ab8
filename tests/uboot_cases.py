# SPDX-License-Identifier: MIT
"""U-Boot's UEFI, which is not EDK2's: no MP services, no renaming.  Cases as in boot_cases.
"""

from boot_cases import read
from boot_stick import SAID, Console, must, require

FIRMWARE = "/usr/lib/u-boot/qemu-{}/u-boot.rom"

# Debian's U-Boot has no driver for QEMU's USB controllers, and does not switch QEMU off.
OPTIONS = ["-d", "ide-hd", "-u", "switch the machine off by hand"]


def stores(shop, arch):
    """Two visits: two sealed reports that say what was not asked."""
    stick = shop.stick()
    for visit in (1, 2):
        log = stick.run(processors=2, ends=SAID,
                        options=[*OPTIONS, "-f", FIRMWARE.format(arch)])
        console = Console(log)
        console.says(b"WARNING: only the boot processor was read: no MP services. Processors "
                     b"there: ")
        console.says(b"2 by ACPI.")
        console.says(b"This firmware cannot rename files")
        console.says(b"stored, verified on the stick")
        name = f"000{visit}-unknown.txt"
        path = stick.take(name)
        shop.verify(path)
        must("minisign", "-V", "-p", shop.public, "-m", path)
        fields = read(path).fields
        require(fields["bios-vendor"] == b"U-Boot" and
                fields["processors-asked"] == b"boot only: no MP services", "other fields", fields)
    require(len(stick.names()) == 4, "other files", *stick.names())


CASES = (
    ("U-Boot stores a sealed report", stores, "x86_64"),
    ("32-bit U-Boot stores a sealed report", stores, "x86"),
)
