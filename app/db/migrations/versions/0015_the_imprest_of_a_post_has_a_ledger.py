"""The imprest of a post has a ledger: what it paid, vouchers, replenishments."""

import datetime as dt

import sqlalchemy as sa
from alembic import op

from app.db import imprest_rules as rules
from app.db.types import Id, UtcDateTime, Xof

revision = '0015'
down_revision = '0014'
TAKEN_OVER = 'repris'
FILE = ('file_name', 'media_type', 'digest')


def upgrade() -> None:
    _entries()
    _replenishments()
    _take_over()
    with op.batch_alter_table('imprest_fund') as table:
        table.drop_column('oldest_open_on')
    for statement in rules.TRIGGERS.statements(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    for statement in rules.TRIGGERS.dropped(op.get_bind().dialect.name):
        op.execute(statement)
    with op.batch_alter_table('imprest_fund') as table:
        table.add_column(sa.Column('oldest_open_on', sa.Date(), nullable=True))
    op.drop_table('imprest_replenishment')
    op.drop_table('imprest_entry')


def _entries() -> None:
    op.create_table(
        'imprest_entry',
        sa.Column('id', Id, nullable=False),
        sa.Column('post_code', sa.String(20), nullable=False),
        sa.Column('kind', sa.String(20), nullable=False),
        sa.Column('payment_id', Id, nullable=True),
        sa.Column('request_id', Id, nullable=True),
        sa.Column('cash', Xof, nullable=False),
        sa.Column('owed', Xof, nullable=False),
        sa.Column('balance', Xof, nullable=False),
        sa.Column('awaited', Xof, nullable=False),
        sa.Column('at', UtcDateTime(), nullable=False),
        sa.Column('by_id', Id, nullable=True),
        sa.Column('number', sa.String(80), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('file_name', sa.String(200), nullable=False),
        sa.Column('media_type', sa.String(100), nullable=False),
        sa.Column('digest', sa.String(64), nullable=False),
        sa.CheckConstraint(rules.SHAPE, name=op.f('ck_imprest_entry_shape')),
        sa.CheckConstraint('balance >= 0 AND awaited >= 0', name=op.f('ck_imprest_entry_not_below_nothing')),
        sa.ForeignKeyConstraint(['post_code'], ['imprest_fund.post_code'], name=op.f('fk_imprest_entry_post_code')),
        sa.ForeignKeyConstraint(['payment_id'], ['imprest_entry.id'], name=op.f('fk_imprest_entry_payment_id')),
        sa.ForeignKeyConstraint(['request_id'], ['funding_request.id'], name=op.f('fk_imprest_entry_request_id')),
        sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_imprest_entry_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_imprest_entry')),
    )
    op.create_index('ix_imprest_post', 'imprest_entry', ['post_code', 'id'])
    op.create_index('ix_imprest_payment', 'imprest_entry', ['payment_id'])
    op.create_index('ix_imprest_request', 'imprest_entry', ['request_id'])


def _replenishments() -> None:
    people = ('asked_by_id', 'asked_behind_id', 'decided_by_id', 'received_by_id')
    still_open = sa.text("state IN ('demande', 'accorde')")
    op.create_table(
        'imprest_replenishment',
        sa.Column('id', Id, nullable=False),
        sa.Column('post_code', sa.String(20), nullable=False),
        sa.Column('amount', Xof, nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('state', sa.String(10), nullable=False),
        sa.Column('asked_by_id', Id, nullable=False),
        sa.Column('asked_behind_id', Id, nullable=True),
        sa.Column('asked_at', UtcDateTime(), nullable=False),
        sa.Column('decided_by_id', Id, nullable=True),
        sa.Column('decided_at', UtcDateTime(), nullable=True),
        sa.Column('decision', sa.Text(), nullable=False),
        sa.Column('received_by_id', Id, nullable=True),
        sa.Column('received_at', UtcDateTime(), nullable=True),
        sa.Column('reference', sa.String(80), nullable=False),
        sa.CheckConstraint('amount > 0', name=op.f('ck_imprest_replenishment_amount_positive')),
        sa.CheckConstraint(
            'decided_by_id IS NULL OR decided_by_id <> asked_by_id', name=op.f('ck_imprest_replenishment_decider_not_asker')
        ),
        sa.CheckConstraint(
            'decided_by_id IS NULL OR asked_behind_id IS NULL OR decided_by_id <> asked_behind_id',
            name=op.f('ck_imprest_replenishment_decider_not_behind'),
        ),
        sa.CheckConstraint(
            'received_by_id IS NULL OR received_by_id <> decided_by_id', name=op.f('ck_imprest_replenishment_receiver_not_decider')
        ),
        sa.ForeignKeyConstraint(['post_code'], ['imprest_fund.post_code'], name=op.f('fk_imprest_replenishment_post_code')),
        *(sa.ForeignKeyConstraint([name], ['user_account.id'], name=op.f(f'fk_imprest_replenishment_{name}')) for name in people),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_imprest_replenishment')),
    )
    where = {'sqlite_where': still_open, 'postgresql_where': still_open}
    op.create_index('uq_imprest_replenishment_open', 'imprest_replenishment', ['post_code'], unique=True, **where)
    op.create_index('ix_imprest_replenishment_post', 'imprest_replenishment', ['post_code', 'id'])


def _take_over() -> None:
    """What each imprest holds and awaits becomes entries: payments of requests that no order regularises yet, and the rest as one."""
    bind = op.get_bind()
    names = ('post_code', 'kind', 'request_id', 'cash', 'owed', 'balance', 'awaited', 'number', 'reason', *FILE)
    entry = sa.table('imprest_entry', *(sa.column(name) for name in names), sa.column('at', UtcDateTime()))
    query = 'SELECT post_code, balance, to_regularise, oldest_open_on FROM imprest_fund ORDER BY post_code'
    for fund in bind.execute(sa.text(query).columns(oldest_open_on=sa.Date())).all():
        payments = _payments(bind, fund)
        began = min([at for _, _, at in payments], default=dt.datetime.now(dt.UTC))
        balance = awaited = 0
        first = {'kind': rules.OPENING, 'cash': fund.balance + fund.to_regularise, 'owed': 0, 'at': began, 'request_id': None}
        paid = [{'kind': rules.PAYMENT, 'cash': -sum_, 'owed': sum_, 'at': at, 'request_id': of} for of, sum_, at in payments]
        for row in (first, *paid):
            balance, awaited = balance + row['cash'], awaited + row['owed']
            plain = {'number': '', 'reason': TAKEN_OVER, **dict.fromkeys(FILE, '')}
            bind.execute(entry.insert().values(post_code=fund.post_code, balance=balance, awaited=awaited, **row, **plain))


def _payments(bind: sa.Connection, fund: sa.Row) -> list[tuple[int | None, int, dt.datetime]]:
    """(request, amount, when), the oldest first; together what the imprest awaits."""
    query = sa.text(
        'SELECT r.id AS id, r.committed - r.decommitted - r.ordered AS amount, min(l.at) AS at FROM funding_request r'
        ' JOIN case_file c ON c.id = r.case_id JOIN ledger_entry l ON l.request_id = r.id'
        " WHERE c.post_code = :post AND l.kind = 'commit' AND l.reason = 'regie' AND r.committed - r.decommitted > r.ordered"
        ' GROUP BY r.id, r.committed, r.decommitted, r.ordered ORDER BY min(l.at), r.id'
    ).columns(at=UtcDateTime())
    found: list[tuple[int | None, int, dt.datetime]] = []
    left = fund.to_regularise
    for row in bind.execute(query, {'post': fund.post_code}).all():
        if row.amount <= left:
            found.append((row.id, row.amount, row.at))
            left -= row.amount
    if left:
        oldest = dt.datetime.combine(fund.oldest_open_on, dt.time(), dt.UTC) if fund.oldest_open_on else dt.datetime.now(dt.UTC)
        found.append((None, left, oldest))
    return sorted(found, key=lambda one: one[2])
