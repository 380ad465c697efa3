"""Invented names of companies and persons, and invented lists of such: the same seed, the same names.

Words are made of syllables that sound like several languages; common words are those that companies have, legal forms
those of many countries. Given names are usual ones, surnames are invented with usual endings. A real company or person
may have such a name by chance.
"""

from collections.abc import Callable
from functools import cache
from random import Random

from tradeanalytics.reference import rows

# First sounds, vowels and last sounds of syllables, by the language they are near to.
_SYLLABLES = (
    ("b br c d f fl g l m n p pr r s t tr v", "a e i o u ia io", "  l n r s"),  # Romance
    ("b bl d dr f g gr h k kr l m n r s sch st t w z", "a e i o u au ei", "  ch ck l n nd r rt s"),  # Germanic
    ("b d dv g k kr l m n p pr r s sv t v z zh", "a e i o u ya", "  k l m n r s t v"),  # Slavic
    ("b ch d f g h j k l m n p q s sh t w x y z zh", "a ai ao e i ia o ou u", "   n ng"),  # Chinese
    ("b c d g h k l m n s t v y z", "a e i o u", "  k l m n r s t z"),  # Turkish
    ("b d f h j k kh l m n q r s sh t w y z", "a aa i u", "  b d f l m n r s"),  # Arabic
    ("b d g h k m n r s sh t y z", "a e i o u", "    n"),  # Japanese
)
_SLAVIC = _SYLLABLES[2]
_FORMS = (
    *("Ltd", "Limited", "LLC", "Inc.", "Corp.", "PLC", "GmbH", "AG", "S.A.", "S.r.l.", "S.p.A.", "SARL", "B.V.", "AB"),
    *(
        "Oy",
        "ApS",
        "Sp. z o.o.",
        "s.r.o.",
        "Kft.",
        "OÜ",
        "UAB",
        "d.o.o.",
        "A.S.",
        "Ltd. Sti.",
        "Pvt. Ltd.",
        "Sdn. Bhd.",
    ),
    *("Co., Ltd.", "Co., Limited", "Pte. Ltd.", "FZE", "FZCO", "L.L.C.", "LLP", "JSC", "K.K.", "Ltda", "S.A. de C.V."),
)
_FORMS_IN_FRONT = ("ООО", "АО", "ЗАО", "ПАО", "ТОО", "ИП")
_GIVEN = (
    *("James", "Mary", "Robert", "Linda", "Thomas", "Emma", "Jean", "Pierre", "Claire", "Michel", "Hans", "Petra"),
    *("Klaus", "Ursula", "Giovanni", "Paolo", "Francesca", "Carlos", "Juan", "Jose", "Maria", "Pedro", "Joao", "Ana"),
    *("Ivan", "Sergei", "Andrei", "Vladimir", "Dmitry", "Alexander", "Alexei", "Olga", "Elena", "Natalia", "Tatiana"),
    *("Mikhail", "Nikolai", "Oleksandr", "Viktor", "Oksana", "Piotr", "Agnieszka", "Jan", "Katarzyna", "Mehmet", "Ali"),
    *("Mustafa", "Ayse", "Ahmet", "Mohammed", "Ahmad", "Hassan", "Hussein", "Omar", "Khalid", "Fatima", "Abdullah"),
    *("Reza", "Mehdi", "Zahra", "Rajesh", "Priya", "Amit", "Sunita", "Wei", "Li", "Jun", "Xiaoming", "Hiroshi", "Yuki"),
    *("Min-jun", "Ji-woo", "Nguyen", "Thi", "Budi", "Siti", "Kwame", "Chinedu", "Amina", "Tadesse", "Giorgi", "Levan"),
    *("Armen", "Rustam", "Nurlan", "Aigul", "Lars", "Ingrid", "Erik", "Mika", "Nikos", "Dragan", "Milica", "Radu"),
)
_ENDINGS = (
    *(
        "ov",
        "ova",
        "ev",
        "in",
        "enko",
        "chuk",
        "sky",
        "ski",
        "ska",
        "vich",
        "ich",
        "escu",
        "son",
        "sen",
        "mann",
        "berg",
    ),
    *("er", "ez", "es", "ini", "elli", "etti", "eau", "ier", "oglu", "gil", "zadeh", "pour", "yan", "shvili", "idze"),
    *("i", "wala", "an", "awa", "moto", "akis", "opoulos", "", "", ""),
)
_RUSSIAN_GIVEN = (
    *("Иван", "Сергей", "Андрей", "Владимир", "Дмитрий", "Александр", "Алексей", "Михаил", "Николай", "Виктор"),
    *("Олег", "Павел", "Роман", "Игорь", "Юрий", "Евгений"),
)
_PATRONYMICS = ("Иванович", "Сергеевич", "Петрович", "Владимирович", "Николаевич", "Алексеевич", "Михайлович")
_RUSSIAN_ENDINGS = ("ов", "ев", "ин", "енко", "ский", "чук", "ко")
_TO_CYRILLIC = (("zh", "ж"), ("ya", "я"), *zip("abvgdezijklmnoprstuf", "абвгдезийклмнопрстуф", strict=True))
_CYRILLIC_IN = 5  # every fifth name is in Cyrillic


def companies(chance: Random, count: int) -> list[str]:
    """So many different names of companies."""
    return _different(chance, count, _company, _russian_company)


def persons(chance: Random, count: int) -> list[str]:
    """So many different names of persons."""
    return _different(chance, count, _person, _russian_person)


def spelled(chance: Random, name: str) -> str:
    """A name with two letters inside its longest word changed over, or one of them left out."""
    longest = max(name.split(), key=len)
    place = chance.randrange(1, max(len(longest) - 2, 2))
    first, second = longest[place : place + 1], longest[place + 1 : place + 2]
    changed = longest[:place] + (second + first if chance.randrange(2) else second) + longest[place + 2 :]
    return name.replace(longest, changed, 1)


def word(chance: Random) -> str:
    """An invented word of two to four syllables of one language's sound, in small Latin letters."""
    return _word(chance, chance.choice(_SYLLABLES), chance.choice((2, 2, 3, 3, 4)))


def in_cyrillic(latin: str) -> str:
    """An invented Slavic word in Cyrillic letters."""
    for plain, letter in _TO_CYRILLIC:
        latin = latin.replace(plain, letter)
    return latin


def _different(
    chance: Random, count: int, latin: Callable[[Random], str], cyrillic: Callable[[Random], str]
) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        found[(latin if chance.randrange(_CYRILLIC_IN) else cyrillic)(chance)] = None
    return list(found)


def _word(chance: Random, sounds: tuple[str, str, str], size: int) -> str:
    first, vowels, last = (part.split(" ") for part in sounds)
    return "".join(chance.choice(first) + chance.choice(vowels) + chance.choice(last) for _ in range(size))


def _company(chance: Random) -> str:
    own = [word(chance) for _ in range(chance.choice((1, 1, 1, 2)))]
    common = chance.sample(_common(True), chance.choice((0, 1, 1, 2)))
    name = " ".join((*own, *common))
    return f"{name.upper() if chance.randrange(2) else name.title()} {chance.choice(_FORMS)}"


def _russian_company(chance: Random) -> str:
    own = in_cyrillic(_word(chance, _SLAVIC, chance.choice((2, 3, 4))))
    common = chance.sample(_common(False), chance.choice((0, 1, 1, 2)))
    return f'{chance.choice(_FORMS_IN_FRONT)} "{" ".join((*common, own)).upper()}"'


@cache
def _common(latin: bool) -> list[str]:
    """Words that many companies have; of those whose endings change, the part that does not."""
    words = (row["word"].removesuffix("*") for row in rows("name_words"))
    return [one for one in words if one.isascii() == latin and len(one) > 3]


def _person(chance: Random) -> str:
    given = [chance.choice(_GIVEN) for _ in range(chance.choice((1, 1, 2)))]
    stem = _word(chance, chance.choice(_SYLLABLES), chance.choice((1, 2, 2)))
    surname = (stem + chance.choice(_ENDINGS)).title()
    return f"{surname.upper()}, {' '.join(given)}" if not chance.randrange(3) else " ".join((*given, surname))


def _russian_person(chance: Random) -> str:
    surname = in_cyrillic(_word(chance, _SLAVIC, 2)).title() + chance.choice(_RUSSIAN_ENDINGS)
    return f"{surname} {chance.choice(_RUSSIAN_GIVEN)} {chance.choice(_PATRONYMICS)}"
