"""What the Treasury says that it paid, and the differences."""

import sqlalchemy as sa
from alembic import op

from app.db.types import Id, Json, UtcDateTime, Xof

revision = '0013'
down_revision = '0012'


def upgrade() -> None:
    op.create_table(
        'treasury_export',
        sa.Column('id', Id, nullable=False),
        sa.Column('name', sa.String(200), nullable=False),
        sa.Column('digest', sa.String(64), nullable=False),
        sa.Column('state', sa.String(10), nullable=False),
        sa.Column('rows', Json, nullable=False),
        sa.Column('agreed', sa.Integer(), nullable=False),
        sa.Column('made_at', UtcDateTime(), nullable=False),
        sa.Column('made_by_id', Id, nullable=False),
        sa.Column('taken_at', UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(['made_by_id'], ['user_account.id'], name=op.f('fk_treasury_export_made_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_treasury_export')),
    )
    op.create_index(op.f('ix_treasury_export_digest'), 'treasury_export', ['digest'])
    op.create_table(
        'treasury_gap',
        sa.Column('id', Id, nullable=False),
        sa.Column('export_id', Id, nullable=False),
        sa.Column('line', sa.Integer(), nullable=True),
        sa.Column('order_number', sa.String(40), nullable=False),
        sa.Column('kind', sa.String(20), nullable=False),
        sa.Column('stated', Xof, nullable=True),
        sa.Column('kept', Xof, nullable=True),
        sa.Column('result', sa.String(20), nullable=False),
        sa.Column('remarks', sa.Text(), nullable=False),
        sa.Column('settled_at', UtcDateTime(), nullable=True),
        sa.Column('settled_by_id', Id, nullable=True),
        sa.ForeignKeyConstraint(['export_id'], ['treasury_export.id'], name=op.f('fk_treasury_gap_export_id')),
        sa.ForeignKeyConstraint(['settled_by_id'], ['user_account.id'], name=op.f('fk_treasury_gap_settled_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_treasury_gap')),
        sa.UniqueConstraint('export_id', 'order_number', name='uq_treasury_gap'),
    )
    op.create_index('ix_treasury_gap_open', 'treasury_gap', ['settled_at', 'id'])


def downgrade() -> None:
    op.drop_table('treasury_gap')
    op.drop_table('treasury_export')
