"""The migrations make exactly the tables that the models describe, on both databases."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade
from sqlalchemy import Column, inspect, text

from app.db.connections import WRITE
from app.extensions import db
from app.supervisor import state
from tests.support.applications import make_app


def test_a_migrated_database_has_what_the_models_describe(app):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": _ours})
        assert compare_metadata(context, db.metadata) == []


def test_migrations_go_back_to_nothing_and_forth_again(database_url, tmp_path):
    app = make_app(database_url, tmp_path)
    with app.app_context():
        upgrade()
        tables = set(inspect(db.engine).get_table_names())
        downgrade(revision="base")
        assert set(inspect(db.engine).get_table_names()) == {"alembic_version"}
        upgrade()
        assert set(inspect(db.engine).get_table_names()) == tables
        db.engine.dispose()


def test_what_an_imprest_held_before_it_had_a_ledger_becomes_its_first_entries(database_url, tmp_path):
    app = make_app(database_url, tmp_path)
    with app.app_context():
        upgrade(revision="0014")
        with db.engine.connect().execution_options(**WRITE) as connection:
            for code, balance, awaited, oldest in (("LBV", 94_500, 120_000, "2026-10-29"), ("CGP", 250_000, 0, None)):
                _old_imprest(connection, code, balance, awaited, oldest)
            connection.commit()
        upgrade()
        with db.engine.connect() as connection:
            rows = connection.execute(text("SELECT post_code, kind, cash, owed, balance, awaited FROM imprest_entry ORDER BY id")).all()
        assert [tuple(row) for row in rows] == [
            ("CGP", "ouverture", 250_000, 0, 250_000, 0),
            ("LBV", "ouverture", 214_500, 0, 214_500, 0),
            ("LBV", "paiement", -120_000, 120_000, 94_500, 120_000),
        ]
        downgrade(revision="0014")
        with db.engine.connect() as connection:
            held = connection.execute(text("SELECT balance, to_regularise FROM imprest_fund WHERE post_code = 'LBV'")).one()
        assert tuple(held) == (94_500, 120_000)
        db.engine.dispose()


def test_what_lines_had_opened_before_they_had_entries_becomes_their_first(database_url, tmp_path):
    app = make_app(database_url, tmp_path)
    with app.app_context():
        upgrade(revision="0018")
        with db.engine.connect().execution_options(**WRITE) as connection:
            names = [column["name"] for column in inspect(connection).get_columns("budget_line") if not column["nullable"]]
            given = dict.fromkeys(names, "0") | {"code": "PROT-SOC", "year": 2026, "opened": 7, "case_types": "[]", "natures": "[]"}
            given |= dict.fromkeys(("multi_annual", "tracked_only"), False) | {"received": 0, "given": 0, "frozen": 0, "used": 0}
            given.pop("id")
            connection.execute(
                text(f"INSERT INTO budget_line ({', '.join(given)}) VALUES ({', '.join(':' + name for name in given)})"), given
            )
            connection.commit()
        upgrade()
        with db.engine.connect() as connection:
            rows = connection.execute(text("SELECT amount, balance, act_id FROM credit_entry")).all()
        assert [tuple(row) for row in rows] == [(7, 7, None)]
        downgrade(revision="0018")
        db.engine.dispose()


def _old_imprest(connection, code: str, balance: int, awaited: int, oldest: str | None) -> None:
    names = [column["name"] for column in inspect(connection).get_columns("post") if not column["nullable"]]
    given = dict.fromkeys(names, "[]") | {"code": code}
    connection.execute(text(f"INSERT INTO post ({', '.join(given)}) VALUES ({', '.join(':' + name for name in given)})"), given)
    told = {"code": code, "balance": balance, "awaited": awaited, "oldest": oldest}
    fund = "INSERT INTO imprest_fund VALUES (:code, 250000, 1000000, :balance, :awaited, :oldest, '[]')"
    connection.execute(text(fund), told)


def test_a_start_sees_what_is_to_be_done(database_url, tmp_path):
    """Without the application, and without believing anything but the database."""
    assert state.look(database_url, tmp_path)[:2] == (False, False)
    app = make_app(database_url, tmp_path)
    with app.app_context():
        upgrade()
        assert state.look(database_url, tmp_path)[:2] == (True, False)
        with db.engine.connect().execution_options(**WRITE) as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
            connection.commit()
        assert state.look(database_url, tmp_path)[:2] == (False, False)
        db.engine.dispose()


def test_the_newest_version_is_read_as_alembic_reads_it(app_sqlite):
    scripts = ScriptDirectory(str(state.VERSIONS.parent))
    assert state.newest() == set(scripts.get_heads())


def test_a_database_that_does_not_answer_is_told_with_its_cure(tmp_path):
    for url in (f"postgresql+psycopg://nobody@/none?host={tmp_path}", f"sqlite:///{tmp_path}/no/folder/jatigi.db"):
        with pytest.raises(state.Unreachable, match="Vérifiez DATABASE_URL"):
            state.look(url, tmp_path)


def _ours(_item, name, kind, *_) -> bool:
    # Indexes over expressions cannot be compared: SQLite tells their columns only.
    return name != "alembic_version" and (kind != "index" or name not in _over_expressions())


def _over_expressions() -> set[str]:
    indexes = [index for table in db.metadata.tables.values() for index in table.indexes]
    return {index.name for index in indexes if any(not isinstance(part, Column) for part in index.expressions)}
