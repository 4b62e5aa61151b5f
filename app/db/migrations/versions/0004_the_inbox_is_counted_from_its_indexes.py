"""The inbox is counted from its indexes: what waits apart from what is to do, with all that a count asks."""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'

WALK = ['post_code', 'role', 'due_at', 'id', 'case_type', 'barred']
MINE = ['assignee_id', 'due_at', 'id']
OPEN = 'closed_at IS NULL'
NEW = {
    'ix_task_mine': ([*MINE, 'barred'], OPEN + ' AND assignee_id IS NOT NULL'),
    'ix_task_team': (WALK, OPEN + " AND kind <> 'wait'"),
    'ix_task_to_take': (WALK, OPEN + " AND kind <> 'wait' AND assignee_id IS NULL"),
    'ix_task_waiting': (WALK, OPEN + " AND kind = 'wait'"),
}
OLD = {
    'ix_task_mine': (MINE, OPEN + ' AND assignee_id IS NOT NULL'),
    'ix_task_team': (WALK[:4], OPEN),
    'ix_task_to_take': (WALK[:4], OPEN + ' AND assignee_id IS NULL'),
}


def upgrade() -> None:
    _replace(OLD, NEW)


def downgrade() -> None:
    _replace(NEW, OLD)


def _replace(before: dict[str, tuple[list[str], str]], after: dict[str, tuple[list[str], str]]) -> None:
    for name in before:
        op.drop_index(name, 'task')
    for name, (columns, where) in after.items():
        op.create_index(name, 'task', columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
