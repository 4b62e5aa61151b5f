"""Places whose calendars the tests count in: as in the demonstration data, with their holidays of 2026."""

import datetime as dt

from workflows.calendar import Calendar, Pause

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)


def spans(*texts):
    return tuple(tuple(dt.time.fromisoformat(edge) for edge in text.split("-")) for text in texts)


def day(text):
    return dt.date.fromisoformat(text)


def at(text):
    """« 2026-02-13T09:00:00Z »: an aware moment."""
    return dt.datetime.fromisoformat(text)


WEEKEND, FRIDAY_SATURDAY = frozenset({SAT, SUN}), frozenset({FRI, SAT})
MINISTRY_HOURS = {**dict.fromkeys((MON, TUE, WED, THU), spans("07:30-16:00")), FRI: spans("07:30-12:30", "14:30-17:30")}
POST_HOURS = {**dict.fromkeys((MON, TUE, WED, THU), spans("08:30-16:30")), FRI: spans("08:30-12:30", "14:30-16:30")}
FIXED = frozenset({(1, 1), (1, 20), (3, 26), (5, 1), (5, 25), (9, 22), (12, 25)})
ANNOUNCED = {
    day("2026-03-20"): "whole",  # end of Ramadan
    day("2026-04-06"): "whole",  # Easter Monday
    day("2026-05-27"): "whole",  # Tabaski
    day("2026-05-28"): "whole",  # the day after, announced the day before
    day("2026-08-26"): "whole",
    day("2026-09-02"): "whole",
    day("2026-09-23"): "whole",
    day("2026-11-30"): "afternoon",
}

CENTRAL = Calendar("ML-CENTRAL", "Africa/Bamako", WEEKEND, MINISTRY_HOURS, ANNOUNCED, FIXED)
ABIDJAN = Calendar("ABJ", "Africa/Abidjan", WEEKEND, POST_HOURS, {day("2026-08-07"): "whole", day("2026-11-16"): "whole"}, {(9, 22)})
DAKAR = Calendar("DKR", "Africa/Dakar", WEEKEND, POST_HOURS, {day("2026-04-04"): "whole"}, {(9, 22)})
LIBREVILLE = Calendar("LBV", "Africa/Libreville", WEEKEND, POST_HOURS, {day("2026-08-17"): "whole"}, {(9, 22)})
ALGIERS = Calendar("ALG", "Africa/Algiers", FRIDAY_SATURDAY, POST_HOURS, {day("2026-11-01"): "whole"}, {(9, 22)})
JEDDAH = Calendar("JED", "Asia/Riyadh", FRIDAY_SATURDAY, POST_HOURS, {day("2026-09-23"): "whole"}, {(9, 22)})
CAIRO = Calendar("CAI", "Africa/Cairo", FRIDAY_SATURDAY, POST_HOURS)
PARIS = Calendar("PAR", "Europe/Paris", WEEKEND, POST_HOURS, {day("2026-07-14"): "whole"}, {(9, 22)})
NEW_YORK = Calendar("WAS", "America/New_York", WEEKEND, POST_HOURS, {day("2026-11-26"): "whole"})
TOKYO = Calendar("TYO", "Asia/Tokyo", WEEKEND, POST_HOURS)
STATION = Calendar("ANTENNES", "Africa/Bamako", frozenset(), dict.fromkeys(range(7), spans("06:00-22:00")))

PLACES = [CENTRAL, ABIDJAN, DAKAR, LIBREVILLE, ALGIERS, JEDDAH, CAIRO, PARIS, NEW_YORK, TOKYO, STATION]
BY_CODE = {place.code: place for place in PLACES}


MONDAY = at("2026-06-15T10:00:00Z")


def pause(start, end=None):
    return Pause(at(f"{start}T08:00:00Z"), at(f"{end}T15:00:00Z") if end else None)
