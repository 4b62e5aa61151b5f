"""Labels of cases."""

import sqlalchemy as sa
from alembic import op

from app.db.types import Id, UtcDateTime

revision = '0010'
down_revision = '0009'


def upgrade() -> None:
    op.create_table(
        'case_label',
        sa.Column('case_id', Id, nullable=False),
        sa.Column('label', sa.String(30), nullable=False),
        sa.Column('put_at', UtcDateTime(), nullable=False),
        sa.Column('put_by_id', Id, nullable=False),
        sa.ForeignKeyConstraint(['case_id'], ['case_file.id'], name=op.f('fk_case_label_case_id')),
        sa.ForeignKeyConstraint(['put_by_id'], ['user_account.id'], name=op.f('fk_case_label_put_by_id')),
        sa.PrimaryKeyConstraint('case_id', 'label', name=op.f('pk_case_label')),
    )
    op.create_index('ix_case_label_label', 'case_label', ['label'])


def downgrade() -> None:
    op.drop_table('case_label')
