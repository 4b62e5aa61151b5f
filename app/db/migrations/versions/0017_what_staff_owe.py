"""What members of the staff owe a case; credit that a line holds again."""

import sqlalchemy as sa
from alembic import op

from app.db.types import Id, UtcDateTime, Xof

revision = '0017'
down_revision = '0016'


def upgrade() -> None:
    op.create_table(
        'obligation',
        sa.Column('id', Id, nullable=False),
        sa.Column('case_id', Id, nullable=False),
        sa.Column('engine_scope', sa.String(40), nullable=False),
        sa.Column('kind', sa.String(40), nullable=False),
        sa.Column('user_code', sa.String(40), nullable=False),
        sa.Column('since', sa.Date(), nullable=False),
        sa.Column('bars_after', UtcDateTime(), nullable=False),
        sa.Column('cleared_at', UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(['case_id'], ['case_file.id'], name=op.f('fk_obligation_case_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_obligation')),
        sa.UniqueConstraint('case_id', 'engine_scope', 'kind', 'user_code', name='uq_obligation'),
    )
    # The check stands in the column itself: SQLite adds it without making the table, and its triggers, anew.
    known = "CONSTRAINT ck_funding_request_restored_within_returned CHECK (restored <= returned)"
    op.execute(f"ALTER TABLE funding_request ADD COLUMN restored BIGINT DEFAULT 0 NOT NULL {known}")
    still_owed = sa.text('cleared_at IS NULL')
    op.create_index('ix_obligation_open', 'obligation', ['user_code', 'kind'], sqlite_where=still_owed, postgresql_where=still_owed)


def downgrade() -> None:
    op.drop_column('funding_request', 'restored')
    op.drop_table('obligation')
