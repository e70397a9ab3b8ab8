# SPDX-License-Identifier: MIT
"""Reads text and colours from pictures of the firmware's screen, and from the log of a serial line.

The firmware's letters are bitmaps of 8 by 19 in a grid in the middle of the screen.  What they look
like is learned from a picture and the log of the same rows.
"""

import functools
import re

from boot_stick import require

WIDTH, HEIGHT = 8, 19

# EDK2's colours (GraphicsConsole.c, mGraphicsEfiColors), and the terminal's for the same.
COLOURS = {(0, 0, 0): "black", (0x98, 0, 0): "red", (0, 0x98, 0): "green",
           (0x98, 0x98, 0): "yellow"}
BACKGROUNDS = {40: "black", 41: "red", 42: "green", 43: "yellow"}

PIECE = re.compile(rb"\x1b\[([0-9;=?]*)([A-Za-z])|([\r\n])|([ -~])|(.)", re.S)


class Terminal:
    """A terminal that knows what EDK2 sends: it keeps characters and what is behind them."""

    def __init__(self, columns, rows):
        self.columns, self.rows = columns, rows
        self.colour = "black"
        self.clear()

    def clear(self):
        self.cells = [[(" ", self.colour)] * self.columns for _ in range(self.rows)]
        self.row = self.column = 0

    def put(self, character):
        require(self.column < self.columns, "a row is too long", self.line(self.row))
        self.cells[self.row][self.column] = (character, self.colour)
        self.column += 1

    def feed_line(self):
        self.row += 1
        if self.row == self.rows:
            self.cells = self.cells[1:] + [[(" ", self.colour)] * self.columns]
            self.row -= 1

    def escape(self, numbers, letter):
        if letter == b"J":
            self.clear()
        elif letter == b"H":
            require(numbers == b"01;01", f"the cursor is sent to {numbers}")
            self.row = self.column = 0
        elif letter == b"m":
            for number in numbers.split(b";"):
                self.colour = BACKGROUNDS.get(int(number), self.colour)
        else:
            require(letter == b"h", f"unknown escape sequence {numbers} {letter}")

    def feed(self, data):
        for numbers, letter, control, character, other in PIECE.findall(data):
            require(not other, f"byte {other}")
            if letter:
                self.escape(numbers, letter)
            elif control == b"\r":
                self.column = 0
            elif control:
                self.feed_line()
            else:
                self.put(character.decode())

    def line(self, row):
        return "".join(character for character, _ in self.cells[row]).rstrip()

    def lines(self):
        return [self.line(row) for row in range(self.rows)]


@functools.cache
def look(pixels):
    """Colour of the first pixel of a cell, where no letter has ink, and which differ from it."""
    bits = tuple(pixels[at:at + 3] != pixels[:3] for at in range(0, len(pixels), 3))
    return COLOURS.get(tuple(pixels[:3]), tuple(pixels[:3])), bits


class Picture:
    """A picture in the PPM format of QEMU's screendump."""

    def __init__(self, data, columns, rows):
        head = re.match(rb"P6\n(\d+) (\d+)\n255\n", data)
        require(head, "not a picture", data[:20])
        self.width, self.height = int(head[1]), int(head[2])
        self.pixels = data[head.end():]
        self.columns, self.rows = columns, rows
        self.left = (self.width - columns * WIDTH) // 2
        self.top = (self.height - rows * HEIGHT) // 2

    def fits(self):
        """Before the probe the screen can have another size."""
        return self.left >= 0 and self.top >= 0

    def pixel(self, x, y):
        at = 3 * (y * self.width + x)
        return tuple(self.pixels[at:at + 3])

    def cell(self, row, column):
        """Colour behind a character, and its bitmap."""
        x, y = self.left + column * WIDTH, self.top + row * HEIGHT
        starts = (3 * ((y + line) * self.width + x) for line in range(HEIGHT))
        return look(b"".join(self.pixels[at:at + 3 * WIDTH] for at in starts))

    def ground(self):
        """The colour of all four corners."""
        corners = {self.pixel(x, y) for x in (0, self.width - 1) for y in (0, self.height - 1)}
        require(len(corners) == 1, f"corners of several colours: {corners}")
        return COLOURS.get(*corners, corners)


def learn(picture, terminal):
    """Returns what each character looks like; one that has two looks is an error."""
    looks = {}
    for row in range(picture.rows):
        for column in range(picture.columns):
            character, colour = terminal.cells[row][column]
            behind, bits = picture.cell(row, column)
            require(behind == colour, f"row {row + 1} is {behind}, on the serial line {colour}",
                    terminal.line(row))
            require(looks.setdefault(character, bits) == bits,
                    f"{character!r} in row {row + 1}, column {column + 1} has another look",
                    terminal.line(row))
    names = {bits: character for character, bits in looks.items()}
    require(len(names) == len(looks), "two characters look the same")
    missing = [chr(code) for code in range(32, 127) if chr(code) not in looks]
    require(not missing, f"not on the screen: {missing}")
    return names


def read(picture, names):
    """The rows of a picture: text, and the colours behind it from left to right, each once."""
    rows = []
    for row in range(picture.rows):
        cells = [picture.cell(row, column) for column in range(picture.columns)]
        text = "".join(names.get(bits, "\0") for _, bits in cells).rstrip()
        colours = [behind for i, (behind, _) in enumerate(cells)
                   if i == 0 or cells[i - 1][0] != behind]
        rows.append((text, colours))
    return rows
