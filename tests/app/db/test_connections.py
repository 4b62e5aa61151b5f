"""One transaction, the same rules on both databases: nothing lost, nothing written by a page, nobody starved."""

import multiprocessing
import os
import time

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError, SAWarning
from sqlalchemy.orm import Session

from app.db.connections import WRITE, begin_write, engine_for, engine_options, prepare

PROCESSES = 8
ROUNDS = 40
WRITES = (
    *("UPDATE counter SET n = 7", " insert into counter VALUES (2, 0)", "DELETE FROM counter", "DROP TABLE counter"),
    "WITH known AS (SELECT 1 AS id) UPDATE counter SET n = 7 WHERE id IN (SELECT id FROM known)",
)


@pytest.fixture
def engine(database_url):
    engine = engine_for(database_url)
    with engine.connect().execution_options(**WRITE) as connection:
        connection.execute(text("CREATE TABLE counter (id INTEGER PRIMARY KEY, n INTEGER NOT NULL)"))
        connection.execute(text("INSERT INTO counter VALUES (1, 0)"))
        connection.commit()
    yield engine
    engine.dispose()


def value(engine) -> int:
    with engine.connect() as connection:
        return connection.execute(text("SELECT n FROM counter")).scalar_one()


def count(url: str, rounds: int, hold: float, waits) -> None:
    """Read, think, write back what was read plus one: lost when another came between."""
    engine = engine_for(url)
    lock = "" if engine.dialect.name == "sqlite" else " FOR NO KEY UPDATE"
    worst = 0.0
    for _ in range(rounds):
        with Session(engine) as session:
            asked = time.monotonic()
            begin_write(session)
            read = session.execute(text(f"SELECT n FROM counter{lock}")).scalar_one()
            worst = max(worst, time.monotonic() - asked)
            time.sleep(hold)
            session.execute(text("UPDATE counter SET n = :n"), {"n": read + 1})
            session.commit()
    waits.put(worst)


def count_together(url: str, rounds: int, hold: float) -> list[float]:
    start = multiprocessing.get_context("fork")
    waits = start.Queue()
    processes = [start.Process(target=count, args=(url, rounds, hold, waits)) for _ in range(PROCESSES)]
    for process in processes:
        process.start()
    longest = [waits.get(timeout=60) for _ in processes]
    for process in processes:
        process.join()
    return longest


def test_no_update_is_lost_between_eight_processes(engine, database_url):
    count_together(database_url, ROUNDS, hold=0)
    assert value(engine) == PROCESSES * ROUNDS


def test_no_writer_starves(engine, database_url):
    """Unfair waiting kept one of eight writers of 5 ms waiting for 2.5 s."""
    longest = count_together(database_url, 20, hold=0.005)
    assert value(engine) == PROCESSES * 20
    assert max(longest) < 1.5


def test_a_write_outside_a_writing_transaction_is_refused(engine):
    for write in WRITES:
        with Session(engine) as session, pytest.raises(DBAPIError, match=r"readonly|read-only"):
            session.execute(text(write))
    assert value(engine) == 0


def test_a_reader_reads_whatever_its_statement_begins_with(engine):
    with Session(engine) as session:
        for read in ("\n SELECT n FROM counter", "WITH known AS (SELECT n FROM counter) SELECT replace('update', 'x', 'y'), n FROM known"):
            assert session.execute(text(read)).one()[-1] == 0


def test_a_connection_that_only_read_may_write_the_next_time(engine):
    for _ in range(3):
        assert value(engine) is not None
        with Session(engine) as session:
            begin_write(session)
            session.execute(text("UPDATE counter SET n = n + 1"))
            session.commit()
    assert value(engine) == 3


def test_readers_do_not_wait_for_a_writer(engine):
    with Session(engine) as writer:
        begin_write(writer)
        writer.execute(text("UPDATE counter SET n = 5"))
        started = time.monotonic()
        assert value(engine) == 0
        assert time.monotonic() - started < 0.5
        writer.commit()
    assert value(engine) == 5


def test_writing_cannot_be_asked_for_late(engine):
    with Session(engine) as session:
        session.execute(text("SELECT 1"))
        with pytest.raises(RuntimeError, match="commit or roll it back"):
            begin_write(session)
        with pytest.raises(SAWarning):
            session.connection(execution_options=WRITE)


def test_what_was_rolled_back_is_not_there_and_the_next_may_write(engine):
    with Session(engine) as session:
        begin_write(session)
        session.execute(text("UPDATE counter SET n = 9"))
        session.rollback()
        begin_write(session)
        session.execute(text("UPDATE counter SET n = n + 1"))
        session.commit()
    assert value(engine) == 1


def test_connections_that_died_while_they_rested_are_replaced_unnoticed(engine, monkeypatch):
    """The database was restarted, or a firewall forgot them."""
    monkeypatch.setattr("app.db.connections.RESTED_S", 0)
    if engine.dialect.name == "sqlite":
        assert value(engine) == 0  # its connections are files: they do not die
        return
    with engine.connect() as one, engine.connect() as two:
        lost = [connection.execute(text("SELECT pg_backend_pid()")).scalar_one() for connection in (one, two)]
    with create_engine(engine.url).connect() as other:
        assert [other.execute(text("SELECT pg_terminate_backend(:pid, 1000)"), {"pid": pid}).scalar_one() for pid in lost] == [True, True]
    assert value(engine) == 0


def test_a_forked_child_uses_connections_of_its_own(engine):
    """Both sides of a fork on one PostgreSQL connection read each other's answers at the first try."""
    assert value(engine) == 0  # the pool holds a connection now
    child = os.fork()
    if child == 0:
        failed = 1
        try:
            with Session(engine) as session:
                begin_write(session)
                session.execute(text("UPDATE counter SET n = n + 1"))
                session.commit()
            failed = 0 if all(value(engine) == 1 for _ in range(50)) else 2
        finally:
            os._exit(failed)
    assert all(value(engine) in (0, 1) for _ in range(50))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert value(engine) == 1


def test_a_writer_that_dies_leaves_the_way_free(engine):
    child = os.fork()
    if child == 0:
        session = Session(engine)
        begin_write(session)
        session.execute(text("UPDATE counter SET n = 3"))
        os._exit(0)
    os.waitpid(child, 0)
    with Session(engine) as session:
        begin_write(session)
        session.execute(text("UPDATE counter SET n = n + 1"))
        session.commit()
    assert value(engine) == 1


def test_sqlite_keeps_its_promises_on_every_connection(tmp_path):
    engine = engine_for(f"sqlite:///{tmp_path / 'promises.db'}")
    with engine.connect() as one, engine.connect() as two:
        for connection in (one, two):
            told = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous", "foreign_keys")}
            assert told == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    engine.dispose()


def test_a_migration_may_rebuild_a_table_that_others_point_to(tmp_path):
    engine = engine_for(f"sqlite:///{tmp_path / 'rebuild.db'}")
    with engine.connect().execution_options(**WRITE) as connection:
        connection.exec_driver_sql("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql("CREATE TABLE child (id INTEGER REFERENCES parent ON DELETE CASCADE)")
        connection.exec_driver_sql("INSERT INTO parent VALUES (1)")
        connection.exec_driver_sql("INSERT INTO child VALUES (1)")
        connection.commit()
    with engine.connect().execution_options(write=True, migration=True) as connection:
        connection.exec_driver_sql("DROP TABLE parent")
        connection.exec_driver_sql("CREATE TABLE parent (id INTEGER PRIMARY KEY, name TEXT)")
        connection.exec_driver_sql("INSERT INTO parent (id) VALUES (1)")
        connection.commit()
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM child").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    engine.dispose()


def test_a_hanging_writer_costs_an_error_not_the_service(tmp_path, monkeypatch):
    """The queue waits for a bounded time: then the database says that it is busy."""
    monkeypatch.setattr("app.db.sqlite.TIMEOUT_S", 0.1)
    monkeypatch.setattr("app.db.turns.PATIENCE", 0.2)
    url = f"sqlite:///{tmp_path / 'hanging.db'}"
    engine = prepare(create_engine(url, **engine_options(url)))
    with Session(engine) as hanging, Session(engine) as waiting:
        begin_write(hanging)
        started = time.monotonic()
        with pytest.raises(DBAPIError, match="locked"):
            begin_write(waiting)
        assert time.monotonic() - started < 2
        hanging.rollback()
        waiting.rollback()
        begin_write(waiting)
    engine.dispose()
