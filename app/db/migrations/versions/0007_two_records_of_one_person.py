"""Two records of one person."""

import sqlalchemy as sa
from alembic import op

from app.db.types import Id, Json, UtcDateTime

revision = '0007'
down_revision = '0006'


def upgrade() -> None:
    op.create_table(
        'person_merge',
        sa.Column('id', Id, nullable=False),
        sa.Column('kept_id', Id, nullable=False),
        sa.Column('merged_id', Id, nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('changed', Json, nullable=False),
        sa.Column('moved', Json, nullable=False),
        sa.Column('merged_at', UtcDateTime(), nullable=False),
        sa.Column('merged_by_id', Id, nullable=False),
        sa.Column('undone_at', UtcDateTime(), nullable=True),
        sa.Column('undone_by_id', Id, nullable=True),
        sa.Column('undone_reason', sa.Text(), nullable=True),
        *(
            sa.ForeignKeyConstraint([column], [target], name=op.f(f'fk_person_merge_{column}'))
            for column, target in (
                ('kept_id', 'person.id'),
                ('merged_id', 'person.id'),
                ('merged_by_id', 'user_account.id'),
                ('undone_by_id', 'user_account.id'),
            )
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_person_merge')),
    )
    op.create_index('ix_person_merge_kept', 'person_merge', ['kept_id'])
    op.create_index('ix_person_merge_merged', 'person_merge', ['merged_id'])
    op.create_index(op.f('ix_person_merged_into_id'), 'person', ['merged_into_id'])


def downgrade() -> None:
    op.drop_index(op.f('ix_person_merged_into_id'), 'person')
    op.drop_table('person_merge')
