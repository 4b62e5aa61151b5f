"""What is left of a commitment may go to the line of the next year: its payments stay with the year that made them."""

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'


def upgrade() -> None:
    # The reference stands in the column itself: SQLite adds it without making the table, and its triggers, anew.
    kind = 'INTEGER' if op.get_bind().dialect.name == 'sqlite' else 'BIGINT'
    op.execute(f'ALTER TABLE payment ADD COLUMN line_id {kind} CONSTRAINT fk_payment_line_id REFERENCES budget_line (id)')
    carried = sa.text('line_id IS NOT NULL')
    op.create_index('ix_payment_line', 'payment', ['line_id'], sqlite_where=carried, postgresql_where=carried)
    lapsed = sa.text("kind = 'lapse'")
    op.create_index('ix_ledger_lapsed', 'ledger_entry', ['line_id'], sqlite_where=lapsed, postgresql_where=lapsed)


def downgrade() -> None:
    op.drop_index('ix_ledger_lapsed', 'ledger_entry')
    op.drop_index('ix_payment_line', 'payment')
    op.drop_column('payment', 'line_id')
