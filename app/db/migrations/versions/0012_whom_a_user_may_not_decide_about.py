"""Whom a user may not decide about, and on whose behalf a task was done."""

import sqlalchemy as sa
from alembic import op

from app.db.types import Id

revision = '0012'
down_revision = '0011'


def upgrade() -> None:
    op.add_column('user_account', sa.Column('person_code', sa.String(40), nullable=True))
    op.create_index(op.f('ix_user_account_person_code'), 'user_account', ['person_code'])
    op.add_column('task', sa.Column('closed_behind_id', Id, nullable=True))
    op.create_table(
        'declared_relative',
        sa.Column('user_id', Id, nullable=False),
        sa.Column('person_code', sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_declared_relative_user_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('user_id', 'person_code', name=op.f('pk_declared_relative')),
    )


def downgrade() -> None:
    op.drop_table('declared_relative')
    op.drop_column('task', 'closed_behind_id')
    op.drop_index(op.f('ix_user_account_person_code'), 'user_account')
    op.drop_column('user_account', 'person_code')
