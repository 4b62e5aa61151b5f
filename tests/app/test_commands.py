"""Commands on the rows of a database say in one sentence what is wrong with the database itself."""

import pytest

from tests.support.applications import make_app

NOWHERE = "postgresql+psycopg://nobody:nothing@127.0.0.1:1/none"


@pytest.mark.parametrize(
    ("address", "said"),
    [("sqlite:///{}/empty.db", "n'a pas encore ses tables"), ("sqlite:///{}/nulle/part.db", "ne s'ouvre pas"), (NOWHERE, "ne répond pas")],
)
def test_a_database_without_tables_or_without_answer(address, said, tmp_path):
    told = make_app(address.format(tmp_path), tmp_path, durable=True).test_cli_runner().invoke(args=["demo", "accounts"])
    assert told.exit_code == 1
    assert said in told.output and "Traceback" not in told.output
