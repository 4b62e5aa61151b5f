"""Operations and their children."""

import sqlalchemy as sa
from alembic import op

from app.db.types import Id, Json, UtcDateTime, Xof

revision = '0008'
down_revision = '0007'


def _key(table: str, column: str, target: str, **how: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f'fk_{table}_{column}'), **how)


def upgrade() -> None:
    op.create_table(
        'child_list',
        sa.Column('id', Id, nullable=False),
        sa.Column('parent_id', Id, nullable=False),
        sa.Column('name', sa.String(200), nullable=False),
        sa.Column('state', sa.String(10), nullable=False),
        sa.Column('made_at', UtcDateTime(), nullable=False),
        sa.Column('made_by_id', Id, nullable=False),
        sa.Column('started_at', UtcDateTime(), nullable=True),
        sa.Column('finished_at', UtcDateTime(), nullable=True),
        _key('child_list', 'made_by_id', 'user_account.id'),
        _key('child_list', 'parent_id', 'case_file.id'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_child_list')),
    )
    op.create_index(op.f('ix_child_list_parent_id'), 'child_list', ['parent_id'])
    op.create_index(op.f('ix_child_list_state'), 'child_list', ['state'])
    op.create_table(
        'child_message',
        sa.Column('id', Id, nullable=False),
        sa.Column('parent_id', Id, nullable=False),
        sa.Column('name', sa.String(80), nullable=False),
        sa.Column('payload', Json, nullable=False),
        sa.Column('each', Json, nullable=False),
        sa.Column('made_at', UtcDateTime(), nullable=False),
        sa.Column('done_at', UtcDateTime(), nullable=True),
        _key('child_message', 'parent_id', 'case_file.id'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_child_message')),
    )
    op.create_index(op.f('ix_child_message_done_at'), 'child_message', ['done_at'])
    op.create_index(op.f('ix_child_message_parent_id'), 'child_message', ['parent_id'])
    op.create_table(
        'child_row',
        sa.Column('id', Id, nullable=False),
        sa.Column('list_id', Id, nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('row_key', sa.String(80), nullable=False),
        sa.Column('raw', Json, nullable=False),
        sa.Column('person', Json, nullable=False),
        sa.Column('person_code', sa.String(40), nullable=True),
        sa.Column('likely', Json, nullable=False),
        sa.Column('errors', Json, nullable=False),
        sa.Column('notes', Json, nullable=False),
        sa.Column('case_id', Id, nullable=True),
        sa.Column('problem', sa.Text(), nullable=True),
        sa.Column('settled_at', UtcDateTime(), nullable=True),
        _key('child_row', 'case_id', 'case_file.id'),
        _key('child_row', 'list_id', 'child_list.id', ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_child_row')),
        sa.UniqueConstraint('list_id', 'number', name='uq_child_row'),
    )
    op.create_index('ix_child_row_left', 'child_row', ['list_id', 'settled_at'])
    op.create_table(
        'funding_share',
        sa.Column('id', Id, nullable=False),
        sa.Column('request_id', Id, nullable=False),
        sa.Column('case_id', Id, nullable=False),
        sa.Column('beneficiary_code', sa.String(40), nullable=True),
        sa.Column('amount', Xof, nullable=False),
        sa.Column('paid', Xof, nullable=False),
        sa.Column('mode', sa.String(30), nullable=True),
        sa.Column('paid_at', UtcDateTime(), nullable=True),
        sa.Column('paid_by_id', Id, nullable=True),
        sa.CheckConstraint('amount >= 0 AND paid >= 0 AND paid <= amount', name=op.f('ck_funding_share_share_paid_within_amount')),
        _key('funding_share', 'case_id', 'case_file.id'),
        _key('funding_share', 'paid_by_id', 'user_account.id'),
        _key('funding_share', 'request_id', 'funding_request.id'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_funding_share')),
        sa.UniqueConstraint('request_id', 'case_id', name='uq_funding_share'),
    )
    op.create_index('ix_funding_share_case', 'funding_share', ['case_id'])
    op.create_index('ix_funding_share_helped', 'funding_share', ['beneficiary_code'])
    if op.get_bind().dialect.name == 'sqlite':  # which adds no constraint to a table that exists, but a column with one
        op.execute('ALTER TABLE case_file ADD COLUMN parent_id INTEGER CONSTRAINT fk_case_file_parent_id REFERENCES case_file (id)')
    else:
        op.add_column('case_file', sa.Column('parent_id', Id, nullable=True))
        op.create_foreign_key(op.f('fk_case_file_parent_id'), 'case_file', 'case_file', ['parent_id'], ['id'])
    op.add_column('case_file', sa.Column('row_key', sa.String(80), nullable=True))
    op.add_column('case_file', sa.Column('stage', sa.String(40), server_default='', nullable=False))
    op.add_column('case_file', sa.Column('category', sa.String(20), server_default='', nullable=False))
    op.add_column('case_file', sa.Column('told_id', sa.Integer(), server_default='0', nullable=False))
    op.create_index('ix_case_child', 'case_file', ['parent_id', 'stage', 'id'])
    op.create_index('uq_case_row', 'case_file', ['parent_id', 'row_key'], unique=True)


def downgrade() -> None:
    if op.get_bind().dialect.name != 'sqlite':
        op.drop_constraint(op.f('fk_case_file_parent_id'), 'case_file', type_='foreignkey')
    op.drop_index('uq_case_row', 'case_file')
    op.drop_index('ix_case_child', 'case_file')
    for column in ('told_id', 'category', 'stage', 'row_key', 'parent_id'):
        op.drop_column('case_file', column)
    for table in ('funding_share', 'child_row', 'child_message', 'child_list'):
        op.drop_table(table)
