"""What every answer says to the browser about itself: policy, privacy, caching, and its body compressed.

No third party, no inline style or script: `default-src 'self'` holds because the templates have neither.
"""

import gzip
import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, request

POLICY = "; ".join(
    (
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    )
)
STATIC_AGE = 31_536_000
COMPRESSIBLE = ("text/", "application/json", "application/problem+json", "application/javascript", "image/svg+xml")
SMALLEST = 600
LEVEL = 4


def _policy(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint == "static" and request.args.get("v"):
        headers["Cache-Control"] = f"public, max-age={STATIC_AGE}, immutable"
    elif request.endpoint != "static":
        headers.setdefault("Cache-Control", "no-store")
    return response


def _compress(response: Response) -> Response:
    if response.status_code == 304 or "Content-Encoding" in response.headers or not (response.content_type or "").startswith(COMPRESSIBLE):
        return response
    response.headers.add("Vary", "Accept-Encoding")
    if "gzip" not in request.accept_encodings:
        return response
    if response.direct_passthrough:
        response.direct_passthrough = False
    body = response.get_data()
    if len(body) < SMALLEST:
        return response
    response.set_data(gzip.compress(body, LEVEL, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    if response.headers.get("ETag"):
        response.headers["ETag"] = response.headers["ETag"].rstrip('"') + '-gz"'
    return response


@lru_cache(maxsize=64)
def _digest(path: str, _changed: float) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:10]


def _version_static(endpoint: str, values: dict) -> None:
    """Addresses of static files carry the digest of their content, so browsers may keep them for ever."""
    if endpoint != "static" or "filename" not in values or "v" in values:
        return
    path = Path(current_app.static_folder or "") / values["filename"]
    if path.is_file():
        values["v"] = _digest(str(path), path.stat().st_mtime)


def init_app(app: Flask) -> None:
    """Attach the policy and the compression; the policy runs last, on the body as it leaves."""
    app.after_request(_compress)
    app.after_request(_policy)
    app.url_defaults(_version_static)
