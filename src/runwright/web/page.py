"""The app's one page, and the policy that lets it run nothing but the app's own files."""

from __future__ import annotations

import secrets
from pathlib import Path

from runwright.web.files import PAGE

NONCE_MARK = b"__CSP_NONCE__"
"""What the build leaves in the page where a nonce belongs."""

_NOT_BUILT = b"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Runwright</title></head>
<body><h1>The web app is not built</h1>
<p>This installation runs from a source tree. Build the app once with <code>make setup</code>, then start again.
The API works meanwhile: see <a href="/api/docs">its description</a>.</p></body></html>
"""


def load_page(dist: Path) -> bytes:
    """The page as built, or one that says how to build it."""
    built = dist / PAGE
    return built.read_bytes() if built.is_file() else _NOT_BUILT


def with_nonce(page: bytes) -> tuple[bytes, dict[str, str]]:
    """The page with a fresh nonce, and the headers it is sent with.

    The nonce is for the style elements that the component library makes; scripts come from files alone.
    """
    nonce = secrets.token_urlsafe(16)
    headers = {
        "Content-Security-Policy": _policy(nonce),
        # A copy would carry an old nonce, and name files of an old build.
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }
    return page.replace(NONCE_MARK, nonce.encode()), headers


def _policy(nonce: str) -> str:
    rules = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": f"'self' 'nonce-{nonce}'",
        "img-src": "'self' data: blob:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())
