"""One at a time over all processes."""

import os
import time

from app.db.advisory import only_one
from app.db.connections import engine_for


def test_the_second_finds_the_place_taken_and_free_again(database_url):
    here, there = engine_for(database_url), engine_for(database_url)
    with only_one(here, "sweep") as first, only_one(there, "sweep") as second, only_one(there, "outbox") as other:
        assert (first, second, other) == (True, False, True)
    with only_one(there, "sweep") as again:
        assert again
    here.dispose()
    there.dispose()


def test_who_dies_inside_frees_the_place(database_url):
    child = os.fork()
    if child == 0:
        only_one(engine_for(database_url), "sweep").__enter__()
        os._exit(0)
    os.waitpid(child, 0)
    engine = engine_for(database_url)
    deadline = time.monotonic() + 5
    free = False
    while not free and time.monotonic() < deadline:  # the server notices a lost client a moment later
        with only_one(engine, "sweep") as free:
            pass
    assert free
    engine.dispose()
