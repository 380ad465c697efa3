"""In which encoding a text file is, by evidence over the whole of it: valid UTF-8 wins, then the letters speak.

Every pair of neighbouring bytes is counted once; of a file of 64 MiB or more every second pair, in which every byte
still stands. Under each code page the pairs are judged as Russian or as Western European writing: how frequent the
letters are, whether they stand beside letters of their own alphabet, and whether a capital follows a small letter. A
choice that is not clear is refused, never guessed.
"""

from __future__ import annotations

import codecs
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tradeanalytics.clean.unpack import RawFileError

CHUNK = 2**20
_LARGE = 64 * CHUNK  # where half of the evidence is plenty
Pairs = npt.NDArray[np.int64]

_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
# A closed list: Python itself knows "037" and "500" as encodings, and `imports.500.csv` is not EBCDIC.
_NAMED = re.compile(
    r"(cp|windows-|win)125[0-8]|(cp|ibm)(437|850|852|855|866)|koi8-[ru]|iso-?8859-([1-9]|1[0-6])|latin-?1"
    r"|mac-?cyrillic|mac-?roman|utf-?8(-sig)?|utf-?16(-?[lb]e)?|gb18030|gbk|big5|cp9(32|49|50)|euc-(kr|jp)|shift[-_]jis"
)
# Letters of a thousand in Russian running text (Russian National Corpus); the other Cyrillic letters are those of
# neighbouring alphabets. Western: accented letters of French, Spanish, German, Portuguese, Nordic names, roughly.
_CYRILLIC: dict[str, float] = {
    **dict(zip("оеаинтсрвлкмдпуя", (110, 85, 80, 74, 67, 63, 55, 47, 45, 44, 35, 32, 30, 28, 26, 20), strict=True)),
    **dict(zip("ыьгзбчйхжшюцщэфъё", (19, 17, 17, 17, 16, 14, 12, 10, 9, 7, 6, 5, 4, 3, 3, 0.4, 0.4), strict=True)),
    **dict(zip("іїєґў", (1, 0.3, 0.3, 0.1, 0.1), strict=True)),
}
_WESTERN: dict[str, float] = {
    **dict.fromkeys("éüöäáíóñçãèà", 60),
    **dict.fromkeys("úôêâîûëïßåøæõìòù", 15),
    **dict.fromkeys("œÿ", 2),
}
_TURKISH = _WESTERN | dict.fromkeys(("ı", "ş", "ğ", "i\u0307"), 60)  # a small dotted capital is two characters
_SYMBOLS = frozenset("\u00a0«»–—„“”‘’…№°®™•±²³·§©€")
RUSSIAN = ("cp1251", "cp866", "koi8-r")
# cp1254 reads as cp1252 but for six letters; of two that read a file alike the first is named.
_ALPHABETS: dict[str, dict[str, float]] = {**dict.fromkeys(RUSSIAN, _CYRILLIC), "cp1252": _WESTERN, "cp1254": _TURKISH}
_ODDS = 10.0  # the choice must be e**10 (22,000) times as likely as the next one that reads otherwise
_RARE = {"koi8-r": -7.0}  # one file in a thousand; without it a short cp1251 file in capitals could not be decided
# The odds choose between these code pages; this bound refuses writing of any other one. At most one byte in twenty-five
# may be out of place: a sign no text has, a Cyrillic letter inside a Latin word, a capital after a small letter.
# Measured: Russian, French, Turkish in their own code page 0, Mac Cyrillic as cp1251 and Polish as cp1252 5 to 8 %.
_UNLIKELY = math.log(5e-4)
_OUT_OF_PLACE = 0.04


@dataclass(frozen=True)
class Encoding:
    """A codec that Python knows, and how it was chosen in a few words ("" where there was nothing to choose)."""

    codec: str
    note: str = ""


UTF8 = Encoding("utf-8")  # held against every byte of the file


def named_encoding(name: str) -> str | None:
    """The codec that a file's last suffix but one names, as in `dump.cp1251.csv`."""
    suffix = name.lower().split(".")[-2:-1]
    if name.count(".") < 2 or not suffix or not _NAMED.fullmatch(suffix[0]):
        return None
    return codecs.lookup(re.sub(r"^(windows-|win)(?=125)", "cp", suffix[0])).name


def find_encoding(path: Path, name: str, named: str | None = None) -> Encoding:
    """The encoding of a text file: by its mark, else as `named`, else valid UTF-8, else by its letters.

    Raises RawFileError for a NUL byte, and for text whose encoding cannot be decided.
    """
    with path.open("rb") as file:
        start = file.read(4)
    for mark, codec in _MARKS.items():
        if start.startswith(mark):
            return Encoding(codec, f"encoding {codec}, by the mark at its beginning")
    if named:
        return Encoding(named, f"encoding {named}, by the file's name")
    fault = _first_fault(path, name)
    return UTF8 if fault is None else _by_letters(path, name, fault)


def _first_fault(path: Path, name: str) -> int | None:
    """The byte at which a file stops being UTF-8, or None."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    start = 0
    for chunk in checked_chunks(path, name):
        held = len(decoder.getstate()[0])
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError as error:
            return start - held + error.start
        start += len(chunk)
    held = len(decoder.getstate()[0])
    return start - held if held else None


def checked_chunks(path: Path, name: str) -> Iterator[bytes]:
    """The bytes of a text file that must hold no NUL, in pieces."""
    start = 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            if b"\0" in chunk:
                line = _line(path, start + chunk.index(b"\0"))
                raise RawFileError(f"{name}: line {line} holds a NUL byte; this is not a text file of a known encoding")
            start += len(chunk)
            yield chunk


def _by_letters(path: Path, name: str, fault: int) -> Encoding:
    starts = (0, 1) if path.stat().st_size < _LARGE else (1,)
    pairs = count_pairs(checked_chunks(path, name), starts)
    codec = likeliest(pairs)
    if codec is None:
        raise RawFileError(f"{name}: {_undecided(path, name, fault, pairs)}")
    return Encoding(codec, f"encoding {codec}, chosen by the letters of the whole file")


def count_pairs(chunks: Iterable[bytes], starts: Sequence[int] = (0, 1)) -> Pairs:
    """How often each byte (column) follows each other byte (row), 256 x 256.

    `starts` is (1,) to count every second pair, in which every byte still stands; the pieces are then of even length.
    """
    counts = np.zeros(65536, dtype=np.int64)
    last = b"\n"
    for chunk in chunks:
        text = last + chunk
        for start in starts:
            half = np.frombuffer(text, dtype="<u2", offset=start, count=(len(text) - start) // 2)
            counts += np.bincount(half, minlength=65536)
        last = text[-1:]
    return counts.reshape(256, 256).T


def likeliest(pairs: Pairs) -> str | None:
    """The one code page under which the counted bytes are plausible and far likelier than under any other, or None."""
    present = bytes(np.flatnonzero(pairs.sum(axis=0) + pairs.sum(axis=1)).astype(np.uint8))
    scores = {codec: float((pairs * _likelihood(pairs, codec)).sum()) + _RARE.get(codec, 0.0) for codec in _ALPHABETS}
    best = max(_ALPHABETS, key=scores.__getitem__)
    if present.isascii() or mostly_utf8(pairs) or out_of_place(pairs, best) > _OUT_OF_PLACE:
        return None
    others = [codec for codec in _ALPHABETS if _reads(present, codec) != _reads(present, best)]
    return best if all(scores[best] - scores[codec] >= _ODDS for codec in others) else None


def out_of_place(pairs: Pairs, codec: str) -> float:
    """The share of bytes above ASCII that stand where the writing of a code page would not have them."""
    high = pairs[:, 128:]
    return float(high[_likelihood(pairs, codec)[:, 128:] < _UNLIKELY].sum() / max(high.sum(), 1))


def _reads(present: bytes, codec: str) -> str:
    return present.decode(codec, "replace")


def mostly_utf8(pairs: Pairs) -> bool:
    """Whether most high bytes are those of UTF-8: a lead byte and what follows it."""
    return bool(2 * pairs[0xC2:0xF5, 0x80:0xC0].sum() > 0.6 * pairs[:, 128:].sum())


def _likelihood(pairs: Pairs, codec: str) -> npt.NDArray[np.float64]:
    """The logarithm of how likely each counted byte is after the one before it; zero where neither is above ASCII."""
    table = np.zeros((256, 256))
    characters = [bytes([byte]).decode(codec, "replace") for byte in range(256)]
    for before, byte in np.argwhere(pairs):
        if before > 127 or byte > 127:
            table[before, byte] = math.log(_chance(characters[before], characters[byte], _ALPHABETS[codec]))
    return table


def _chance(left: str, right: str, alphabet: Mapping[str, float]) -> float:
    russian = alphabet is _CYRILLIC
    if right.isascii():
        return _ending(right, russian) if left.lower() in alphabet else 1.0
    if right.lower() in alphabet:
        # Smoothed: a column of codes is not running text.
        share = 0.7 * alphabet[right.lower()] / sum(alphabet.values()) + 0.3 / len(alphabet)
        return share * _joining(left, right, russian)
    if right in _SYMBOLS:
        return 0.02
    return 1e-4 if right.isprintable() and right != "\ufffd" and not "─" <= right <= "▟" else 1e-6


def _ending(right: str, russian: bool) -> float:
    """The chance that an ASCII character follows a letter of the alphabet."""
    if right.isalpha():
        return 0.01 if russian else 0.8
    return 0.15 if russian else 0.2


def _joining(left: str, right: str, russian: bool) -> float:
    """The chance that a letter of the alphabet follows a character."""
    if left.isdigit():
        return 0.1
    if left.isascii():
        inside, start = (0.01, 0.15) if russian else (0.7, 0.25)
        return inside if left.isalpha() else start
    if left.islower() and right.isupper():
        return 0.005
    return 0.85 if russian else 0.05


def _undecided(path: Path, name: str, fault: int, pairs: Pairs) -> str:
    line, before, after = _around(path, fault)
    if mostly_utf8(pairs):
        return f"line {line} is not UTF-8 (found {after[:4]!r}), but most of the file is; mend that line"
    readings = ", ".join(f"{codec} {_printable(before + after, codec)!r}" for codec in ("cp1251", "cp866", "cp1252"))
    return (
        f"line {line} is not UTF-8, and which encoding it is cannot be decided: it would read {readings};"
        f" name the file after the right one, as in {suggested(name)}"
    )


def _around(path: Path, place: int) -> tuple[int, bytes, bytes]:
    """The line that holds a byte, and the bytes of that line just before and from it."""
    line = _line(path, place)
    with path.open("rb") as file:
        file.seek(max(place - 8, 0))
        before = file.read(min(place, 8))
        return line, before.splitlines()[-1] if before.strip() else b"", file.read(12).splitlines()[0]


def _line(path: Path, place: int) -> int:
    """The number of the line that holds a byte."""
    with path.open("rb") as file:
        return 1 + sum(file.read(min(CHUNK, place - start)).count(b"\n") for start in range(0, place, CHUNK))


def _printable(text: bytes, codec: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text.decode(codec, "replace"))


def suggested(name: str, codec: str = "cp1251") -> str:
    """The name with an encoding in it; of a zip's member, the zip's name.

    >>> suggested("dump.zip (data.csv)")
    'dump.cp1251.zip'
    """
    found = re.fullmatch(r"(.*?)(\.\w+)?( \(.*\))?", Path(name).name)
    stem, suffix = found.group(1, 2) if found else (name, None)
    return f"{stem}.{codec}{suffix or '.csv'}"
