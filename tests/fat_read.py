# SPDX-License-Identifier: MIT
"""A reader of FAT32 in memory, written from Microsoft's specification (General Overview, 1.03).

It is strict: what it cannot follow is an error, as is a cluster that two files have.
"""

import struct

from boot_stick import SECTOR, require

END, FREE, LONG_NAME, FOLDER, VOLUME, REMOVED = 0x0FFFFFF8, 0, 0x0F, 0x10, 0x08, 0xE5


class Fat:
    """A FAT32 whose bytes may change between two readings."""

    def __init__(self, data):
        self.data = data
        self.unit = data[13] * SECTOR
        self.reserved, copies = struct.unpack_from("<HB", data, 14)
        self.size, = struct.unpack_from("<I", data, 36)
        self.root, = struct.unpack_from("<I", data, 44)
        self.first = (self.reserved + copies * self.size) * SECTOR

    def chain(self, cluster, taken):
        """The clusters of a file, which must be no other file's."""
        found = []
        while cluster < END:
            require(cluster >= 2 and cluster not in taken,
                    f"cluster {cluster}: free, or of two files")
            taken.add(cluster)
            found.append(cluster)
            cluster, = struct.unpack_from("<I", self.data, self.reserved * SECTOR + 4 * cluster)
            cluster &= 0x0FFFFFFF
        return found

    def bytes_of(self, clusters):
        return b"".join(self.data[at:at + self.unit] for at in (
            self.first + (cluster - 2) * self.unit for cluster in clusters))

    def entries(self, data):
        """Name, first cluster and size of each file and folder."""
        name = ""
        for at in range(0, len(data), 32):
            entry = data[at:at + 32]
            if entry[0] == 0:
                return
            if entry[0] == REMOVED or (entry[11] & VOLUME and entry[11] != LONG_NAME):
                name = ""
            elif entry[11] == LONG_NAME:
                part = (entry[1:11] + entry[14:26] + entry[28:32]).decode("utf-16-le")
                name = part.partition("\0")[0] + ("" if entry[0] & 0x40 else name)
            else:
                short = entry[:8].decode("latin-1").rstrip()
                end = entry[8:11].decode("latin-1").rstrip()
                high, = struct.unpack_from("<H", entry, 20)
                low, size = struct.unpack_from("<HI", entry, 26)
                if entry[0:1] != b".":
                    yield (name or f"{short}.{end}".rstrip("."), high << 16 | low, size,
                           entry[11] & FOLDER)
                name = ""

    def files(self, strict):
        """Path and bytes of each file.  Those that strict(path) does not name may be cut short."""
        found, taken, loose = {}, set(), []

        def visit(cluster, before):
            entries = self.bytes_of(self.chain(cluster, taken))
            for name, start, size, folder in self.entries(entries):
                path = f"{before}/{name}".lower()
                if folder:
                    visit(start, path)
                elif strict(path):
                    data = self.bytes_of(self.chain(start, taken)) if start else b""
                    require(len(data) >= size, f"{path} is cut short")
                    found[path] = data[:size]
                else:
                    loose.append((path, start, size))

        visit(self.root, "")
        for path, start, size in loose:
            found[path] = self.loose(start, size, taken)
        return found

    def loose(self, cluster, size, taken):
        """What there is of a file that is not complete; no cluster may be another file's."""
        data = b""
        while 2 <= cluster < END and len(data) < size:
            require(cluster not in taken, f"cluster {cluster} is of two files")
            taken.add(cluster)
            data += self.bytes_of([cluster])
            cluster, = struct.unpack_from("<I", self.data, self.reserved * SECTOR + 4 * cluster)
            cluster &= 0x0FFFFFFF
        return data[:size]
