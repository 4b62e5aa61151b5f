"""The ledger is what a line holds; instalments, shares and persons of a request stay within it, whoever writes."""

import sqlalchemy as sa
from alembic import op

from app.db import money_rules

revision = '0011'
down_revision = '0010'


def upgrade() -> None:
    op.add_column('ledger_entry', sa.Column('balance', sa.BigInteger(), server_default='0', nullable=False))
    op.execute(
        'UPDATE ledger_entry SET balance = summed.balance FROM'
        ' (SELECT id, sum(amount) OVER (PARTITION BY line_id ORDER BY id) AS balance FROM ledger_entry) AS summed'
        ' WHERE summed.id = ledger_entry.id'
    )
    op.drop_index('ix_ledger_line', 'ledger_entry')
    op.create_index('ix_ledger_line', 'ledger_entry', ['line_id', 'id'])
    op.add_column('payment', sa.Column('justified', sa.BigInteger(), server_default='0', nullable=False))
    for statement in money_rules.TRIGGERS.statements(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    for statement in money_rules.TRIGGERS.dropped(op.get_bind().dialect.name):
        op.execute(statement)
    op.drop_index('ix_ledger_line', 'ledger_entry')
    op.create_index('ix_ledger_line', 'ledger_entry', ['line_id', 'at'])
    op.drop_column('ledger_entry', 'balance')
    op.drop_column('payment', 'justified')
