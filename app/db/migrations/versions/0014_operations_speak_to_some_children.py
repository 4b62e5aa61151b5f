"""Operations speak to some of their children."""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'


def upgrade() -> None:
    op.add_column('child_message', sa.Column('only_each', sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table('child_message') as table:
        table.drop_column('only_each')
