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


def of(config: Config) -> Sender:
    """The way out that the settings name."""
    return MailServer(config.smtp_url) if config.smtp_url else Folder(config.data / "outbox")


def letter(number: int, to: list[str], subject: str, body: str, config: Config) -> EmailMessage:
    """A message to plain addresses; `number` makes its fixed Message-ID. Raises ValueError for what is no address."""
    message = EmailMessage()
    message["From"] = config.mail_from
    # Address by address: text joined with commas could smuggle in a further recipient.
    message["To"] = [Address(addr_spec=address) for address in to]
    message["Subject"] = " ".join(subject.split())
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<notification-{number}@{urlsplit(config.public_url).hostname or 'localhost'}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body)
    return message
