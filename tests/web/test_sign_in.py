"""Signing in and out: a row for each sign-in, revoked wherever its cookie was copied to."""

import pytest
from sqlalchemy import select

from app.db.users import SignIn, User
from app.extensions import db, limiter
from tests.web.world import PASSWORD

CODE = "U-14"


def enter(world, client, password=PASSWORD, **more):
    return client.post("/connexion", data={"login": world.login(CODE), "password": password, **more})


def test_a_wrong_password_and_a_wrong_name_are_told_the_same(world):
    client = world.app.test_client()
    wrong = enter(world, client, "not the password")
    unknown = client.post("/connexion", data={"login": "personne", "password": PASSWORD})
    assert wrong.status_code == unknown.status_code == 422
    sentence = "L’identifiant ou le mot de passe est faux"
    assert sentence in wrong.get_data(True)
    assert sentence in unknown.get_data(True)


def test_the_login_is_taken_in_any_case(world):
    client = world.app.test_client()
    answer = client.post("/connexion", data={"login": f" {world.login(CODE).upper()} ", "password": PASSWORD})
    assert answer.status_code == 303


def test_one_comes_back_to_where_one_wanted_to_go_and_nowhere_else(world):
    assert enter(world, world.app.test_client(), next="/dossiers/").headers["Location"] == "/dossiers/"
    assert enter(world, world.app.test_client(), next="//evil.example").headers["Location"] == "/"


def test_signing_out_revokes_a_copied_session(world):
    client, thief = world.app.test_client(), world.app.test_client()
    enter(world, client)
    cookie = client.get_cookie("jatigi")
    thief.set_cookie("jatigi", cookie.value)
    assert thief.get("/taches").status_code == 200
    client.post("/deconnexion")
    assert thief.get("/taches").status_code == 302


def test_a_new_password_signs_out_the_other_devices(world):
    first, second = world.app.test_client(), world.app.test_client()
    for client in (first, second):
        client.post("/connexion", data={"login": world.login("U-16"), "password": PASSWORD})
    new = "un mot de passe plus long"
    answer = first.post("/compte/mot-de-passe", data={"old": PASSWORD, "new": new, "again": new})
    assert answer.status_code == 303
    assert first.get("/taches").status_code == 200
    assert second.get("/taches").status_code == 302
    first.post("/compte/mot-de-passe", data={"old": new, "new": PASSWORD, "again": PASSWORD})


@pytest.mark.parametrize(
    ("old", "new", "again", "sentence"),
    [
        ("faux", "assez long pour nous", "assez long pour nous", "Ce n’est pas votre mot de passe actuel"),
        (PASSWORD, "court", "court", "Écrivez de 12 à 200 caractères"),
        (PASSWORD, "assez long pour nous", "autre chose encore", "Les deux nouveaux mots de passe diffèrent"),
    ],
)
def test_a_password_that_cannot_be_changed_says_why(world, old, new, again, sentence):
    client = world.app.test_client()
    enter(world, client)
    answer = client.post("/compte/mot-de-passe", data={"old": old, "new": new, "again": again})
    assert answer.status_code == 422
    assert sentence in answer.get_data(True)


def test_a_sign_in_is_a_row_that_ends(world):
    client = world.app.test_client()
    enter(world, client)
    with world.app.app_context():
        user = db.session.scalars(select(User).where(User.code == CODE)).one()
        rows = db.session.scalars(select(SignIn).where(SignIn.user_id == user.id)).all()
        assert rows
        assert all(row.expires_at > row.started_at for row in rows)


def test_a_post_without_its_token_is_refused_with_a_cure(world):
    world.app.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = world.app.test_client().post("/connexion", data={"login": "x", "password": "y"})
    finally:
        world.app.config["WTF_CSRF_ENABLED"] = False
    assert answer.status_code == 400
    assert "rechargez-la" in answer.get_data(True)


def test_the_language_is_kept_by_the_browser_and_the_account(world):
    client = world.app.test_client()
    client.post("/connexion", data={"login": world.login("U-15"), "password": PASSWORD})
    answer = client.post("/langue/en", data={"next": "/taches"})
    assert answer.headers["Location"] == "/taches"
    assert "Inbox" in client.get("/taches").get_data(True)
    other = world.app.test_client()
    other.post("/connexion", data={"login": world.login("U-15"), "password": PASSWORD})
    assert "Inbox" in other.get("/taches").get_data(True)
    client.post("/langue/fr")
    assert client.post("/langue/xx").status_code == 303


def test_guessing_passwords_is_slowed_down(world):
    limiter.enabled = True
    try:
        client = world.app.test_client()
        answers = [client.post("/connexion", data={"login": "cible", "password": "x"}) for _ in range(12)]
    finally:
        limiter.enabled = False
        limiter.reset()
    assert [answer.status_code for answer in answers[:10]] == [422] * 10
    assert answers[-1].status_code == 429
    assert "Attendez une minute" in answers[-1].get_data(True)
