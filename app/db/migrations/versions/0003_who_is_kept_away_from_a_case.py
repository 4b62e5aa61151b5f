"""Who is kept away from a case."""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'


def upgrade() -> None:
    op.add_column('case_file', sa.Column('barred', sa.Text(), server_default='', nullable=False))
    op.add_column('task', sa.Column('barred', sa.Text(), server_default='', nullable=False))


def downgrade() -> None:
    op.drop_column('task', 'barred')
    op.drop_column('case_file', 'barred')
