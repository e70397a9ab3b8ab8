# SPDX-License-Identifier: MIT
"""VMware's own table as a judge of lines for VMware: scripts/judge asks it."""

import vmtable
from judge_pool import CannotJudge, NotAsked


def judged(place):
    """False of what says more of a feature that is judged: of XSAVE, and of its states."""
    leaf, sub, register, bit = place
    return leaf != 0xd or sub == 1 or (sub == 0 and (register, bit) != ("EAX", 0))


def judge(pool):
    """A guest sees what is hidden; what differs, and a guest sees of the host, is hidden."""
    rows = vmtable.header(pool.tool.parent)
    if not rows:
        raise NotAsked(f"scripts/deps vmware fetches {vmtable.WHO}")
    wrong, held, silent = [], 0, 0
    for place, row in rows.items():
        if (row.width > 1 or place in pool.hidden or not judged(place) or
                not row.seen(pool.version)):
            continue
        lacking = pool.lacking(place)
        held += len(lacking) < len(pool.names)
        if row.shows == "YES" and 0 < len(lacking) < len(pool.names):
            wrong.append(f"a guest sees {row.name}, {', '.join(lacking)} lacks it, and it is not "
                         "hidden")
    for place in pool.hidden:
        row = rows.get(place)
        if not row or row.version in (0, vmtable.FUTURE):
            silent += 1
        elif not row.seen(pool.version):
            wrong.append(f"a guest sees {row.name} from version {row.version} on")
    if silent == len(pool.hidden):
        raise CannotJudge(f"it has no version for any of the {silent} bits")
    note = f"; it has no version for {silent}" if silent else ""
    return sorted(wrong), (f"{len(pool.hidden) - silent} hidden bits, and {held} that a guest of "
                           f"version {pool.version} may see{note}")
