"""Filters of the inbox kept by name."""

import sqlalchemy as sa
from alembic import op

from app.db.types import Id, Json, UtcDateTime

revision = '0009'
down_revision = '0008'


def upgrade() -> None:
    op.create_table(
        'saved_filter',
        sa.Column('id', Id, nullable=False),
        sa.Column('user_id', Id, nullable=False),
        sa.Column('name', sa.String(40), nullable=False),
        sa.Column('tab', sa.String(20), nullable=False),
        sa.Column('query', Json, nullable=False),
        sa.Column('made_at', UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_saved_filter_user_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_filter')),
        sa.UniqueConstraint('user_id', 'name', name='uq_saved_filter'),
    )


def downgrade() -> None:
    op.drop_table('saved_filter')
