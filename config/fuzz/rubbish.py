"""Values that nobody means: what breaks programs, and what is right, spoilt a little."""

import random
import urllib.parse
from collections.abc import Mapping, Sequence
from typing import Any

# What has broken programs before, theirs or ours.
NASTY = (
    *(
        "",
        " ",
        "\x00",
        "\n",
        "\r\n",
        "\t",
        "\ufeff",
        "\u202e",
        "\ud7ff",
        "\U0001f600",
        "ﬁ",
        "İ",
        "ß",
    ),
    *("'", '"', "''", "--", ";", "%", "%s", "%(x)s", "{}", "{0}", "{{ x }}", "{% x %}", "\\", "/"),
    *("../../etc/passwd", "<script>alert(1)</script>", "=1+1", "@SUM(A1)", "&amp;", "..", "a..b"),
    *("0", "-1", "1e999", "-1e999", "NaN", "Infinity", "9" * 25, "9" * 400, "0x10", "1_000", "٣"),
    *("1,5", "1.5", "0.005", "-0", "²", "true", "false", "null", "None", "on", "yes", "kyllä"),
    *(
        "2026-02-30",
        "0000-00-00",
        "9999-12-31",
        "10000-01-01",
        "0001-01-01",
        "31.12.2026",
        "2026-W01",
    ),
    *("a@b", "a@b.fi", "a@b\nBcc: c@d.fi", "http://[", "https://example.com", "C000001", "SM00001"),
    *("GIFT", "NORTH", "fi", "en", "person", "company", "positive", "last", "days", "none", "any"),
    *("x" * 300, "é" * 5000, "(" * 200, "[" * 200, "a " * 200),
)
NUMBERS = (0, 1, -1, 2, 50, 10**4, 2**31, 2**63, -(2**63), 10**30, 0.5, -1.5, 1e308)


class Rubbish(random.Random):
    """A stream of rubbish that comes again with its seed."""

    def chance(self, of: float) -> bool:
        return self.random() < of

    def text(self) -> str:
        """A nasty text, a piece of one, or some letters."""
        one = self.choice(NASTY)
        if self.chance(0.25):
            one += self.choice(NASTY)
        if self.chance(0.2):
            one += "".join(chr(self._letter()) for _each in range(self.randrange(12)))
        return one

    def _letter(self) -> int:
        """Any letter there is but halves of one, most of them common."""
        letter = self.randrange(0x20, 0x250) if self.chance(0.8) else self.randrange(0x110000)
        return 0x2028 if 0xD800 <= letter <= 0xDFFF else letter

    def json(self, depth: int = 3) -> Any:
        """Anything that JSON can say."""
        kind = self.randrange(8 if depth else 5)
        if kind <= 1:
            return self.text()
        if kind <= 4:
            return self.choice((*NUMBERS, True, False, None))
        if kind <= 6:
            return [self.json(depth - 1) for _each in range(self.randrange(4))]
        return {self.text(): self.json(depth - 1) for _each in range(self.randrange(4))}

    def spoilt(self, data: bytes) -> bytes:
        """Bytes with some of them changed, lost, doubled or moved."""
        spoilt = bytearray(data)
        for _each in range(1 + self.randrange(6)):
            at, size = self.randrange(len(spoilt) + 1), self.randrange(1, 24)
            deed = self.randrange(5)
            if deed == 0:
                spoilt[at : at + size] = self.randbytes(size)
            elif deed == 1:
                del spoilt[at : at + size]
            elif deed == 2:
                spoilt[at:at] = spoilt[at : at + size] * 3
            elif deed == 3:
                spoilt[at:at] = self.text().encode()
            else:
                spoilt = spoilt[: max(1, at)] if self.chance(0.2) else spoilt
        return bytes(spoilt)

    def some(self, values: Sequence[Any], most: int = 4) -> list[Any]:
        """A few of these; none where there are none."""
        return [self.choice(values) for _each in range(self.randrange(most + 1))] if values else []

    def query(self, known: Mapping[str, Sequence[str]]) -> str:
        """A query string: names that are known, values that are right or not, and strangers."""
        names = sorted(known) or ["page"]
        pairs = []
        for _each in range(self.randrange(5)):
            name = self.choice(names) if self.chance(0.9) else self.text()
            values = known.get(name, ())
            value = self.choice(values) if values and self.chance(0.4) else self.text()
            pairs.append((name, value))
        said = urllib.parse.urlencode(pairs, errors="surrogatepass")
        return said if self.chance(0.95) else self.spoilt(said.encode()).decode("latin-1")
