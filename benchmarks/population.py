"""Made-up people with the names of the ministry's area, in the spellings that registers really mix, and how their names are mistyped."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

SURNAMES = """
Traoré Traore Trawore Traouré|Coulibaly Koulibaly Kulibali Coulibali Koulibali|Diarra Djarra Jara Diara|Keïta Keita Kéita Keyta|
Touré Toure Ture Tourey|Cissé Cisse Sissé Sise Cissey|Sissoko Cissoko Sisoko Cissokho|Konaté Konate Conaté Konatey|
Koné Kone Coné Konné|Diallo Jallo Dialo Djallo|Doumbia Dumbia Doumbya Dumbya|Sangaré Sangare Sangary Sanghare|
Sidibé Sidibe Sidibeh Sidibey|Dembélé Dembele Demblé Dambélé|Camara Kamara Camarra|Kouyaté Kouyate Kuyate Couyaté|
Diabaté Diabate Jabate Djabaté|Samaké Samake Samaqué|Fofana Fofanah Foffana|Bagayoko Bagayogo Bakayoko Bagayokho|Ballo Balo|Bah Ba|
Maïga Maiga Mayga Maïgha|Haïdara Haidara Aïdara Aidara Haydara|Dicko Diko Dikko|Diakité Diakite Jakite Djakité|
Niaré Niare Gnaré Nyaré|Togola Togolla|Tounkara Tunkara Tounkarra|Sacko Sako Saco Sakho|Simpara Simbara Simpara|Sow So Sô|Ly Li Lih|
Guindo Gindo Guido|Kassogué Kassogue Kasogue Kassoguey|Tembely Tembeli Timbely Tembély|Ongoïba Ongoiba Ongoyba|Dolo Dollo|
Poudiougou Pudiugu Poudjougou|Théra Thera Tera|Berthé Berthe Berte Berté|Sanogo Sanogho Sanokho|Ouattara Watara Ouatara Wattara|
Ouologuem Wologuem Ologuem Ouologem|Bengaly Bengali Benghaly|Daou Dao Daw|Sogoba Sokoba|Diawara Jawara Djawara Diaouara|
Soumaré Soumare Sumare Soumaray|Gassama Gasama Gassamah|Niakaté Niakate Gnakaté Nyakate|Yattara Yatara Yatarra|Dramé Drame Draméh|
Gandéga Gandega|Kanté Kante Canté|Magassa Makassa Magasa|Mariko Maricot Marico|Sylla Silla Syla|Tangara Tangarra|Thiam Tiam Cham|
Wagué Wague Ouagué
"""
GIVEN = """
Mamadou Mamadu Mahamadou Mamoudou|Mohamed Mohammed Muhammad Mohamet|Moussa Musa Mousa|Ibrahima Ibrahim Brahima Ibrahma|
Amadou Ahmadou Hamadou Amadu|Boubacar Bubakar Aboubacar Boubakar|Oumar Umar Omar Oumarou|Ousmane Usman Ousman Osmane|
Abdoulaye Abdulay Abdoulay Abdoullaye|Souleymane Suleyman Soulemane Souleyman|Seydou Sedu Saïdou Seidou|Modibo Modibbo|
Bakary Bakari Bacary|Drissa Idrissa Driss Drisa|Issa Isa Issah|Yacouba Yakuba Yacoub Yakouba|Sékou Sekou Seku Sékhou|Adama Adamah|
Lassana Lansana Lasana Lassina|Cheick Cheikh Sheikh Cheickh Chec|Hamidou Hamidu Amidou|Daouda Dauda Dawda|Salif Salifou Salif|
Fousseyni Fousseini Foussény Fuseini|Alou Aliou Alu|Karim Karime Kharim|Bréhima Brehima Breïma|Nouhoum Nuhum Nouhoun|
Lamine Lamin Laminé|Tidiane Tidjane Tijan|Aminata Aminatta Aminetou|Fatoumata Fatumata Fatouma Fatimata|
Mariam Mariame Maryam Mariyam|Kadiatou Kadidiatou Kadiatu Khadiatou|Aïssata Aissata Aïchata Aisata|Oumou Umu Oumu|Awa Hawa Haoua|
Rokia Rokiya Rokiatou Roqia|Djénéba Djeneba Dieneba Jeneba|Assétou Assetou Asetu Assitou|Ramata Ramatou Rahmata|
Safiatou Safiatu Saffiatou|Bintou Bintu Binthou|Salimata Salimatou Salimatta|Ténin Tenin Teni|Kankou Kanku Kancou|
Maïmouna Maimouna Memuna Maymouna|Nafissatou Nafisatu Nafissatu|Coumba Kumba Koumba|Djélika Djelika Jelika|
Korotoumou Korotimi Korotumu|Habibatou Habibatu Abibatou|Mah Ma|Sitan Sitant Siten
"""
SYLLABLES = [
    *("ba", "bo", "bi", "dé", "da", "do", "fa", "fo", "ga", "go", "ka", "ko", "ki", "la"),
    *("lé", "lo", "ma", "mé", "mo", "na", "né", "no", "sa", "so", "ta", "té", "to", "wa", "yo"),
]
NEIGHBOURS = {
    **{"a": "zqs", "b": "vn", "c": "xv", "d": "sf", "e": "rz", "f": "dg", "g": "fh", "h": "gj", "i": "uo", "j": "hk", "k": "jl", "l": "km"},
    **{"m": "l", "n": "b", "o": "ip", "r": "et", "s": "qd", "t": "ry", "u": "yi", "v": "cb", "y": "tu", "z": "ae"},
}
"""Keys beside a key."""
RARE = 1_500
"""Names that few bear, beside the common ones."""


class Made(NamedTuple):
    """Somebody: name as it is registered; who they are, whatever the spelling; year of birth."""

    surname: str
    given: str
    identity: tuple[int, frozenset[int]]
    year: int

    @property
    def name(self) -> str:
        return f"{self.given} {self.surname}"


def people(count: int, seed: int) -> Iterator[Made]:
    """That many persons; common names are common."""
    chance = random.Random(seed)
    surnames, given = _names(SURNAMES, chance), _names(GIVEN, chance)
    by_surname = [1 / (rank + 3) for rank in range(len(surnames) - RARE)] + [0.0004] * RARE
    by_given = [1 / (rank + 8) for rank in range(len(given) - RARE)] + [0.0006] * RARE
    last = chance.choices(range(len(surnames)), by_surname, k=count)
    first = chance.choices(range(len(given)), by_given, k=count)
    second = chance.choices([-1, *range(len(given))], [2.0 * sum(by_given), *by_given], k=count)
    for number in range(count):
        mine = [first[number], *([second[number]] if second[number] not in (-1, first[number]) else [])]
        words = [_spelled(given[one], chance) for one in mine]
        yield Made(_spelled(surnames[last[number]], chance), " ".join(words), (last[number], frozenset(mine)), chance.randint(1945, 2020))


def mistyped(person: Made, chance: random.Random) -> str:
    """A name as somebody else types it: another spelling, a slip of the finger, another order, a given name or the accents left out."""
    surname = chance.choice(_spellings(SURNAMES, person.surname)) if chance.random() < 0.6 else person.surname
    words = [chance.choice(_spellings(GIVEN, word)) if chance.random() < 0.6 else word for word in person.given.split()]
    if len(words) > 1 and chance.random() < 0.4:
        words.pop(chance.randrange(len(words)))
    words = [surname, *words] if chance.random() < 0.4 else [*words, surname]
    if chance.random() < 0.5:
        place = chance.randrange(len(words))
        words[place] = slip(words[place], chance)
    typed = " ".join(words)
    if chance.random() < 0.7:
        typed = unicodedata.normalize("NFKD", typed).encode("ascii", "ignore").decode()
    return typed if chance.random() < 0.5 else typed.lower() if chance.random() < 0.5 else typed.upper()


def slip(word: str, chance: random.Random) -> str:
    """One slip of the finger: a letter dropped, doubled, swapped with the next, or the key beside it."""
    if len(word) < 4:
        return word
    at = chance.randrange(1, len(word) - 1)
    beside = chance.choice(NEIGHBOURS.get(word[at].lower(), "a"))
    slips = (word[at + 1 :], word[at + 1] + word[at] + word[at + 2 :], word[at] + word[at:], beside + word[at + 1 :])
    return word[:at] + chance.choice(slips)


def _names(common: str, chance: random.Random) -> list[list[str]]:
    rare = [["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))).capitalize()] for _ in range(RARE)]
    return [group.split() for group in common.replace("\n", "").split("|")] + rare


def _spelled(spellings: list[str], chance: random.Random) -> str:
    """Most people bear the first spelling."""
    return chance.choices(spellings, [5] + [1] * (len(spellings) - 1))[0]


def _spellings(common: str, word: str) -> list[str]:
    return next((group.split() for group in common.replace("\n", "").split("|") if word in group.split()), [word])
