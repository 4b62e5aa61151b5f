"""The language as our procedures use it."""

import datetime as dt
from decimal import Decimal

import pytest

from workflows.feel import FeelError, Host, Months, Signature, lower, partial_date

from .samples import CASE, HOST


def value(source, strict=True):
    return lower(HOST.evaluate(source, CASE, strict=strict))


EXPRESSIONS = [
    # conditions
    ("montant > 500000 and urgent", True),
    ("montant between 500000 and 600000", True),
    ('pays in ("FR", "ES")', True),
    ("montant in [500000..600000)", False),
    ("montant in (> 500000)", True),
    ('if montant > 500000 then "haut" else "bas"', "haut"),
    ("not(urgent)", False),
    # what is missing
    ("vide > 3", None),
    ("vide = null", True),
    ("vide != null and vide > 3", False),
    ("vide > 3 and not(urgent)", False),
    ("vide > 3 or urgent", True),
    ("not(vide)", None),
    ("if vide > 3 then 1 else 2", 2),
    ("personne.nom = null", False),
    ("vide.nom", None),
    # numbers
    ("0.1 + 0.2 = 0.3", True),
    ("round half up(montant * 0.055, 0)", 33_000),
    ("decimal(2.5, 0)", 2),
    ("2 ** 10", 1024),
    ("-montant", -600_000),
    ("modulo(-7, 3)", 2),
    ("1 / 3 * 3 = 1", False),
    # lists
    ("sum(financeurs[montant != null].montant)", 100_000),
    ("sum(aucun)", None),
    ("sum(append(aucun, 0))", 0),
    ('count(financeurs[reponse = "accorde"]) >= 1', True),
    ('some f in financeurs satisfies f.reponse = "attente"', True),
    ("every f in aucun satisfies f.montant > 3", True),
    ("every f in financeurs satisfies f.montant > 3", None),
    ("financeurs[1].nom", "famille"),
    ("financeurs[-1].nom", "caisse"),
    ("financeurs[3]", None),
    ("for i in 1..3 return i * 2", [2, 4, 6]),
    ("for i in 3..1 return i", [3, 2, 1]),
    ("for d in [décès..décès + @\"P2D\"] return d.day", [1, 2, 3]),
    ("for i in [10, 20, 30] return i + count(partial)", [10, 21, 32]),
    ("sort([3, 1, 2])", [1, 2, 3]),
    ("sort(financeurs, function(a, b) a.nom < b.nom).nom", ["caisse", "famille"]),
    ("distinct values([1, 1.0, \"1\", true])", [1, "1", True]),
    ("list contains([1, 2], true)", False),
    # dates
    ('décès + @"P10D"', dt.date(2026, 3, 11)),
    ('date("2026-01-31") + @"P1M"', dt.date(2026, 2, 28)),
    ("today() - décès", dt.timedelta(days=13)),
    ("(today() - décès).days > 10", True),
    ('limite morgue - @"P5D" > now()', True),
    ("years and months duration(décès, today())", "P0M"),
    ('string(@"P1Y2M")', "P1Y2M"),
    ('@"PT36H" = @"P1DT12H"', True),
    ("né.start.year", 1985),
    ('before(né, date("2008-03-14"))', True),
    ('né.end < date("2008-03-14")', True),
    ('jours après(décès, 3)', dt.date(2026, 3, 4)),
    ("jours après(nombre: 3, depuis: décès)", dt.date(2026, 3, 4)),
    # texts
    ("upper case(personne.nom)", "KEÏTA"),
    ('matches("ɛmil Ɲaɲɛ", "^[\\p{L} ]+$")', True),
    ('string join(financeurs.nom, ", ")', "famille, caisse"),
    ('substring("Koutiala", -3)', "ala"),
    # comments, names, groups of fields
    ("montant // une remarque\n > 3", True),
    ("/* une remarque */ montant > 3", True),
    ("{part: montant / 2, double: part * 4}.double", 1_200_000),
    ("date de naissance de l'enfant", dt.date(2020, 5, 1)),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), EXPRESSIONS)
def test_expressions(source, expected):
    got = value(source)
    assert got == expected
    assert type(got) is type(expected)


MISTAKES = [
    ("montnat > 3", "caractère 1", "Vouliez-vous « montant »"),
    ("montant urgent", "caractère 1", "il manque sans doute un signe"),
    ("montant == 3", "caractère 9", "écrire « = »"),
    ("urgent && vide", "caractère 8", "écrire « and »"),
    ("pays = 'FR'", "caractère 8", "guillemets droits"),
    ("pays = “FR”", "caractère 8", "guillemets droits"),
    ("montant ≤ 3", "caractère 9", "écrire « <= »"),
    ("montant % 3", "caractère 9", "écrire modulo(a, b)"),
    ("if urgent then 1", "caractère 17", "a toujours un « else »"),
    ("(montant > 3", "caractère 13", "il manque « ) »"),
    ("(> 3", "caractère 5", "il manque « ) »"),
    ("montant > 3)", "caractère 12", "« ) » de trop"),
    ("montant, pays", "caractère 8", "écrire une liste"),
    ('décès > "2026-01-01"', "caractère 7", "écrire date(…)"),
    ('montant > "3"', "caractère 9", "écrire number(…)"),
    ("né < décès", "caractère 4", "date partielle"),
    ('now() > date and time("2026-01-01T00:00:00")', "caractère 7", "l'une a un fuseau"),
    ("jours après(décès)", "caractère 12", "2 valeurs attendues"),
    ("personne.age", "caractère 9", "champ inconnu"),
    ("montant / 0", "caractère 9", "division par zéro"),
    ('date("14/03/2026")', "caractère 5", "AAAA-MM-JJ"),
    ('date("2026-02-30")', "caractère 5", "date illisible"),
    ('@"14/03/2026"', "caractère 1", "@\"2026-03-14\""),
    ("montant >\n 3 +", "ligne 2, caractère 5", "s'arrête trop tôt"),
    ("montant and urgent", "caractère 1", "un oui/non est attendu"),
    ("financeurs[nom]", "caractère 12", "le filtre doit être un oui/non"),
    ('"abc', "caractère 1", "texte jamais refermé"),
    ("a\u200bb", "caractère 2", "caractère invisible"),
    ("  ", "", "expression absente"),
    ('sum(["a"])', "caractère 4", "seulement des nombres"),
    ("true + 1", "caractère 6", "impossible d'additionner un oui/non et un nombre"),
    ("true = 1", "caractère 6", "impossible de comparer un oui/non et un nombre"),
    ("urgent + urgent", "caractère 8", "impossible d'additionner"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "place", "cure"), MISTAKES)
def test_a_mistake_says_where_and_what_to_write(source, place, cure):
    with pytest.raises(FeelError) as error:
        HOST.evaluate(source, CASE)
    assert place in str(error.value)
    assert cure in str(error.value)


SILENT = ["montnat > 3", "montant / 0", 'date("14/03/2026")', "personne.age", 'montant > "3"', "true + 1", "true = 1", "montant and 3"]


@pytest.mark.parametrize("source", SILENT)
def test_the_standard_says_null_where_we_stop(source):
    with pytest.raises(FeelError):
        HOST.evaluate(source, CASE)
    assert value(source, strict=False) is None


def test_a_yes_or_no_is_never_a_number():
    assert value("urgent in (1)", strict=False) is None
    assert value("distinct values([true, 1])") == [True, 1]
    assert value("sum([1, true])", strict=False) is None
    assert lower(Host().evaluate("x", {"x": True})) is True
    assert lower(Host().evaluate("x", {"x": 1})) == 1
    assert type(lower(Host().evaluate("x", {"x": 1}))) is int


# ---------------------------------------------------------------- what an application lends
def test_a_function_of_the_application_is_checked_and_its_refusal_has_a_place():
    def half(n):
        return n / 2

    host = Host({"moitié": Signature("moitié(n: number) -> number", half)})
    assert lower(host.evaluate("moitié(3)", {})) == Decimal("1.5")
    with pytest.raises(FeelError, match="« n » attend un nombre, ici un texte"):
        host.evaluate('moitié("3")', {})
    with pytest.raises(FeelError, match=r"caractère 7, à « .* » : moitié : noms de paramètres attendus : n"):
        host.evaluate("moitié(m: 3)", {})


def test_a_name_with_a_keyword_or_a_sign_is_announced():
    names = ("prix et remise or taxe", "a-b")
    assert lower(Host().evaluate("prix et remise or taxe + a-b", {names[0]: 2, names[1]: 3}, names=names)) == 5


def test_the_clock_is_that_of_the_place():
    bamako = Host(now=lambda: dt.datetime(2026, 3, 14, 23, 30, tzinfo=dt.UTC))
    tokyo = Host(now=lambda: dt.datetime(2026, 3, 15, 8, 30, tzinfo=dt.timezone(dt.timedelta(hours=9))))
    assert bamako.evaluate("today()", {}) == dt.date(2026, 3, 14)
    assert tokyo.evaluate("today()", {}) == dt.date(2026, 3, 15)
    assert bamako.evaluate("now()", {}) == tokyo.evaluate("now()", {})


# ---------------------------------------------------------------- partial dates
@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1985", dt.date(1985, 1, 1), dt.date(1985, 12, 31)),
        ("1985-06", dt.date(1985, 6, 1), dt.date(1985, 6, 30)),
        ("2024-02", dt.date(2024, 2, 1), dt.date(2024, 2, 29)),
        ("1985-06-15", dt.date(1985, 6, 15), dt.date(1985, 6, 15)),
        ("9999", dt.date(9999, 1, 1), dt.date(9999, 12, 31)),
    ],
)
def test_a_partial_date_is_the_days_that_it_may_be(text, first, last):
    date = partial_date(text)
    assert (date.lo, date.hi, date.lo_in, date.hi_in) == (first, last, True, True)


@pytest.mark.parametrize("text", ["", "85", "1985-13", "1985-6", "0000", "1985-02-30", "vers 1985", "1985-06-15T00:00:00", "١٩٨٥"])
def test_a_partial_date_that_cannot_be_is_refused(text):
    with pytest.raises(FeelError, match="date partielle"):
        partial_date(text)


def test_what_cannot_be_kept_is_refused():
    for source in ("[1..3]", "function(a) a", "né"):
        with pytest.raises(FeelError, match="ne peut pas être conservé"):
            value(source)
    assert value('@"P14M"') == "P1Y2M"
    assert HOST.evaluate('@"P14M"', {}) == Months(14)
