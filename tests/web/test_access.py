"""Every route says who may knock; one that does not answers nobody."""

from flask import Flask

from app.web import access


def test_every_route_has_its_access_rule(world):
    with world.app.app_context():
        forgotten = [
            rule.endpoint
            for rule in world.app.url_map.iter_rules()
            if rule.endpoint not in access.FOREIGN and access.rule_of(rule.endpoint) is None
        ]
    assert forgotten == []


def test_only_these_routes_are_public(world):
    with world.app.app_context():
        public = {rule.endpoint for rule in world.app.url_map.iter_rules() if access.rule_of(rule.endpoint) == "public"}
    pages = {name for name in public if not name.startswith(("api", "health"))}
    assert pages == {
        "about.accessibility",
        "about.help",
        "about.privacy",
        "language.choose",
        "sign_in.enter",
        "sign_in.leave",
        "sign_in.show",
    }


def test_everything_under_the_administration_asks_for_its_roles(world):
    with world.app.app_context():
        rules = {access.rule_of(rule.endpoint) for rule in world.app.url_map.iter_rules() if rule.endpoint.startswith("admin.")}
    assert rules == {"holds:admin_fonctionnel,admin_technique"}


def test_a_route_without_a_rule_is_as_good_as_absent():
    app = Flask(__name__)
    app.before_request(access.refuse_unmarked)
    app.add_url_rule("/oublie", "forgotten", lambda: "secret")
    assert app.test_client().get("/oublie").status_code == 404


def test_routes_are_short(world):
    import inspect

    long = []
    for endpoint, view in world.app.view_functions.items():
        if getattr(view, "__module__", "").startswith("app.web"):
            body = inspect.unwrap(view)
            lines = len(inspect.getsource(body).splitlines())
            if lines > 26:  # decorators and docstring included
                long.append((endpoint, lines))
    assert long == []
