# SPDX-License-Identifier: MIT
"""What a guest wrote on its stick, one write after the other, as QEMU's blklogwrites recorded it.

The file has the form of Linux's dm-log-writes (drivers/md/dm-log-writes.c): sector 0 begins with
magic, version, number of entries and sector size; each entry is a sector that begins with the
place, the count and flags, followed by the sectors written.
"""

import dataclasses
import struct

from boot_stick import SECTOR, Failed, require

MAGIC = 0x6A736677736872
VERSION = 1

FLUSH, FUA, DISCARD, MARK, METADATA = 1, 2, 4, 8, 16


@dataclasses.dataclass(frozen=True)
class Write:
    """Sectors that were written at one time; place is the first's number on the medium."""
    place: int
    data: bytes

    def sectors(self):
        """Number and bytes of each sector, in ascending order."""
        return [(self.place + at // SECTOR, self.data[at:at + SECTOR])
                for at in range(0, len(self.data), SECTOR)]


def parse(log):
    """Reads a log.  Returns epochs: lists of writes, a new list after each flush."""
    require(len(log) >= SECTOR, "the log of writes is empty")
    magic, version, count, size = struct.unpack_from("<QQQI", log)
    require((magic, version, size) == (MAGIC, VERSION, SECTOR), "no log of writes", log[:32])
    epochs, at = [[]], SECTOR
    for number in range(count):
        require(at + SECTOR <= len(log), f"the log ends before entry {number} of {count}")
        place, sectors, flags, _ = struct.unpack_from("<QQQQ", log, at)
        at += SECTOR
        if flags & ~(FLUSH | FUA) or sectors and flags & FLUSH:
            raise Failed(f"entry {number} has the flags {flags}, which are not understood")
        data = log[at:at + sectors * SECTOR]
        require(len(data) == sectors * SECTOR, f"the log ends within entry {number} of {count}")
        at += len(data)
        if data:
            epochs[-1].append(Write(place, data))
        if flags and epochs[-1]:
            epochs.append([])
    require(at == len(log), f"{len(log) - at} bytes after the last entry")
    return [epoch for epoch in epochs if epoch]
