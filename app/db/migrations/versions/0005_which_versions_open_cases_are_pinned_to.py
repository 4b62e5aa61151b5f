"""Which versions open cases are pinned to, without reading the cases."""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'


def upgrade() -> None:
    open_ = sa.text('closed_at IS NULL')
    op.create_index('ix_case_version', 'case_file', ['version_hash'], sqlite_where=open_, postgresql_where=open_)


def downgrade() -> None:
    op.drop_index('ix_case_version', 'case_file')
