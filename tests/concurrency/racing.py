"""Several processes at the same moment: each waits for all, then acts; what came of it is told."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from typing import Any

from app.extensions import db
from tests.app.services.staging import StagedCase

START = multiprocessing.get_context("fork")
PATIENCE_S = 60


def race(case: StagedCase, acts: Sequence[Callable[[], Any]], rounds: int = 1) -> list[list[Any]]:
    """What each act answered or raised, round by round. An act runs in a process of its own, at the moment of the case."""
    db.session.remove()
    barrier, told = START.Barrier(len(acts)), START.Queue()
    racers = [START.Process(target=_run, args=(case, place, act, rounds, barrier, told)) for place, act in enumerate(acts)]
    for racer in racers:
        racer.start()
    heard = sorted(told.get(timeout=PATIENCE_S) for _ in range(len(acts) * rounds))
    for racer in racers:
        racer.join()
    return [[answer for number, _, answer in heard if number == round_] for round_ in range(rounds)]


def _run(case: StagedCase, place: int, act: Callable[[], Any], rounds: int, barrier: Any, told: Any) -> None:
    with case.app.app_context(), case.at(case.now):
        for round_ in range(rounds):
            barrier.wait(PATIENCE_S)
            try:
                answer = act()
            except Exception as error:
                answer = getattr(error, "code", None) or f"{type(error).__name__}: {error}"
            finally:
                db.session.remove()
            told.put((round_, place, answer))
