"""Each stage of a payment has its day: statements of a month that is over are sums like all others."""

import sqlalchemy as sa
from alembic import op

from app.db import stage_rules as rules
from app.db.types import Id, UtcDateTime, Xof

revision = '0016'
down_revision = '0015'
ASKED = '(SELECT requested_at FROM funding_request WHERE id = payment.request_id)'
KNOWN = [
    # (stage, amount, day): what is known of the payments that were made before
    ('certifie', 'certified', f'coalesce(certified_at, {ASKED})'),
    ('justifie', 'justified', f'coalesce(paid_at, {ASKED})'),
    ('liquide', 'liquidated', f'coalesce(certified_at, ordered_at, paid_at, {ASKED})'),
    ('ordonnance', 'CASE WHEN order_number IS NULL THEN 0 ELSE liquidated END', f'coalesce(ordered_at, {ASKED})'),
    ('paye', 'paid', f'coalesce(paid_at, {ASKED})'),
    ('reverse', 'CASE WHEN paid = liquidated THEN returned ELSE 0 END', f'coalesce(paid_at, {ASKED})'),
]


def upgrade() -> None:
    op.create_table(
        'payment_entry',
        sa.Column('id', Id, nullable=False),
        sa.Column('payment_id', Id, nullable=False),
        sa.Column('stage', sa.String(20), nullable=False),
        sa.Column('amount', Xof, nullable=False),
        sa.Column('at', UtcDateTime(), nullable=False),
        sa.Column('by_id', Id, nullable=True),
        sa.ForeignKeyConstraint(['payment_id'], ['payment.id'], name=op.f('fk_payment_entry_payment_id')),
        sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_payment_entry_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_payment_entry')),
    )
    op.create_index('ix_payment_entry_payment', 'payment_entry', ['payment_id', 'stage'])
    for stage, amount, day in KNOWN:
        op.execute(
            f"INSERT INTO payment_entry (payment_id, stage, amount, at) SELECT id, '{stage}', {amount}, {day} FROM payment"
            f' WHERE cancelled_at IS NULL AND {amount} <> 0'
        )
    for statement in rules.TRIGGERS.statements(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    for statement in rules.TRIGGERS.dropped(op.get_bind().dialect.name):
        op.execute(statement)
    op.drop_table('payment_entry')
