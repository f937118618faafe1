"""Names, addresses and passwords as people, and attackers, type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runwright.accounts.validation import MAX_NAME, clean_email, clean_name, clean_password, normal_password
from runwright.errors import Invalid


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Acme  ", "Acme"),
        ("株式会社アクメ", "株式会社アクメ"),
        ("Cafe\u0301", "Café"),
        ("🚀 Launch", "🚀 Launch"),
        ("x" * MAX_NAME, "x" * MAX_NAME),
        ("O'Brien; DROP TABLE users--", "O'Brien; DROP TABLE users--"),
    ],
)
def test_names_are_kept_as_meant(typed: str, kept: str) -> None:
    assert clean_name(typed) == kept


@pytest.mark.parametrize(
    "typed", ["", "   ", "x" * (MAX_NAME + 1), "x" * 5_000_000, "a\x00b", "two\nlines", "\ud800", "a\u202eb", "\u200b"]
)
def test_names_that_cannot_be_shown_are_refused(typed: str) -> None:
    with pytest.raises(Invalid, match=r"^name: "):
        clean_name(typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Ann@Example.COM ", "ann@example.com"),
        ("owner@localhost", "owner@localhost"),
        ("ünal@例え.jp", "ünal@例え.jp"),
    ],
)
def test_addresses_are_kept_in_lower_case(typed: str, kept: str) -> None:
    assert clean_email(typed) == kept


@pytest.mark.parametrize(
    "typed", ["", "ann", "@b", "a@", "a@@b", "a b@c", "a@b c", "Ann <a@b>", "a@b,c@d", "a\x00@b", "a@" + "b" * 300]
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(Invalid, match=r"^email: "):
        clean_email(typed)


@pytest.mark.parametrize("typed", ["", "short", "x" * 513, "\ud800" * 12])
def test_passwords_have_a_length(typed: str) -> None:
    with pytest.raises(Invalid, match=r"^password: "):
        clean_password(typed)


def test_the_same_password_from_another_keyboard_is_the_same() -> None:
    assert clean_password("ｐａｓｓｗｏｒｄ１２") == clean_password("password12")


@given(st.text())
def test_every_text_has_a_normal_form_or_none(typed: str) -> None:
    normal = normal_password(typed)
    assert normal is None or normal.encode() is not None


@given(st.text())
def test_a_kept_name_is_kept_again(typed: str) -> None:
    try:
        kept = clean_name(typed)
    except Invalid:
        return
    assert clean_name(kept) == kept
