#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds how many facts the groups of tests held against other programs against docs/judges.md.

    judged.py GROUP <OUTPUT    prints a failed result for each count that the page has not
    judged.py --accept         reads what tests/run printed, and writes its counts into the page

A group prints "# judged: N facts against WHO", or a result "WHO # SKIP skipped: ...".  The page's
table of groups has a row for each group and WHO.  A count that is another one than the page's
fails: if it is smaller, a judge was asked less than before; if it is larger, the page's figure must
be raised, or a later loss would not be seen.  "N or more" in the page is for counts that are not
the same in every run.
"""

import dataclasses
import pathlib
import re
import sys

PAGE = pathlib.Path("docs/judges.md")
ROW = re.compile(r"^\| `(?P<group>[a-z]+)` \| (?P<facts>[\d,]+)(?P<more> or more)? "
                 r"\| (?P<who>.*?) \|$", re.MULTILINE)
SAID = re.compile(r"^# judged: (\d+) facts against (.*)$", re.MULTILINE)
SKIPPED = re.compile(r"^ok \d+ - (.*) # SKIP skipped: ", re.MULTILINE)


@dataclasses.dataclass(frozen=True)
class Row:
    facts: int
    more: bool  # or more


def rows(page):
    """{(group, who): row}"""
    return {(match["group"], match["who"]):
            Row(int(match["facts"].replace(",", "")), bool(match["more"]))
            for match in ROW.finditer(page)}


def wrong_count(who, facts, row):
    """What is wrong with a count, or ""."""
    if facts < row.facts:
        return f"{facts:,} facts against {who}; {PAGE} has {row.facts:,}: judges were asked less"
    if facts > row.facts and not row.more:
        return (f"{facts:,} facts against {who}; {PAGE} has {row.facts:,}: raise it "
                "(tests/judged.py --accept)")
    return ""


def wrong_of(table, group, output):
    """What is wrong with the output of a group, a line each."""
    expected = {who: row for (name, who), row in table.items() if name == group}
    said = {who: int(facts) for facts, who in SAID.findall(output)}
    skipped = set(SKIPPED.findall(output))
    wrong = [f"{who}: {PAGE} has no row for group {group}" for who in said if who not in expected]
    wrong += [f"{who}: not said how many facts" for who in expected
              if who not in said and who not in skipped]
    wrong += [wrong_count(who, facts, expected[who]) for who, facts in said.items()
              if who in expected]
    return [line for line in wrong if line]


def accepted(page, output):
    """The page with the counts of the groups that tests/run printed."""
    counts = {}
    for part in re.split(r"^# (?=[a-z]+$)", output, flags=re.MULTILINE)[1:]:
        group, _, text = part.partition("\n")
        counts.update({(group, who): int(facts) for facts, who in SAID.findall(text)})

    def replaced(match):
        facts = counts.get((match["group"], match["who"]))
        if facts is None or (match["more"] and facts >= int(match["facts"].replace(",", ""))):
            return match[0]
        return f"| `{match['group']}` | {facts:,}{match['more'] or ''} | {match['who']} |"

    return ROW.sub(replaced, page)


def main(arguments):
    page = PAGE.read_text(encoding="ascii")
    if arguments == ["--accept"]:
        PAGE.write_text(accepted(page, sys.stdin.read()), encoding="ascii")
        return 0
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    output = sys.stdin.buffer.read().decode("utf-8", "replace")
    for line in wrong_of(rows(page), arguments[0], output):
        print(f"not ok - {line}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
