"""Accounts, telephones, citizens, tax codes and web names are parsed once, or refused by name."""

import pytest

from lachan.kernel.accounts import AccountRef, AccountUnreadable
from lachan.kernel.citizens import CitizenId, CitizenIdUnreadable
from lachan.kernel.phones import PhoneNumber, PhoneUnreadable
from lachan.kernel.taxes import TaxCode, TaxCodeUnreadable
from lachan.kernel.web import Domain, DomainUnreadable, Url, UrlUnreadable


def test_an_account_keeps_its_leading_zeros() -> None:
    account = AccountRef.parse(" 970436: 0123 456-789 ")
    assert account == AccountRef("970436", "0123456789")
    assert str(account) == "970436:0123456789"
    assert account.masked() == "···6789"
    assert AccountRef.parse("970436:vcb0001").number == "VCB0001"


@pytest.mark.parametrize(
    "text", ["", "0123456789", "97043:0123456789", "970436:", "970436:12", "970436:Đ123"]
)
def test_what_is_no_account_is_refused(text: str) -> None:
    with pytest.raises(AccountUnreadable):
        AccountRef.parse(text)


@pytest.mark.parametrize(
    "text", ["0912 345 678", "+84912345678", "0084 912 345 678", "(0)912-345-678", "84912345678"]
)
def test_a_telephone_number_has_one_form(text: str) -> None:
    phone = PhoneNumber.parse(text)
    assert str(phone) == "+84912345678"
    assert phone.national() == "0912 345 678"
    assert phone.masked() == "···5678"


def test_a_foreign_number_keeps_its_country() -> None:
    assert PhoneNumber.parse("+44 20 7946 0018").e164 == "+442079460018"


@pytest.mark.parametrize("text", ["", "abc", "0912", "+84 111 111", "0912345678 ext. 5", "1" * 300])
def test_what_is_no_telephone_number_is_refused(text: str) -> None:
    with pytest.raises(PhoneUnreadable):
        PhoneNumber.parse(text)


@pytest.mark.parametrize(("digits", "year"), [("001090123456", 1990), ("079301000001", 2001)])
def test_a_citizen_number_tells_the_year_of_birth_and_hides_itself(digits: str, year: int) -> None:
    citizen = CitizenId.parse(f"{digits[:3]} {digits[3:6]} {digits[6:]}")
    assert (citizen.digits, citizen.birth_year) == (digits, year)
    assert digits not in f"{citizen} {citizen!r}"
    assert citizen.masked() == f"···{digits[-4:]}"


@pytest.mark.parametrize("text", ["", "123456789", "999090123456", "00109012345x", "٠01090123456"])
def test_what_is_no_citizen_number_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(CitizenIdUnreadable) as refused:
        CitizenId.parse(text)
    assert not text or text not in str(refused.value)


def test_a_tax_code_is_checked_by_its_last_digit() -> None:
    assert str(TaxCode.parse("0100 233 488")) == "0100233488"
    assert str(TaxCode.parse("0314409058-002")) == "0314409058-002"


@pytest.mark.parametrize("text", ["", "0100233480", "123", "٠100233488"])
def test_what_is_no_tax_code_is_refused(text: str) -> None:
    with pytest.raises(TaxCodeUnreadable):
        TaxCode.parse(text)


def test_a_domain_has_one_form() -> None:
    domain = Domain.parse(" WWW.Vidu.COM.VN. ")
    assert str(domain) == "www.vidu.com.vn"
    assert domain.registrable == "vidu.com.vn"
    assert domain.shown == "www.vidu.com.vn"


def test_a_domain_with_vietnamese_letters_is_kept_as_punycode() -> None:
    domain = Domain.parse("tiếngviệt.vn")
    assert domain.name.startswith("xn--")
    assert domain.shown == "tiếngviệt.vn"


def test_a_punycode_label_that_means_nothing_is_shown_as_it_is() -> None:
    assert Domain("xn--\u0061" + "-9999999999.vn").shown.endswith(".vn")


@pytest.mark.parametrize("text", ["", "vn", "com.vn", "a b.vn", "-a.vn", "a..vn", "a" * 64 + ".vn", "1.2.3.4",
                                  "đ" * 80 + ".vn", "localhost", "a_b.vn", ("a" * 60 + ".") * 5 + "vn"])  # fmt: skip
def test_what_is_no_domain_is_refused(text: str) -> None:
    with pytest.raises(DomainUnreadable):
        Domain.parse(text)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("HTTPS://Vidu.VN/A?b=C#d", "https://vidu.vn/A?b=C"),
        ("vidu.vn", "https://vidu.vn/"),
        ("http://vidu.vn:8080/x", "http://vidu.vn:8080/x"),
    ],
)
def test_an_address_has_one_form(text: str, url: str) -> None:
    assert str(Url.parse(text)) == url
    assert Url.parse(text).domain == Domain("vidu.vn")


@pytest.mark.parametrize("text", ["", "ftp://vidu.vn", "https://user@vidu.vn", "https://1.2.3.4/", "https://[::1",
                                  "https://vidu.vn/a b", "https://vidu.vn:99999/", "https://vidu.vn/" + "a" * 2000])  # fmt: skip
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(UrlUnreadable):
        Url.parse(text)
