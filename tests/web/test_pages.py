"""Every page for its role."""

import re

import pytest


def test_the_inbox_of_an_officer_lists_tasks(world):
    answer = world.client(world.holder("agent_consulaire", "LBV")).get("/taches?tab=team")
    assert answer.status_code == 200
    assert world.reference in answer.get_data(True)
