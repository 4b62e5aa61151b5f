"""A budget line says in which currency its money comes; amounts stay in XOF."""

import sqlalchemy as sa
from alembic import op

revision = '0021'
down_revision = '0020'


def upgrade() -> None:
    op.add_column('budget_line', sa.Column('currency', sa.String(length=3), server_default='XOF', nullable=False))


def downgrade() -> None:
    op.drop_column('budget_line', 'currency')
