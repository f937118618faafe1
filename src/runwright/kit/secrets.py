"""How secrets look, by the names they stand under and by their own form."""

from __future__ import annotations

import re

SECRET_NAMES = re.compile(
    r"(?i)(^|[_-])(password|secret|token|authorization|cookie|credential|api[_-]?key|private[_-]?key)s?($|[_-](?!id))"
)
"""Names of fields and headers whose values are secrets."""

SECRET_TEXTS = re.compile(
    r"\b(?:sk|pk|rk|ghp|gho|xox[abp]|AIza)[-_]?[A-Za-z0-9_-]{20,}"
    r"|\b[a-z]{2,8}_[A-Za-z0-9_-]{43}\b"
    r"|(?<=[Bb]earer )[A-Za-z0-9._~+/=-]+"
    r"|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"
)
"""Prefixed random keys (ours, and vendors' such as sk-…), bearer headers, and passwords inside addresses."""
