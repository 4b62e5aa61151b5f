"""What the environment decides, read once at start and never changed."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MEGABYTE = 1024 * 1024


class BadConfig(ValueError):
    """The environment asks for something that cannot work; the message says what to change."""


@dataclass(frozen=True)
class Config:
    """Settings of one process.

    data: folder of everything the installation keeps outside the database (SQLite file, store, documents, outbox, secret key).
    database_url, redis_url: SQLAlchemy and redis-py addresses; both embedded under `data` unless given.
    secret_key: signs session cookies and tokens; kept in `data` when not given.
    host, port: where the web server listens.
    public_url: address that mails and letters show, without a final slash.
    proxies: how many reverse proxies stand in front (their X-Forwarded-* are believed, no others).
    trusted_hosts: host names this installation answers to; empty: any.
    smtp_url: "smtp://user:password@host:port" or "smtps://..."; None: messages are written to `data`/outbox.
    sweep_seconds: how often the scheduler looks for what is due; a deadline is at most twice that late when all else fails.
    metrics_token: whoever bears it may read /metrics; empty: this machine only.
    bpmn: folder of the case types.
    """

    data: Path
    database_url: str
    redis_url: str
    secret_key: str
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = "http://127.0.0.1:8000"
    proxies: int = 0
    trusted_hosts: tuple[str, ...] = ()
    smtp_url: str | None = None
    mail_from: str = "jatigi@localhost"
    metrics_token: str = ""
    sweep_seconds: int = 30
    bpmn: Path = ROOT / "bpmn"
    log_level: str = "INFO"
    testing: bool = False

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Config":
        """Read the settings from `environment` (the process's own by default). Creates the data folder and, once, the secret key.

        Raises BadConfig.
        """
        given = os.environ if environment is None else environment
        data = Path(given.get("JATIGI_DATA") or ROOT / "var").resolve()
        data.mkdir(parents=True, exist_ok=True)
        host = given.get("JATIGI_HOST") or "127.0.0.1"
        port = _whole(given, "PORT", 8000)
        return cls(
            data=data,
            database_url=_database_url(given.get("DATABASE_URL"), data),
            redis_url=given.get("REDIS_URL") or f"unix://{data / 'store.sock'}",
            secret_key=given.get("SECRET_KEY") or _kept_secret(data / "secret_key"),
            host=host,
            port=port,
            public_url=(given.get("JATIGI_URL") or f"http://{host}:{port}").rstrip("/"),
            proxies=_whole(given, "JATIGI_PROXIES", 0),
            trusted_hosts=tuple(given.get("JATIGI_HOSTS", "").split()),
            smtp_url=given.get("SMTP_URL") or None,
            mail_from=given.get("MAIL_FROM") or "jatigi@localhost",
            sweep_seconds=_whole(given, "SWEEP_SECONDS", 30),
            metrics_token=given.get("METRICS_TOKEN") or "",
            bpmn=Path(given.get("JATIGI_BPMN") or ROOT / "bpmn").resolve(),
            log_level=given.get("LOG_LEVEL") or "INFO",
        )

    @property
    def documents(self) -> Path:
        """Folder of what was uploaded."""
        return self.data / "documents"

    @property
    def secure(self) -> bool:
        """Whether people reach the installation over HTTPS."""
        return self.public_url.startswith("https://")

    def flask(self) -> dict:
        """The settings that Flask and its extensions read, by their names."""
        return {
            "JATIGI": self,
            "SECRET_KEY": self.secret_key,
            "TESTING": self.testing,
            "TRUSTED_HOSTS": list(self.trusted_hosts) or None,
            "MAX_CONTENT_LENGTH": 25 * MEGABYTE,
            "MAX_FORM_MEMORY_SIZE": 2 * MEGABYTE,
            "MAX_FORM_PARTS": 5_000,
            "SESSION_COOKIE_NAME": "jatigi",
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_SECURE": self.secure,
            "PERMANENT_SESSION_LIFETIME": 12 * 3600,
            # A form may stay open all day: the token lives as long as the session.
            "WTF_CSRF_TIME_LIMIT": None,
            "BABEL_DEFAULT_LOCALE": "fr",
            "BABEL_DEFAULT_TIMEZONE": "Africa/Bamako",
            "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "app" / "translations"),
            "RATELIMIT_STORAGE_URI": _limits_url(self.redis_url),
            "RATELIMIT_STORAGE_OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5},
            # Without these two a dead store answers 500 on every page.
            "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,
            "RATELIMIT_SWALLOW_ERRORS": True,
            "RATELIMIT_HEADERS_ENABLED": True,
        }


def _whole(given: Mapping[str, str], name: str, default: int) -> int:
    text = given.get(name) or str(default)
    if not text.isdecimal() or int(text) > 65535:
        raise BadConfig(f"{name}={text!r} : écrivez un nombre entier de 0 à 65535.")
    return int(text)


def _database_url(url: str | None, data: Path) -> str:
    """The address with the driver we install, whatever spelling a hosting platform gives."""
    if not url:
        return f"sqlite:///{data / 'jatigi.db'}"
    scheme, colon, rest = url.partition("://")
    if not colon:
        raise BadConfig("DATABASE_URL : écrivez postgresql://utilisateur:mot-de-passe@machine/base ou sqlite:////chemin/du/fichier.")
    if scheme in {"postgres", "postgresql"}:
        return f"postgresql+psycopg://{rest}"
    if scheme in {"postgresql+psycopg", "sqlite"}:
        return url
    raise BadConfig(f"DATABASE_URL : {scheme} ne convient pas ; il faut PostgreSQL 15 ou plus récent, ou SQLite.")


def _limits_url(redis_url: str) -> str:
    return redis_url.replace("unix://", "redis+unix://", 1) if redis_url.startswith("unix://") else redis_url


def _kept_secret(path: Path) -> str:
    """The secret of `path`, made at the first call. Two processes starting at once get the same one."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    else:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
    secret = path.read_text().strip()
    if len(secret) < 32:
        raise BadConfig(f"{path} ne contient pas de secret utilisable : effacez ce fichier (chacun se reconnectera) ou donnez SECRET_KEY.")
    return secret
