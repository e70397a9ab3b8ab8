# SPDX-License-Identifier: MIT
"""matrix_compare.py - what guests of the same models saw differently, by two folders of reports.

What "scripts/matrix --compare" prints.  The folders are those of its --keep: of two versions of
QEMU, two types of machine, two builds.  The reports' seals are verified; nothing is booted.
"""

import dataclasses
import pathlib
import subprocess
import textwrap

import boot_models
import report_reader
from boot_stick import Failed
from boot_values import ZERO, place_of
from matrix_models import Trouble

PUBLIC = "matrix.pub"
WIDTH = 100


@dataclasses.dataclass(frozen=True)
class Change:
    """A register that is another one."""
    place: str
    old: int
    new: int
    names: tuple        # of the features that changed, if the table has one for each bit that did
    processor: object   # its number, or None for a change of all

    def __str__(self):
        where = "" if self.processor is None else f", processor {self.processor}"
        text = f"{self.place} {self.old:08x} -> {self.new:08x}{where}"
        for state, bits in (("on", self.new & ~self.old), ("off", self.old & ~self.new)):
            names = [name for name, bit in self.names if bits >> bit & 1]
            text += f"; {state}: {', '.join(names)}" if names else ""
        return text


def read(folder, tool):
    """The reports of a folder by what was booted, all of them with good seals."""
    paths = sorted(pathlib.Path(folder).glob("*.txt"))
    if not paths:
        raise Trouble(f"{folder}: no reports; --keep makes such a folder")
    key = pathlib.Path(folder) / PUBLIC
    done = subprocess.run([tool, "verify", "--quiet", "--key", key, *paths], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise Trouble(f"{folder}: not all reports are good:\n{done.stdout.rstrip()}")
    try:
        return {path.stem: boot_models.processors_of(report_reader.read(path.read_bytes()))
                for path in paths}
    except (report_reader.Refused, Failed) as why:
        raise Trouble(f"{folder}: {why}") from why


def names_of(key, register, changed):
    """The names of all bits that changed, or nothing if one has none: a number, not features."""
    bits = [bit for bit in range(32) if changed >> bit & 1]
    known = boot_models.our_names()
    names = [known.get((*key, boot_models.REGISTERS[register], bit)) for bit in bits]
    return tuple(zip(names, bits)) if all(names) else ()


def changes_of(old, new):
    """Yields the changes of one processor."""
    for key in sorted(old.leaves.keys() | new.leaves.keys()):
        before, after = (list(seen.leaves.get(key, ZERO)) for seen in (old, new))
        for register, (was, now) in enumerate(zip(before, after)):
            if was != now:
                yield Change(place_of(*key, boot_models.REGISTERS[register]), was, now,
                             names_of(key, register, was ^ now), old.number)


def compare(old, new):
    """What the processors of a guest see otherwise; what all of them do is said once."""
    if [seen.number for seen in old] != [seen.number for seen in new]:
        return (f"processors: {len(old)} -> {len(new)}",)
    found = {}
    for before, after in zip(old, new):
        for change in changes_of(before, after):
            found.setdefault(dataclasses.replace(change, processor=None), []).append(change)
    return tuple(str(common if len(each) == len(old) else one) for common, each in found.items()
                 for one in (each[:1] if len(each) == len(old) else each))


def wrapped(text, indent=""):
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent + " " * 4,
                         break_on_hyphens=False)


def made(old_folder, new_folder, tool):
    """The whole text, and whether there is a difference."""
    old, new = read(old_folder, tool), read(new_folder, tool)
    both = [name for name in old if name in new]
    if not both:
        raise Trouble(f"{old_folder} and {new_folder} have no guest in common")
    groups = {}
    for name in both:
        groups.setdefault(compare(old[name], new[name]), []).append(name)
    same = groups.pop((), [])
    text = [f"{len(both)} guests are in both; {len(same)} see the same in both"]
    for folder, one, other in ((old_folder, old, new), (new_folder, new, old)):
        alone = [name for name in one if name not in other]
        text += wrapped(f"only in {folder}: {', '.join(alone)}") if alone else []
    for changes, names in groups.items():
        text += ["", *wrapped(", ".join(names))]
        text += [line for change in changes for line in wrapped(change, " " * 4)]
    return "\n".join(text) + "\n", bool(groups)
