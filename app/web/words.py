"""Amounts in words, as a decision states them beside the figures: francs CFA, in French or in English."""

_FR_SMALL = (
    *("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"),
    *("dix", "onze", "douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf"),
)
_FR_TENS = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante", 8: "quatre-vingt"}
_EN_SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_EN_TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()  # noqa: SIM905
LIMIT = 10**15


def _french_below_hundred(n: int, last: bool) -> str:
    if n < 20:
        return _FR_SMALL[n]
    tens, unit = divmod(n, 10)
    if tens in (7, 9):
        tens, unit = tens - 1, unit + 10
    stem = _FR_TENS[tens]
    if not unit:
        return stem + ("s" if tens == 8 and last else "")
    if unit in (1, 11) and tens != 8:
        return f"{stem} et {_FR_SMALL[unit]}"
    return f"{stem}-{_FR_SMALL[unit]}"


def _french_below_thousand(n: int, last: bool) -> str:
    """`last`: nothing but a noun follows, so « cents » and « quatre-vingts » take their s."""
    hundreds, rest = divmod(n, 100)
    if not hundreds:
        return _french_below_hundred(rest, last)
    stem = "cent" if hundreds == 1 else f"{_FR_SMALL[hundreds]} cent"
    if not rest:
        return stem + ("s" if hundreds > 1 and last else "")
    return f"{stem} {_french_below_hundred(rest, last)}"


def _french(n: int) -> str:
    parts = []
    for value, name in ((10**12, "billion"), (10**9, "milliard"), (10**6, "million")):
        count, n = divmod(n, value)
        if count:
            parts.append(f"{_french_below_thousand(count, True)} {name}{'s' if count > 1 else ''}")
    thousands, n = divmod(n, 1000)
    if thousands:
        parts.append("mille" if thousands == 1 else f"{_french_below_thousand(thousands, False)} mille")
    if n or not parts:
        parts.append(_french_below_thousand(n, True))
    return " ".join(parts)


def _english_below_thousand(n: int) -> str:
    hundreds, rest = divmod(n, 100)
    parts = [f"{_EN_SMALL[hundreds]} hundred"] if hundreds else []
    if rest >= 20:
        tens, unit = divmod(rest, 10)
        parts.append(_EN_TENS[tens] + (f"-{_EN_SMALL[unit]}" if unit else ""))
    elif rest:
        parts.append(_EN_SMALL[rest])
    return " and ".join(parts)


def _english(n: int) -> str:
    if not n:
        return _EN_SMALL[0]
    parts = []
    for value, name in ((10**12, " trillion"), (10**9, " billion"), (10**6, " million"), (1000, " thousand"), (1, "")):
        count, n = divmod(n, value)
        if count:
            parts.append(_english_below_thousand(count) + name)
    return ", ".join(parts)


def amount_in_words(amount: int, language: str = "fr") -> str:
    """« un million huit cent mille francs CFA ». `amount` in whole francs, at most 999 999 999 999 999.

    Raises ValueError for what no decision states: a negative sum or one beyond the limit.
    """
    if not 0 <= amount < LIMIT:
        raise ValueError(f"amount out of range: {amount}")
    if language != "fr":
        return f"{_english(amount)} CFA franc{'' if amount == 1 else 's'}"
    joint = " de" if amount and amount % 10**6 == 0 else ""
    return f"{_french(amount)}{joint} franc{'s' if amount > 1 else ''} CFA"
