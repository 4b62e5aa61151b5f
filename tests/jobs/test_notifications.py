"""What leaves the house: to the right people, in their language, without anybody's personal data, once."""

import datetime as dt
import mailbox
from email.message import Message

import pytest
from sqlalchemy import insert, select, update

from app.db.outbox import Notification
from app.db.users import User
from app.extensions import db
from app.jobs import notifications
from app.services import clock, delivery, senders
from tests.support.cases import officer, open_case

NOW = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)


@pytest.fixture
def outbox(ministry, tmp_path):
    """What is kept instead of sent."""
    box = mailbox.Maildir(ministry.config["JATIGI"].data / "outbox", create=True)
    box.clear()
    return box


def write(statement) -> None:
    with db.engine.connect().execution_options(write=True) as connection:
        connection.execute(statement)
        connection.commit()


def notify(**values) -> None:
    plain = {"kind": "reminder_50", "channel": "mail", "subject": "COR-1 : à mi-délai", "body": "", "created_at": NOW, "attempts": 0}
    write(insert(Notification).values(**plain | {"data": {"en": "COR-1 is half-way"}} | values))


def sweep(at: dt.datetime = NOW) -> None:
    with clock.at(at):
        notifications.sweep()


def unsent() -> list[tuple[int, str | None]]:
    found = [(row.attempts, row.error) for row in db.session.scalars(select(Notification).where(Notification.sent_at.is_(None)))]
    db.session.rollback()
    return found


def addresses(box) -> set[str]:
    return {message["To"] for message in box}


def body(message: Message) -> str:
    return message.get_payload(decode=True).decode()


class DeadServer:
    """A mail server that is away."""

    def __init__(self, url: str) -> None:
        self.url = url

    def send(self, message) -> None:
        raise ConnectionRefusedError(111, "Connection refused")


def test_a_person_is_written_to_once(outbox):
    me = officer()
    email = db.session.scalar(select(User.email).where(User.id == me.id))
    notify(recipient_id=me.id)
    sweep()
    sweep()
    assert [message["To"] for message in outbox] == [email]
    assert unsent() == []


def test_mail_says_where_to_read_and_nothing_about_anybody(outbox):
    case = open_case(NOW)
    notify(recipient_id=officer().id, case_id=case.case_id, body="Madame Awa Traoré est décédée à l'hôpital")
    sweep()
    message = next(iter(outbox))
    assert f"/dossiers/{case.reference}" in body(message)
    assert "Traoré" not in message.as_string() and "hôpital" not in body(message)


def test_everybody_who_holds_the_role_at_the_post_is_told_and_nobody_elsewhere(outbox):
    chief = select(User.email).where(User.login == "tniangadou")
    notify(recipient_role="chef_poste", recipient_post="ABJ")
    sweep()
    assert addresses(outbox) == {db.session.scalar(chief)}


def test_each_reads_their_own_language(outbox):
    me = officer()
    write(update(User).where(User.id == me.id).values(language="en"))
    notify(recipient_id=me.id)
    sweep()
    message = next(iter(outbox))
    assert message["Subject"] == "COR-1 is half-way"
    assert "waiting for you" in body(message)


def test_what_the_inbox_shows_is_not_mailed(outbox):
    notify(channel="inbox", recipient_id=officer().id)
    sweep()
    assert len(outbox) == 0
    assert unsent() == []


def test_letters_are_kept_whole_to_be_printed(outbox):
    notify(channel="letter", address="famille", subject="Condoléances", body="À la famille de feu Awa Traoré")
    sweep()
    message = next(iter(outbox))
    assert message["To"] is None
    assert "feu Awa Traoré" in body(message)


@pytest.mark.parametrize("address", ["a@x.ml, b@y.ml", "a@x.ml\nBcc: b@y.ml", "no address"])
def test_an_address_cannot_smuggle_in_another(outbox, address):
    me = officer()
    write(update(User).where(User.id == me.id).values(email=address))
    notify(recipient_id=me.id)
    sweep()
    assert len(outbox) == 0
    assert unsent()[0][0] == 1


def test_a_mail_server_that_is_away_is_tried_again_more_and_more_patiently(outbox, monkeypatch, ministry):
    me = officer()
    notify(recipient_id=me.id)
    monkeypatch.setattr(senders.Ways, "of", lambda _ways, _channel: DeadServer("smtp://localhost"))
    moment = NOW
    for attempt, pause in enumerate((2, 4, 8), 1):
        sweep(moment)
        sweep(moment + dt.timedelta(minutes=pause, seconds=-1))
        assert unsent() == [(attempt, "ConnectionRefusedError: [Errno 111] Connection refused")]
        moment += dt.timedelta(minutes=pause)
    monkeypatch.undo()
    sweep(moment)
    assert len(outbox) == 1
    assert unsent() == []


def test_more_than_a_handful_leaves_in_one_sweep(outbox, monkeypatch):
    monkeypatch.setattr(delivery, "AT_ONCE", 3)
    for channel in ("inbox", "inbox", "inbox", "mail", "mail", "mail", "mail"):
        notify(channel=channel, recipient_id=officer().id)
    sweep()
    assert len(outbox) == 4
    assert unsent() == []


def test_who_died_while_sending_is_made_up_for_with_the_same_message_id(outbox):
    notify(recipient_id=officer().id, claimed_until=NOW + dt.timedelta(minutes=5), attempts=1)
    sweep(NOW + dt.timedelta(minutes=4))
    assert len(outbox) == 0
    sweep(NOW + dt.timedelta(minutes=6))
    number = db.session.scalar(select(Notification.id))
    assert next(iter(outbox))["Message-ID"].startswith(f"<notification-{number}-0@")
