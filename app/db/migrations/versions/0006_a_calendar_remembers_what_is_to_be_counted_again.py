"""A calendar remembers that what was counted in it is to be counted again; a case, when that was done."""

import sqlalchemy as sa
from alembic import op

from app.db.types import UtcDateTime

revision = '0006'
down_revision = '0005'


def upgrade() -> None:
    op.add_column('calendar', sa.Column('recount_from', UtcDateTime(), nullable=True))
    op.add_column('case_file', sa.Column('counted_at', UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column('case_file', 'counted_at')
    op.drop_column('calendar', 'recount_from')
