"""How a message leaves: by a mail server, else into a folder that a mail program can open."""

import mailbox
import smtplib
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from app.config import Config
from app.services import clock

TIMEOUT_S = 20


class Sender(Protocol):
    """A way out. `send` returns when the message has been taken over; OSError (smtplib's errors are of that kind) when it has not."""

    def send(self, message: EmailMessage) -> None: ...


class MailServer:
    """A mail server, "smtp://user:password@host:port" (encrypted when it offers that) or "smtps://..."."""

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)

    def send(self, message: EmailMessage) -> None:
        """Hand the message to the server. Sent twice it carries the same Message-ID."""
        secure = self._url.scheme == "smtps"
        kind = smtplib.SMTP_SSL if secure else smtplib.SMTP
        with kind(self._url.hostname or "localhost", self._url.port or (465 if secure else 25), timeout=TIMEOUT_S) as server:
            if not secure and server.has_extn("starttls"):
                server.starttls()
            if self._url.username:
                server.login(unquote(self._url.username), unquote(self._url.password or ""))
            server.send_message(message)


class Folder:
    """A Maildir: what would have been sent can be read there, and nothing leaves the machine."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def send(self, message: EmailMessage) -> None:
        """Put the message into the folder."""
        mailbox.Maildir(self._path, create=True).add(message)


class Ways:
    """The way out of each channel. Mail goes by the server that the settings name; all else is kept in the folder `outbox`."""

    def __init__(self, config: Config) -> None:
        self._kept = Folder(config.data / "outbox")
        self._mail: Sender = MailServer(config.smtp_url) if config.smtp_url else self._kept

    def of(self, channel: str) -> Sender:
        """The way out of a channel of the outbox."""
        return self._mail if channel == "mail" else self._kept


def compose(config: Config, number: str, to: str | None, subject: str, body: str) -> EmailMessage:
    """A message to one address (None: to be printed); `number` makes its fixed Message-ID. Raises ValueError for no address."""
    message = EmailMessage()
    message["From"] = config.mail_from
    if to is not None:
        # As an address, never as text: a comma in it would be a further recipient.
        message["To"] = Address(addr_spec=to)
    message["Subject"] = " ".join(subject.split())
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<notification-{number}@{urlsplit(config.public_url).hostname or 'localhost'}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body)
    return message
