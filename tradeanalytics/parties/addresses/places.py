"""Where an address is: country, province, postal code and municipality, at its end or in front of it."""

from __future__ import annotations

import re

from tradeanalytics.parties.addresses import vocabulary as known
from tradeanalytics.parties.addresses.vocabulary import (
    CODE,
    COMPANY,
    DIRECTION,
    NUMBER,
    PLACE,
    PREMISES,
    REGION,
    STREET,
    STRONG,
    TOWN,
    UNIT,
    Place,
)
from tradeanalytics.parties.addresses.written import BREAK, HYPHEN, SLASH, Written
from tradeanalytics.reference.countries import named

_PROVINCES = {
    **{"A": "NL", "B": "NS", "C": "PE", "E": "NB", "G": "QC", "H": "QC", "J": "QC", "K": "ON", "L": "ON", "M": "ON"},
    **{"N": "ON", "P": "ON", "R": "MB", "S": "SK", "T": "AB", "V": "BC", "X": "NT", "Y": "YT"},
}
_NUNAVUT = ("X0A", "X0B", "X0C")
_QUEBEC_CITY = ("G1", "G2", "G3")
_DOMINANT = 10  # times as many people: then a name alone is the larger place
_LONGEST_COUNTRY = 6
_OUTWARD = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?")
_INWARD = re.compile(r"\d[A-Z]{2}")
_CITY_STATES = {("QUEBEC", "QC"), ("NEW YORK", "NY"), ("WASHINGTON", "WA")}


class Whereabouts:
    """What is told of the place."""

    __slots__ = ("california", "candidates", "country", "municipality", "postal_code", "province", "said", "written")

    def __init__(self, written: Written, country: str, postal_code: str) -> None:
        self.written = written
        self.country = country
        self.postal_code = postal_code
        self.province = ""
        self.municipality = ""
        self.candidates: tuple[Place, ...] = ()
        self.said = False  # the text itself names the country
        self.california = -1  # the word CA, which may be Canada

    def read(self, at: int) -> int:
        """Read the places of a text; `at` is the word behind the postal code, or how many words there are.

        Gives the word up to which the address stands before its municipality.
        """
        count = len(self.written.words)
        first = self._front(0, count, False)
        last = self._end(first, at) if at >= first else at
        if at < count:
            self._end(at, count)
            if not self.municipality:
                self._front(max(at, first), count, True)
        if not (self.municipality or self.province or self.country):
            last = self._before_a_break(first, last)
        if not self.municipality:
            self._unlisted(first, last)
        self._district()
        return last

    def _before_a_break(self, first: int, last: int) -> int:
        """Where the text ends in something else, the place may stand before it."""
        for at in range(last - 1, first, -1):
            if self.written.gaps[at] & BREAK or self.written.kinds[at] & UNIT:
                end = self._end(first, at)
                if end < at:
                    return end
        return last

    def _district(self) -> None:
        """ŞİŞLİ / İSTANBUL: the district is the municipality, and the city its province."""
        if not self.candidates or self.candidates[0].country != "TR":
            return
        at = next(start for part, start, _ in self.written.spans if part == "municipality")
        last = self.written.starts.index(at)
        if not last or not self.written.free[last - 1] or self.written.gaps[last] & BREAK:
            return
        district = known.places().get(self.written.words[last - 1], ())
        listed = any(place.province == self.municipality for place in district)
        if listed or (self.written.gaps[last] & SLASH and not self.written.kinds[last - 1]):
            self.written.spans = [("province" if span[1] == at else span[0], *span[1:]) for span in self.written.spans]
            self.country, self.province = "TR", self.municipality
            self.candidates = ()
            self.municipality = self.written.take("municipality", last - 1, last)

    def _end(self, first: int, last: int) -> int:
        """Take places from the end of a stretch; gives its new end."""
        while last > first:
            size = self._at_end(first, last)
            if not size:
                break
            last -= size
        return last

    def _at_end(self, first: int, last: int) -> int:
        """How many words at the end of a stretch are one place, read here."""
        words, kinds = self.written.words, self.written.kinds
        if not self.written.free[last - 1]:
            return 0
        kind = kinds[last - 1]
        if words[last - 1] == "CA" and self.california < 0 and not self.municipality:
            self.california = last - 1
            self.written.take("", last - 1, last)
            return 1
        if kind & PLACE:
            return (
                self._province(first, last, 1 if self._american_code() else 2)
                or self._country(first, last)
                or self._province(first, last, 1)
                or (0 if self.municipality else self._municipality(first, last))
                or self._by_ear(first, last)
            )
        if kind & NUMBER:
            return self._foreign_code(first, last) or self._no_code(first, last)
        if kind & CODE and 5 < len(words[last - 1]) < 8:
            return 1  # a postal code that is none
        if kind & (TOWN | REGION):
            return self._marked(first, last)
        return self._by_ear(first, last)

    def _country(self, first: int, last: int) -> int:
        if self.said:
            return 0
        words = self.written.words
        if (code := known.short_country(words[last - 1])) and self._behind(first, last):
            return self._told_country(code, last - 1, last)
        if words[last - 1] not in known.country_words():
            return 0
        for size in range(min(_LONGEST_COUNTRY, last - first), 0, -1):
            if self.written.together(last - size, last) and (
                code := named(self.written.original(last - size, last)) or ""
            ):
                if size == 1 and self._more_than_country(first, last):
                    return 0
                return self._told_country(code, last - size, last)
        return 0

    def _more_than_country(self, first: int, last: int) -> bool:
        """True of a country's name in a name, as of a bank or a road: what stands before it is not set apart."""
        at = last - 1
        if at == first or self.written.gaps[at] & BREAK:
            return False
        return bool(self.written.kinds[at - 1] & STREET) and self.written.words[at] != "CANADA"

    def _behind(self, first: int, last: int) -> bool:
        """True where a short word stands for itself: behind a break, a province or a postal code."""
        at = last - 1
        return at == first or bool(self.written.gaps[at] & BREAK) or at in self._edges() or bool(self.province)

    def _edges(self) -> set[int]:
        code_ends = {end for part, _, end in self.written.spans if part == "postal_code"}
        return {at for at, start in enumerate(self.written.starts) if any(0 <= start - end < 3 for end in code_ends)}

    def _told_country(self, code: str, first: int, last: int) -> int:
        self.country, self.said = code, True
        self.written.take("country", first, last)
        return last - first

    def _american_code(self) -> bool:
        return self.postal_code[:5].isdigit() and len(self.postal_code) in (5, 10)

    def _province(self, first: int, last: int, least: int) -> int:
        words = self.written.words
        longest = known.longest_provinces().get(words[last - 1], 0)
        if self.province or not longest:
            return 0
        for size in range(min(longest, last - first), least - 1, -1):
            found = known.provinces().get(" ".join(words[last - size : last]))
            if found and self.written.together(last - size, last):
                return self._one_of(found, first, last - size, last)
        return 0

    def _one_of(self, found: tuple[tuple[str, str], ...], least: int, first: int, last: int) -> int:
        """Take a province; a code of two letters needs its country told, or a place behind which it stands."""
        by_country = {country: code for code, country in found}
        told = "CA" if self._canadian() else self.country
        country = told if told in by_country else next(iter(by_country)) if not told else ""
        short = len(self.written.words[last - 1]) == 2 and last - first == 1
        if not country or (short and country != "CA" and not self._behind_name(first, last)):
            return 0
        if first > least and self.written.kinds[first - 1] & STREET and self._french_type(first - 1):
            return 0
        self.province, self.country = by_country[country], self.country or country
        self.written.take("province", first, last)
        return last - first

    def _behind_name(self, first: int, last: int) -> bool:
        return (
            self.country == "US" or bool(self.postal_code) or bool(self.written.gaps[first] & BREAK) or last - first > 1
        )

    def _canadian(self) -> bool:
        return self.country == "CA" or (bool(self.postal_code) and self.postal_code[0].isalpha() and not self.said)

    def _municipality(self, first: int, last: int) -> int:
        words = self.written.words
        longest = known.longest_places().get(words[last - 1], 0)
        for size in range(min(longest, last - first), 0, -1):
            found = known.places().get(known.key(words[last - size : last]))
            if found and self.written.together(last - size, last) and self._fits(first, last - size):
                return self._told_municipality(found, last - size, last)
        return 0

    def _fits(self, least: int, first: int) -> bool:
        """False behind a French kind of street (RUE SHERBROOKE) and behind a number alone: the street is so called."""
        if first <= least or self.written.gaps[first] & BREAK:
            return True
        return not self._french_type(first - 1) and not self._only_numbers(least, first)

    def _only_numbers(self, least: int, last: int) -> bool:
        """True where nothing but a house's number stands before, as in 385 KINGSTON: then that is the street."""
        words, kinds, at = self.written.words, self.written.kinds, last
        while at > least:
            at -= 1
            if not self.written.free[at] or not (kinds[at] & NUMBER or len(words[at]) == 1) or len(words[at]) > 5:
                return False
            if self.written.gaps[at] & BREAK:
                break
        return len(words[at]) < 5 and bool(kinds[at] & NUMBER)

    def _french_type(self, at: int) -> bool:
        found = known.types().get(self.written.words[at])
        return bool(found) and found.language in ("fr", "ru") if found else False

    def _told_municipality(self, found: tuple[Place, ...], first: int, last: int) -> int:
        self.candidates = found
        self.municipality = found[0].name
        self.written.take("municipality", first, last)
        return last - first

    def _by_ear(self, first: int, last: int) -> int:
        """A municipality of Canada written in Cyrillic by its sound, or one to which its province is glued."""
        if self.municipality or not self._elsewhere_unlikely():
            return 0
        if known.is_cyrillic(self.written.original(last - 1, last)):
            for size in (2, 1):
                if last - size >= first and self.written.together(last - size, last):
                    name = known.town_of_sound(self.written.words[last - size : last])
                    if name:
                        return self._told_municipality(known.places()[name], last - size, last)
            return 0
        return self._glued(last)

    def _elsewhere_unlikely(self) -> bool:
        return self.country in ("", "CA")

    def _glued(self, last: int) -> int:
        word = self.written.words[last - 1]
        for size in (8, 7, 5, 4, 3, 2) if len(word) > 5 and not self.province else ():
            found = known.provinces().get(word[-size:])
            towns = known.places().get(word[:-size])
            if found and towns and any(town.country == "CA" and town.province == found[0][0] for town in towns):
                self.province = found[0][0]
                start, end = self.written.starts[last - 1], self.written.ends[last - 1]
                self.written.spans.append(("province", end - size, end))
                self._told_municipality(towns, last - 1, last)
                self.written.spans[-1] = ("municipality", start, end - size)
                return 1
        return 0

    def _marked(self, first: int, last: int) -> int:
        """A region whose kind stands behind its name (МОСКОВСКАЯ ОБЛ.), or a mark that is left over."""
        start = last - 1
        while start > first and not self.written.gaps[start] & BREAK and self.written.free[start - 1]:
            start -= 1
        if start == last - 1 or any(kind & NUMBER for kind in self.written.kinds[start:last]):
            return 0
        if self.written.kinds[last - 1] & REGION and not self.province:
            self.province = (
                self.written.take("province", start, last).removesuffix(self.written.words[last - 1]).strip()
            )
            return last - start
        return 0

    def _foreign_code(self, first: int, last: int) -> int:
        """A postal code of another country: of the United States and Britain by its shape, others by their place."""
        words, kinds, gaps = self.written.words, self.written.kinds, self.written.gaps
        at, word = last - 1, words[last - 1]
        if self.postal_code or self.country == "CA":
            return 0
        if at > first and len(word) == 4 and gaps[at] & HYPHEN and len(words[at - 1]) == 5 and words[at - 1].isdigit():
            return self._told_code(f"{words[at - 1]}-{word}", at - 1, last)
        if at > first and _INWARD.fullmatch(word) and _OUTWARD.fullmatch(words[at - 1]) and kinds[at - 1]:
            self.country = self.country or "GB"
            return self._told_code(f"{words[at - 1]} {word}", at - 1, last)
        if not word.isdigit() or not 4 <= len(word) <= 6 or (len(word) == 4 and not self.country):
            return 0
        alone = at == first or bool(gaps[at] & BREAK)
        near_place = last < len(words) and not self.written.free[last] and not gaps[last] & BREAK
        behind_place = at > first and bool(kinds[at - 1] & PLACE) and len(word) >= 5
        if (alone and (self.country not in ("", "US", "HK", "AE") or len(word) == 6)) or near_place or behind_place:
            return self._told_code(word, at, last)
        return 0

    def _no_code(self, first: int, last: int) -> int:
        """Two words shaped as a postal code that none begins with are passed over."""
        words, kinds = self.written.words, self.written.kinds
        shaped = len(words[last - 1]) == 3 and not words[last - 1].isdigit() and last - 2 >= first
        return 2 if shaped and len(words[last - 2]) == 3 and kinds[last - 2] & CODE else 0

    def _told_code(self, code: str, first: int, last: int) -> int:
        self.postal_code = code
        self.written.take("postal_code", first, last)
        return last - first

    def _front(self, first: int, last: int, anchored: bool) -> int:
        """Take places from the front of a stretch, as Russian addresses have them; gives its new front."""
        while first < last:
            size = self._at_front(first, last, anchored)
            if not size:
                break
            anchored, first = True, first + size
        return first

    def _at_front(self, first: int, last: int, anchored: bool) -> int:
        written = self.written
        kind, word = written.kinds[first], written.words[first]
        if not written.free[first]:
            return 1
        if kind & NUMBER:
            return self._index(first, last, anchored)
        if kind & (TOWN | REGION) and first + 1 < last and known.is_cyrillic(written.original(first, first + 1)):
            return self._town(first, last)
        end = self._run_end(first, last)
        return (
            self._country_in_front(first, end, anchored)
            or self._whole(first, end, last, anchored)
            or (self._blob(first, last) if anchored and word in known.longest_beginnings() else 0)
        )

    def _run_end(self, first: int, last: int) -> int:
        end = first + 1
        while end < last and not self.written.gaps[end] & BREAK and self.written.free[end]:
            end += 1
        return end

    def _country_in_front(self, first: int, end: int, anchored: bool) -> int:
        words = self.written.words
        if self.said or (words[first] not in known.country_words() and first + 1 < end):
            return 0
        for size in range(min(3, end - first), 0, -1):
            if words[first + size - 1] in known.country_words():
                code = named(self.written.original(first, first + size))
                whole = first + size == end
                follows = 0 if whole else self.written.kinds[first + size]
                if (
                    code
                    and (whole or (code == "CA" and not follows & (STREET | COMPANY)))
                    and (first == 0 or anchored)
                    and not (whole and end == len(words) and first == 0 and words[first] in known.longest_places())
                ):
                    return self._told_country(code, first, first + size)
        return 0

    def _whole(self, first: int, end: int, last: int, anchored: bool) -> int:
        """Province or municipality that is all between two breaks, in front of more."""
        if end >= last or not (anchored or self.written.gaps[end] & BREAK) or end - first > 6:
            return 0
        if not anchored and first > 0:
            return 0
        if not anchored and self._more_places(last):
            return 0
        return self._province_if_whole(first, end) or self._municipality_if_whole(first, end)

    def _more_places(self, last: int) -> bool:
        """True where the text ends in a place, so that what stands in front is none."""
        return bool(self.written.kinds[last - 1] & PLACE) or bool(self.postal_code)

    def _province_if_whole(self, first: int, end: int) -> int:
        if self.written.kinds[end - 1] & PLACE and self._province(first, end, 1):
            return end - first if not self.written.free[first] else 0
        if self.written.kinds[end - 1] & REGION:
            return self._marked(first, end)
        return 0

    def _municipality_if_whole(self, first: int, end: int) -> int:
        if self.municipality:
            return 0
        found = known.places().get(known.key(self.written.words[first:end]))
        if found:
            return self._told_municipality(found, first, end)
        return end - first if self._by_ear(first, end) == end - first else 0

    def _blob(self, first: int, last: int) -> int:
        """A province or municipality in front where nothing sets it apart: not if it may be a street's name."""
        words = self.written.words
        for size in range(min(known.longest_beginnings().get(words[first], 0), last - first), 0, -1):
            end = first + size
            name = known.key(words[first:end])
            if not self.written.together(first, end) or (end < last and self.written.kinds[end] & (STREET | DIRECTION)):
                continue
            if not self.municipality and (found := known.places().get(name)):
                return self._told_municipality(found, first, end)
        return 0

    def _index(self, first: int, last: int, anchored: bool) -> int:
        word = self.written.words[first]
        apart = first + 1 < last and bool(self.written.gaps[first + 1] & BREAK)
        if not self.postal_code and word.isdigit() and len(word) == 6 and (apart or anchored or self._russian(first)):
            return self._told_code(word, first, first + 1)
        return 0

    def _russian(self, first: int) -> bool:
        """True of an index in front of a Russian address with nothing between."""
        follows = first + 1
        return (
            first == 0
            and follows < len(self.written.words)
            and known.is_cyrillic(self.written.original(follows, follows + 1))
        )

    def _town(self, first: int, last: int) -> int:
        """What stands behind Г. or ОБЛ.: a listed name, or all until the next break."""
        end = self._run_end(first + 1, last)
        if self.written.kinds[first] & REGION:
            self.written.take("", first, first + 1)
            return 1
        if self.municipality or self.written.gaps[first + 1] & BREAK:
            return 0
        for size in range(min(4, end - first - 1), 0, -1):
            found = known.places().get(known.key(self.written.words[first + 1 : first + 1 + size]))
            if found:
                self.written.take("", first, first + 1)
                return 1 + self._told_municipality(found, first + 1, first + 1 + size)
        if any(kind & (NUMBER | STREET) for kind in self.written.kinds[first + 1 : end]):
            end = first + 2
        self.written.take("", first, first + 1)
        self.municipality = self.written.take("municipality", first + 1, end)
        return end - first

    def _unlisted(self, first: int, last: int) -> None:
        """A municipality of no table: words between the last break and the places behind it, if a street precedes."""
        start = last
        while (
            start > first and self.written.free[start - 1] and (start == last or not self.written.gaps[start] & BREAK)
        ):
            start -= 1
        before = self.written.kinds[first:start]
        kinds = self.written.kinds[start:last]
        no_town = NUMBER | STRONG | UNIT | PREMISES | COMPANY
        if (
            not 0 < last - start <= 5
            or not any(kind & NUMBER for kind in before)
            or any(kind & no_town for kind in kinds)
        ):
            return
        if not (self.country or self.province or self.postal_code) or (last - start == 1 and kinds[0] & DIRECTION):
            return
        if all(len(word) < 3 for word in self.written.words[start:last]):
            return
        self.municipality = self.written.take("municipality", start, last)

    def settle(self, street: bool) -> str:
        """Fill in what follows from what is told: province and country. Gives the municipality's name as it is now."""
        self._california_or_canada()
        if self._canadian() or (not self.country and self.province in _PROVINCES.values()):
            self.country = "CA"
            self.province = self.province or self._by_postal_code()
        chosen = self._chosen()
        if chosen:
            self.country = self.country or chosen.country
            if self.country == chosen.country:
                self.municipality = chosen.name
                self.province = self.province or chosen.province
        elif self.province in ("QC", "NY") and not self.municipality and self._city_of_its_province(street):
            self.municipality = "QUEBEC" if self.province == "QC" else "NEW YORK"
        return chosen.part_of if chosen and chosen.country == self.country else ""

    def _city_of_its_province(self, street: bool) -> bool:
        """True where QUEBEC or NEW YORK is written out behind a street without a city: then it is the city too."""
        spelled = any(part == "province" and end - start > 3 for part, start, end in self.written.spans)
        return spelled and (street or self.postal_code.startswith(_QUEBEC_CITY))

    def _by_postal_code(self) -> str:
        if self.postal_code.startswith(_NUNAVUT):
            return "NU"
        return _PROVINCES.get(self.postal_code[:1], "")

    def _california_or_canada(self) -> None:
        """CA behind all else is Canada where anything Canadian is told, else California."""
        at = self.california
        if at < 0:
            return
        code = self.postal_code
        american = self.country == "US" or (code[:1].isdigit() and len(code) >= 5)
        canadian = self._canadian() or self.province in _PROVINCES.values() or self._only_canadian()
        if american and not self.province:
            self.province, self.country = "CA", "US"
            self.written.take("province", at, at + 1)
        elif canadian and not self.said:
            self._told_country("CA", at, at + 1)
        elif not self.province and not self.country and any(place.province == "CA" for place in self.candidates):
            self.province, self.country = "CA", "US"
            self.written.take("province", at, at + 1)

    def _only_canadian(self) -> bool:
        return bool(self.candidates) and self.candidates[0].country == "CA"

    def _chosen(self) -> Place | None:
        """The one place that a name stands for, by what else is told, or for it is far the largest."""
        fitting = [
            place
            for place in self.candidates
            if (not self.country or place.country == self.country)
            and (not self.province or place.province in ("", self.province))
        ]
        if not fitting:
            return None
        one = len(fitting) == 1 or fitting[0].population >= _DOMINANT * fitting[1].population
        return fitting[0] if one else None
