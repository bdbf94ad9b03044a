"""The victim's door opens to a code with its second factor; guessing is stopped, and every wrong try answers alike."""

import pytest

from lachan.access.actors import Actor
from lachan.reports import services
from lachan.reports.errors import NotFollowed, RateLimited
from lachan.reports.rules import Channel
from tests.integration.members.conftest import Deployment

PUBLIC = Actor.public()


@pytest.fixture
def filed(country: Deployment) -> services.FiledReport:
    form = services.ReportForm(key="one", channel=Channel.WEB, phone="0912345678")
    return services.file_report(actor=PUBLIC, form=form, clock=country.clock)


def follow(country: Deployment, code: str, last4: str, address: str = "1.2.3.4") -> services.FollowView:  # fmt: skip
    return services.follow(
        actor=PUBLIC, code=code, last4=last4, address=address, clock=country.clock
    )


@pytest.mark.parametrize(("right_code", "last4"), [(True, "0000"), (False, "5678"), (False, "0000")])  # fmt: skip
def test_whatever_is_wrong_answers_alike(
    country: Deployment, filed: services.FiledReport, *, right_code: bool, last4: str
) -> None:
    code = filed.code if right_code else "TB-26-AAAA-AAAA-AAAA"
    with pytest.raises(NotFollowed) as refused:
        follow(country, code, last4)
    assert refused.value.message("vi") == NotFollowed(field="code").message("vi")


def test_five_wrong_tries_pause_the_code_for_everybody(
    country: Deployment, filed: services.FiledReport
) -> None:
    for n in range(5):
        with pytest.raises(NotFollowed):
            follow(country, filed.code, "0000", address=f"1.1.1.{n}")
    with pytest.raises(RateLimited) as stopped:
        follow(country, filed.code, "5678", address="9.9.9.9")
    assert stopped.value.minutes == 15
    country.clock.advance(15 * 60 + 1)
    assert follow(country, filed.code, "5678").state == "RECEIVED"


def test_ten_wrong_tries_pause_the_address(
    country: Deployment, filed: services.FiledReport
) -> None:
    for n in range(10):
        with pytest.raises(NotFollowed):
            follow(country, f"TB-26-{n}", "0000")
    with pytest.raises(RateLimited):
        follow(country, filed.code, "5678")
    assert follow(country, filed.code, "5678", address="9.9.9.9").state == "RECEIVED"
    country.clock.advance(3_601)
    assert follow(country, filed.code, "5678").state == "RECEIVED"


def test_the_own_session_tries_no_code(country: Deployment, filed: services.FiledReport) -> None:
    for n in range(10):
        with pytest.raises(NotFollowed):
            follow(country, f"TB-26-{n}", "0000")
    own = services.own_view(actor=PUBLIC, report_id=filed.id, clock=country.clock)
    assert own.received_at == filed.received_at
