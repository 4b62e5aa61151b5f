"""Of a dead person the record says since when, as far as that is known."""

import sqlalchemy as sa
from alembic import op

revision = '0020'
down_revision = '0019'


def upgrade() -> None:
    op.add_column('person', sa.Column('died', sa.String(length=10), nullable=True))


def downgrade() -> None:
    op.drop_column('person', 'died')
