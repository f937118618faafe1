"""Reads a curl command into the fields of an http block. Credentials are set apart, to become a connection."""

from __future__ import annotations

import base64
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote_plus, unquote, urlsplit

from runwright.kit.json import Json, loads

_VALUED_AND_IGNORED = frozenset(
    {"-o", "--output", "-m", "--max-time", "--connect-timeout", "--retry", "-w", "--write-out", "--max-redirs"}
)
_FLAGS = frozenset(
    {
        *("-s", "--silent", "-S", "--show-error", "-L", "--location", "-f", "--fail", "--fail-with-body", "-v"),
        *("--verbose", "-i", "--include", "-#", "--progress-bar", "--http1.1", "--http2", "--globoff", "-g", "-N"),
        *("--no-buffer", "--compressed"),
    }
)
_INSECURE = frozenset({"-k", "--insecure"})
_SHORT_WITH_VALUE = "XHdubAeFomw"
_DROPPED_HEADERS = frozenset({"content-length", "host", "connection", "transfer-encoding", "accept-encoding"})
_SECRET_HEADERS = ("api-key", "apikey", "token", "secret", "cookie")


class CurlError(ValueError):
    """The command cannot be read; the text says which part."""


@dataclass
class Imported:
    """The block's fields, the connection that its credential should become, and what was left out."""

    block: dict[str, Json]
    connection: dict[str, Json] | None
    warnings: list[str]


@dataclass
class _Command:
    url: str = ""
    method: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    data: list[str] = field(default_factory=list)
    is_json: bool = False
    as_query: bool = False
    user: str | None = None
    warnings: list[str] = field(default_factory=list)


def from_curl(command: str) -> Imported:
    """The http block that sends what the command would.

    Raises:
        CurlError: it is no curl command, or does what blocks cannot.
    """
    read = _read(command)
    connection = _credential(read)
    parts = urlsplit(read.url)
    block: dict[str, Json] = {"type": "http", "url": parts._replace(query="", fragment="").geturl()}
    query = _pairs(parts.query)
    if read.as_query:
        query |= _pairs("&".join(read.data))
    block["method"] = read.method or ("POST" if read.data and not read.as_query else "GET")
    if connection is not None:
        block["connection"] = connection["name"]
    headers = {name: value for name, value in read.headers.items() if name.lower() not in _DROPPED_HEADERS}
    if read.data and not read.as_query:
        block |= _body("&".join(read.data), headers, is_json=read.is_json)
    if headers:
        block["headers"] = headers
    if query:
        block["query"] = query
    if "{{" in command:
        read.warnings.append("{{ }} in the command is looked up by the block; write {{ '{{' }} for the braces alone")
    return Imported(block=block, connection=connection, warnings=read.warnings)


def _read(command: str) -> _Command:
    text = command.replace("\\\r\n", " ").replace("\\\n", " ").replace("^\n", " ").strip()
    try:
        words = shlex.split(text.replace("$'", "'"))
    except ValueError as error:
        raise CurlError(f"the quotes do not match ({error})") from None
    if not words or words[0].rsplit("/", 1)[-1] not in ("curl", "curl.exe"):
        raise CurlError("it must begin with curl")
    read = _Command()
    words_left = iter(_spread(words[1:]))
    for word in words_left:
        _take(read, word, words_left)
    if not read.url:
        raise CurlError("it names no address")
    if "://" not in read.url:
        read.url = f"http://{read.url}"
    return read


def _spread(words: list[str]) -> Iterator[str]:
    """Options and values each on their own: -XPOST, --data=x, -sSL."""
    for word in words:
        if word.startswith("--") and "=" in word:
            yield from word.split("=", 1)
        elif len(word) > 2 and word[0] == "-" and word[1] != "-":
            yield from _spread_short(word)
        else:
            yield word


def _spread_short(word: str) -> Iterator[str]:
    for position, letter in enumerate(word[1:], start=1):
        yield f"-{letter}"
        if letter in _SHORT_WITH_VALUE:
            if rest := word[position + 1 :]:
                yield rest
            return


def _take(read: _Command, word: str, words: Iterator[str]) -> None:
    if word in _FLAGS:
        return
    if word in _INSECURE:
        read.warnings.append("certificates are always checked; -k is left out")
    elif word in ("-G", "--get"):
        read.as_query = True
    elif word in ("-I", "--head"):
        read.method = "HEAD"
    elif word in _VALUED_AND_IGNORED:
        next(words, None)
    elif word in _OPTIONS:
        value = next(words, None)
        if value is None:
            raise CurlError(f"{word} has no value")
        _OPTIONS[word](read, value)
    elif word.startswith("-"):
        raise CurlError(f"the option {word} is not supported")
    elif read.url:
        raise CurlError(f"it names two addresses, {read.url} and {word}")
    else:
        read.url = word


def _set_url(read: _Command, value: str) -> None:
    read.url = value


def _set_method(read: _Command, value: str) -> None:
    read.method = value.upper()


def _add_header(read: _Command, value: str) -> None:
    name, colon, content = value.partition(":")
    if not colon:
        raise CurlError(f"the header {value!r} has no colon")
    read.headers[name.strip()] = content.strip()


def _add_data(read: _Command, value: str) -> None:
    if value.startswith("@"):
        raise CurlError(f"the file {value[1:]!r} is not here; put its content into the command")
    read.data.append(value)


def _add_json(read: _Command, value: str) -> None:
    _add_data(read, value)
    read.is_json = True


def _add_encoded(read: _Command, value: str) -> None:
    name, equals, content = value.partition("=")
    read.data.append(f"{name}={quote_plus(content)}" if equals else quote_plus(value))


def _set_user(read: _Command, value: str) -> None:
    read.user = value


def _refuse_form(read: _Command, value: str) -> None:
    raise CurlError("forms with files (-F) are not supported; send JSON, a form (-d) or text")


def _named_header(name: str) -> Callable[[_Command, str], None]:
    def add(read: _Command, value: str) -> None:
        read.headers[name] = value

    return add


_OPTIONS: dict[str, Callable[[_Command, str], None]] = {
    **dict.fromkeys(("--url",), _set_url),
    **dict.fromkeys(("-X", "--request"), _set_method),
    **dict.fromkeys(("-H", "--header"), _add_header),
    **dict.fromkeys(("-d", "--data", "--data-raw", "--data-binary", "--data-ascii"), _add_data),
    **dict.fromkeys(("--json",), _add_json),
    **dict.fromkeys(("--data-urlencode",), _add_encoded),
    **dict.fromkeys(("-u", "--user"), _set_user),
    **dict.fromkeys(("-F", "--form"), _refuse_form),
    **dict.fromkeys(("-A", "--user-agent"), _named_header("User-Agent")),
    **dict.fromkeys(("-e", "--referer"), _named_header("Referer")),
    **dict.fromkeys(("-b", "--cookie"), _named_header("Cookie")),
}


def _credential(read: _Command) -> dict[str, Json] | None:
    """The connection that the command's credential should become; it is taken out of the command."""
    parts = urlsplit(read.url)
    host = (parts.hostname or "").lower()
    common: dict[str, Json] = {"name": _name_of(host), "hosts": [host] if host else []}
    if parts.username is not None:
        read.user = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        read.url = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    if read.user is not None:
        username, _, password = read.user.partition(":")
        return {**common, "kind": "basic", "username": username, "secret": password}
    for name in list(read.headers):
        if name.lower() == "authorization":
            return {**common, **_authorization(read.headers.pop(name))}
        if any(word in name.lower() for word in _SECRET_HEADERS):
            return {**common, "kind": "header", "header": name, "secret": read.headers.pop(name)}
    return None


def _authorization(value: str) -> dict[str, Json]:
    scheme, _, rest = value.partition(" ")
    if scheme.lower() == "bearer" and rest:
        return {"kind": "bearer", "secret": rest.strip()}
    if scheme.lower() == "basic":
        try:
            username, _, password = base64.b64decode(rest).decode().partition(":")
            return {"kind": "basic", "username": username, "secret": password}
        except ValueError:
            pass
    return {"kind": "header", "header": "Authorization", "secret": value}


def _name_of(host: str) -> str:
    return "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in host).strip("-") or "server"


def _body(data: str, headers: dict[str, str], *, is_json: bool) -> dict[str, Json]:
    """The body in the form that says most about it; the content type goes with it where the block sets it itself."""
    own = next((name for name in headers if name.lower() == "content-type"), None)
    content_type = headers[own].lower() if own else ""
    if is_json or "json" in content_type:
        try:
            value = loads(data)
        except (ValueError, RecursionError):
            return {"body": data}
        if own and content_type.split(";")[0].strip() == "application/json":
            del headers[own]
        return {"json": value}
    if not content_type or "x-www-form-urlencoded" in content_type:
        form = parse_qsl(data, keep_blank_values=True)
        if form and len(dict(form)) == len(form):
            if own:
                del headers[own]
            return {"form": dict(form)}
        headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
    return {"body": data}


def _pairs(query: str) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        before = found.get(name)
        found[name] = value if before is None else [*(before if isinstance(before, list) else [before]), value]
    return found
