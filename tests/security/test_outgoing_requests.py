"""Attempts to make the server call what it must not: each is an attack that has worked on some product."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from runwright.agents.schema import mismatches
from runwright.config import HttpSettings
from runwright.integrations.http.client import GuardedClient
from runwright.integrations.http.errors import Refused, RequestError, Unreachable
from runwright.integrations.http.fake import FakeServer, Reply
from runwright.integrations.http.messages import Outgoing
from runwright.integrations.http.transport import guarded_httpx_client

pytestmark = pytest.mark.anyio

PRIVATE_LITERALS = [
    # Loopback, in every way a resolver reads it.
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "127.255.255.254",
    "2130706433",
    "017700000001",
    "0177.0.0.1",
    "0x7f.0.0.1",
    "0x7f000001",
    "0x7f.1",
    "127.0.0.1.",
    "１２７.0.0.1",
    "127。0。0。1",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[0000::0001]",
    # The unspecified address reaches the machine itself.
    "0.0.0.0",
    "0",
    "0x0",
    "[::]",
    # Private networks.
    "10.0.0.1",
    "10.255.255.255",
    "012.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.0.1",
    "192.168.1.1",
    "3232235777",
    "0xc0a80101",
    "100.64.0.1",
    "100.100.100.200",
    "100.127.255.255",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[fd20:ce::254]",
    "[fec0::1]",
    # Link-local, where clouds serve their metadata.
    "169.254.169.254",
    "169.254.170.2",
    "2852039166",
    "0xa9fea9fe",
    "0251.0376.0251.0376",
    "[fe80::1]",
    "168.63.129.16",
    "192.0.0.192",
    # IPv4 inside IPv6.
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::ffff:a9fe:a9fe]",
    "[0:0:0:0:0:ffff:10.0.0.1]",
    "[::127.0.0.1]",
    "[::ffff:0:127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b::a9fe:a9fe]",
    "[64:ff9b::10.0.0.1]",
    "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]",
    "[2002:a9fe:a9fe::1]",
    "[2002:c0a8:101::]",
    "[2001:0:7f00:1::]",
    "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
    "[2606:4700::5efe:7f00:1]",
    "[2606:4700::200:5efe:a00:1]",
    # Multicast, reserved, documentation, benchmarking.
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "[ff02::1]",
    "[ff05::1:3]",
    "[100::1]",
    "[2001:db8::1]",
    "[2001:2::1]",
    "[3fff::1]",
    "[5f00::1]",
    "[4000::1]",
]
PUBLIC_ADDRESSES = ["1.1.1.1", "8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700:4700::1111", "64:ff9b::808:808"]
BAD_URLS = [
    "file:///etc/passwd",
    "FILE:///etc/passwd",
    "gopher://127.0.0.1:70/",
    "ftp://127.0.0.1/",
    "dict://127.0.0.1:11211/",
    "ldap://127.0.0.1/",
    "unix:///var/run/docker.sock",
    "data:text/plain,hello",
    "javascript:alert(1)",
    "//127.0.0.1/",
    "/etc/passwd",
    "127.0.0.1",
    "http://",
    "http:///",
    "http:///127.0.0.1",
    "http://[::1",
    "http://1.1.1.1@127.0.0.1/",
    "http://127.0.0.1:80@1.1.1.1/",
    "http://user:password@1.1.1.1/",
    "http://1.1.1.1\\@127.0.0.1/",
    "http://1.1.1.1 127.0.0.1/",
    "http://1.1.1.1\t.example/",
    "http://1.1.1.1\r\nHost: x/",
    "http://127.0.0.1:99999/",
    "http://127.0.0.1%00.example.com/",
    "http://%31%32%37.0.0.1/",
    "http://①②⑦.⓪.⓪.①/",
    "http://\udc80/",
    "",
]
PRIVATE_ANSWERS = [
    ["127.0.0.1"],
    ["10.0.0.7"],
    ["169.254.169.254"],
    ["::1"],
    ["fe80::1%eth0"],
    ["::ffff:10.0.0.7"],
    ["64:ff9b::7f00:1"],
    ["0.0.0.0"],
    # One closed address among open ones is enough: the connection could go to either.
    ["1.1.1.1", "127.0.0.1"],
    ["127.0.0.1", "1.1.1.1"],
    ["2606:4700:4700::1111", "fd00::1"],
]


def resolving_to(*answers: list[str]) -> object:
    """A resolver that gives one answer after the other, then keeps to the last."""
    calls = count()

    async def resolve(host: str, port: int) -> list[str]:
        return answers[min(next(calls), len(answers) - 1)]

    return resolve


def closed(resolver: object = None) -> GuardedClient:
    """A client for which nothing private is open."""
    return GuardedClient(HttpSettings(), resolver=resolver or resolving_to([]))  # type: ignore[arg-type]


def opened(*hosts: str, resolver: object = None) -> GuardedClient:
    """A client for which these hosts are open."""
    settings = HttpSettings(allow_hosts=frozenset(hosts))
    return GuardedClient(settings, resolver=resolver or resolving_to(["127.0.0.1"]))  # type: ignore[arg-type]


def get(url: str) -> Outgoing:
    return Outgoing("GET", url, timeout=5)


@pytest.fixture
def secret() -> Iterator[FakeServer]:
    """A private server that nobody should reach."""
    with FakeServer(lambda _: Reply(body=b"secret")) as server:
        yield server
        assert server.seen == [], "the private server was reached"


@pytest.mark.parametrize("host", PRIVATE_LITERALS)
async def test_private_addresses_are_refused(host: str) -> None:
    with pytest.raises(Refused, match="was not sent"):
        await closed().request(get(f"http://{host}/"))


@pytest.mark.parametrize("host", PRIVATE_LITERALS)
async def test_redirects_to_private_addresses_are_refused(host: str) -> None:
    redirect = Reply(status=302, headers={"location": f"http://{host}/".encode().decode("latin-1")})
    with FakeServer(lambda _: redirect) as server:
        # The first server is open by its address and port; whatever it leads to is not.
        async with opened(f"127.0.0.1:{server.port}", resolver=resolving_to([])) as client:
            with pytest.raises((Refused, Unreachable)):
                await client.request(get(server.url))


@pytest.mark.parametrize("address", PUBLIC_ADDRESSES)
async def test_public_addresses_are_not_refused(address: str) -> None:
    guard = closed(resolving_to([address])).guard
    assert await guard.addresses("name.example", 443) == [address]


@pytest.mark.parametrize("url", BAD_URLS)
async def test_urls_that_are_none_for_the_web(url: str) -> None:
    async with closed() as client:
        with pytest.raises(RequestError) as caught:
            await client.request(get(url))
    assert isinstance(caught.value, Refused | Unreachable)


@pytest.mark.parametrize("answers", PRIVATE_ANSWERS)
async def test_names_that_lead_to_private_addresses(answers: list[str]) -> None:
    async with closed(resolving_to(answers)) as client:
        with pytest.raises(Refused, match=r"public\.example leads to"):
            await client.request(get("http://public.example/"))


def _is_path(location: str) -> bool:
    """Whether a redirect to it stays on the same server, which is in order."""
    return location in ("", "127.0.0.1") or (location.startswith("/") and not location.startswith("//"))


@pytest.mark.parametrize("location", [url for url in BAD_URLS if not _is_path(url)])
async def test_redirects_to_what_is_none_for_the_web(location: str) -> None:
    location = location.encode("utf-8", "replace").decode("latin-1").replace("\r\n", "%0D%0A")
    with FakeServer(lambda _: Reply(status=307, headers={"location": location})) as server:
        async with opened(f"127.0.0.1:{server.port}", resolver=resolving_to([])) as client:
            with pytest.raises(RequestError):
                await client.request(get(server.url))
        assert len(server.seen) == 1


async def test_a_name_that_changes_its_answer_gains_nothing(secret: FakeServer) -> None:
    """DNS rebinding: public when checked, private when connected to."""
    async with closed(resolving_to(["192.0.2.1"], ["127.0.0.1"])) as client:
        with pytest.raises(Refused):
            await client.request(get(f"http://rebind.example:{secret.port}/"))
    async with closed(resolving_to(["127.0.0.1"], ["1.1.1.1"])) as client:
        with pytest.raises(Refused):
            await client.request(get(f"http://rebind.example:{secret.port}/"))


async def test_a_name_is_looked_up_once_for_a_connection() -> None:
    lookups = []

    async def resolve(host: str, port: int) -> list[str]:
        lookups.append(host)
        return ["127.0.0.1"]

    with FakeServer(lambda _: Reply()) as server:
        async with opened("git.internal", resolver=resolve) as client:
            await client.request(get(f"http://git.internal:{server.port}/"))
    assert lookups == ["git.internal"]


async def test_the_next_redirect_is_looked_up_anew(secret: FakeServer) -> None:
    """A name that is public for the first request and private for the redirect to itself."""
    redirect = Reply(status=302, headers={"location": f"http://hop.example:{secret.port}/"})
    with FakeServer(lambda _: redirect) as server:
        async with opened(f"hop.example:{server.port}") as client:
            with pytest.raises(Refused):
                await client.request(get(f"http://hop.example:{server.port}/"))


@pytest.mark.parametrize(
    "entry", ["127.0.0.1", "127.0.0.0/8", "Git.Internal.", "127.1", "git.internal:{port}", "127.0.0.1:{port}"]
)
async def test_what_an_operator_opened_is_reached(entry: str) -> None:
    with FakeServer(lambda _: Reply(body=b"hello")) as server:
        async with opened(entry.format(port=server.port)) as client:
            answer = await client.request(get(f"http://git.internal:{server.port}/"))
            assert answer.text == "hello"
        assert server.seen[0].headers["host"] == f"git.internal:{server.port}"


@pytest.mark.parametrize(
    "entry", ["git.internal:1", "127.0.0.1:1", "internal", "it.internal", "x.git.internal", "10.0.0.0/8", "[::1]"]
)
async def test_nothing_else_is_opened_by_it(entry: str, secret: FakeServer) -> None:
    async with opened(entry) as client:
        with pytest.raises(Refused):
            await client.request(get(f"http://git.internal:{secret.port}/"))


@pytest.mark.parametrize(
    "entry", ["*", "*.internal", "http://git.internal", "git internal", "10.0.0.0/99", "a@b", "git:port"]
)
def test_a_host_to_open_that_is_none_is_refused(entry: str) -> None:
    with pytest.raises(ValueError, match="no host to allow"):
        opened(entry)


async def test_clients_of_the_vendors_libraries_pass_the_guard_too(secret: FakeServer) -> None:
    async with guarded_httpx_client(closed().guard, max_bytes=100, timeout=5) as client:
        with pytest.raises(Refused):
            await client.get(secret.url)
        with pytest.raises(Refused):
            await client.get("file:///etc/passwd")


async def test_clients_of_the_vendors_libraries_follow_no_redirects(secret: FakeServer) -> None:
    with FakeServer(lambda _: Reply(status=307, headers={"location": secret.url, "set-cookie": "a=b"})) as server:
        guard = opened("127.0.0.1").guard
        async with guarded_httpx_client(guard, max_bytes=100, timeout=5) as client:
            for _ in range(2):
                assert (await client.get(server.url, headers={"x-api-key": "s3cret"})).status_code == 307
        assert "cookie" not in server.seen[1].headers


class TestCertificates:
    """Connecting to a checked address must not weaken the check of the certificate: it is on the name."""

    @pytest.fixture(scope="class")
    @staticmethod
    def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
        """A certificate for good.example that signs itself, with its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "good.example")])
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("good.example")]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        path = tmp_path_factory.mktemp("tls") / "good.pem"
        pem = serialization.Encoding.PEM
        private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        path.write_bytes(private + certificate.public_bytes(pem))
        return path

    @pytest.fixture
    @staticmethod
    def server(certificate: Path) -> Iterator[FakeServer]:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
        with FakeServer(lambda _: Reply(body=b"hello"), ssl_context=context) as server:
            yield server

    @staticmethod
    def client(trusting: Path | None) -> GuardedClient:
        settings = HttpSettings(allow_hosts=frozenset({"127.0.0.1"}))
        context = ssl.create_default_context(cafile=str(trusting)) if trusting else None
        return GuardedClient(settings, resolver=resolving_to(["127.0.0.1"]), ssl_context=context)  # type: ignore[arg-type]

    async def test_the_right_name(self, server: FakeServer, certificate: Path) -> None:
        async with self.client(certificate) as client:
            assert (await client.request(get(f"https://good.example:{server.port}/"))).text == "hello"

    @pytest.mark.parametrize("host", ["evil.example", "127.0.0.1"])
    async def test_another_name(self, server: FakeServer, certificate: Path, host: str) -> None:
        async with self.client(certificate) as client:
            with pytest.raises(Unreachable, match="certificate"):
                await client.request(get(f"https://{host}:{server.port}/"))

    async def test_an_unknown_authority(self, server: FakeServer) -> None:
        async with self.client(None) as client:
            with pytest.raises(Unreachable, match="certificate"):
                await client.request(get(f"https://good.example:{server.port}/"))


def test_a_schema_is_not_fetched(secret: FakeServer) -> None:
    with pytest.raises(Exception, match="Unresolvable"):
        mismatches({}, {"$ref": f"{secret.url}/schema.json"})
