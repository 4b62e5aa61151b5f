"""A real installation begins with posts and one administrator, once."""

from sqlalchemy import select

from app.db.posts import Post
from app.db.transaction import transaction
from app.db.users import User
from app.extensions import db
from app.services import clock, passwords, versions


def begin(app, *said):
    return app.test_cli_runner().invoke(args=["ministry", "begin", *said])


def publish(app):
    transaction(lambda unit: versions.deploy_folder(unit.session, app.config["JATIGI"].bpmn, unit.now), clock.now)


def test_a_ministry_begins_with_its_posts_and_one_administrator(app_sqlite):
    early = begin(app_sqlite, "a.coulibaly", "Coulibaly")
    assert early.exit_code == 1
    assert "JATIGI_DEMO=0" in early.output
    publish(app_sqlite)
    wrong = begin(app_sqlite, "A Coulibaly", "Coulibaly", "--post", "NULLE-PART")
    assert wrong.exit_code == 1
    assert "Choisissez un poste de la liste." in wrong.output
    done = begin(app_sqlite, "a.coulibaly", "Coulibaly", "Aminata")
    assert done.exit_code == 0, done.output
    assert db.session.get(Post, "ABJ") is not None
    user = db.session.scalars(select(User)).one()
    assert (user.name, user.post_code, [grant.role for grant in user.grants]) == ("Aminata Coulibaly", "DGME", ["admin_fonctionnel"])
    assert passwords.matches(user.password_hash, done.output.split()[-1])
    assert "déjà des comptes" in begin(app_sqlite, "b.diarra", "Diarra").output
