"""The credits of a line come by acts of two persons and are what their entries add up to; a line has a name in English too."""

import datetime as dt

import sqlalchemy as sa
from alembic import op

from app.db import credit_rules as rules
from app.db.types import Id, Json, UtcDateTime, Xof

revision = '0019'
down_revision = '0018'


def upgrade() -> None:
    # The column stands in a plain statement: SQLite adds it without making the table, and its triggers, anew.
    op.execute("ALTER TABLE budget_line ADD COLUMN label_en VARCHAR(200) DEFAULT '' NOT NULL")
    _acts()
    _entries()
    _take_over()
    for statement in rules.TRIGGERS.statements(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    for statement in rules.TRIGGERS.dropped(op.get_bind().dialect.name):
        op.execute(statement)
    op.drop_table('credit_entry')
    op.drop_table('credit_act')
    op.execute('ALTER TABLE budget_line DROP COLUMN label_en')


def _acts() -> None:
    people = ('proposed_by_id', 'proposed_behind_id', 'decided_by_id')
    op.create_table(
        'credit_act',
        sa.Column('id', Id, nullable=False),
        sa.Column('year', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(12), nullable=False),
        sa.Column('reference', sa.String(200), nullable=False),
        sa.Column('rows', Json, nullable=False),
        sa.Column('state', sa.String(10), nullable=False),
        sa.Column('proposed_by_id', Id, nullable=False),
        sa.Column('proposed_behind_id', Id, nullable=True),
        sa.Column('proposed_at', UtcDateTime(), nullable=False),
        sa.Column('decided_by_id', Id, nullable=True),
        sa.Column('decided_at', UtcDateTime(), nullable=True),
        sa.Column('decision', sa.Text(), nullable=False),
        sa.CheckConstraint('decided_by_id IS NULL OR decided_by_id <> proposed_by_id', name=op.f('ck_credit_act_decider_not_proposer')),
        sa.CheckConstraint(
            'decided_by_id IS NULL OR proposed_behind_id IS NULL OR decided_by_id <> proposed_behind_id',
            name=op.f('ck_credit_act_decider_not_behind'),
        ),
        sa.CheckConstraint("state = 'propose' OR decided_by_id IS NOT NULL", name=op.f('ck_credit_act_decided_by_somebody')),
        *(sa.ForeignKeyConstraint([name], ['user_account.id'], name=op.f(f'fk_credit_act_{name}')) for name in people),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_credit_act')),
    )
    op.create_index('ix_credit_act_state', 'credit_act', ['state', 'id'])


def _entries() -> None:
    op.create_table(
        'credit_entry',
        sa.Column('id', Id, nullable=False),
        sa.Column('line_id', Id, nullable=False),
        sa.Column('act_id', Id, nullable=True),
        sa.Column('amount', Xof, nullable=False),
        sa.Column('balance', Xof, nullable=False),
        sa.Column('at', UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['line_id'], ['budget_line.id'], name=op.f('fk_credit_entry_line_id')),
        sa.ForeignKeyConstraint(['act_id'], ['credit_act.id'], name=op.f('fk_credit_entry_act_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_credit_entry')),
        sa.UniqueConstraint('act_id', 'line_id', name=op.f('uq_credit_entry')),
    )
    op.create_index('ix_credit_entry_line', 'credit_entry', ['line_id', 'id'])


def _take_over() -> None:
    """What lines have opened becomes their first entries, of the first day of their year."""
    names = ('line_id', 'amount', 'balance')
    entry = sa.table('credit_entry', *(sa.column(name) for name in names), sa.column('at', UtcDateTime()))
    bind = op.get_bind()
    for line in bind.execute(sa.text('SELECT id, year, opened FROM budget_line WHERE opened <> 0 ORDER BY id')).all():
        began = dt.datetime(line.year, 1, 1, tzinfo=dt.UTC)
        bind.execute(entry.insert().values(line_id=line.id, amount=line.opened, balance=line.opened, at=began))
