"""Acts at the same instant: each in a thread and a transaction of its own, let go at once."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from flask import current_app

from app.extensions import db
from app.scenarios.reading import BadScenario
from app.scenarios.stage import Unexpected
from app.services import clock
from app.services.errors import Invalid, Refusal

if TYPE_CHECKING:
    from app.scenarios.player import Player

Line = Mapping[str, Any]
PATIENCE_S = 60


def together(player: Player, line: Line) -> None:
    """together: [lines], lost: reason or {reason: how many}. Which of them wins is not said; how many lose, and why, is."""
    acts = line["together"]
    if not isinstance(acts, list) or not 2 <= len(acts) <= 8 or any(player.word(act) in ("", "start", "together") for act in acts):
        raise BadScenario("together : de deux à huit lignes, chacune avec un mot")
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    gate = threading.Barrier(len(acts))
    outcomes: list[str] = [""] * len(acts)

    def run(number: int, act: Line) -> None:
        with app.app_context(), clock.at(player.now):
            try:
                gate.wait(PATIENCE_S)
                player.play_plainly(act)
            except Invalid as refusal:
                outcomes[number] = next(iter(refusal.errors), refusal.code)
            except Refusal as refusal:
                outcomes[number] = refusal.code
            except Exception as error:
                outcomes[number] = f"{type(error).__name__}: {error}"
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(number, act), daemon=True) for number, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    _compare(line.get("lost", {}), Counter(outcome for outcome in outcomes if outcome), len(acts))


def _compare(wanted: Any, seen: Counter[str], acts: int) -> None:
    expected = Counter({wanted: 1} if isinstance(wanted, str) else wanted)
    if seen != expected:
        said = ", ".join(f"{count} × {reason}" for reason, count in seen.items()) or "aucun refus"
        raise Unexpected(f"ensemble, {acts} actes : attendu {dict(expected) or 'aucun refus'}, vu {said}")


VERBS: dict[str, Callable[[Any, Line], None]] = {"together": together}
