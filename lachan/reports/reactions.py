"""What a report remembers of its case: the sums and the first ask, as the case publishes them."""

from lachan.access.bus import on
from lachan.cases.events import CaseOpened, FirstAskSent, SumsChanged
from lachan.reports.models import ReportRecord

_OWN = "a projection kept from the case's facts"


@on(CaseOpened)
def remember_case(fact: CaseOpened) -> None:
    """A report knows its case from the moment that it exists."""
    ReportRecord.objects.unscoped(reason=_OWN).filter(pk__in=fact.report_ids).update(
        case_code=fact.case_code, state="CLASSIFIED"
    )


@on(FirstAskSent)
def remember_first_ask(fact: FirstAskSent) -> None:
    """The minute at which the first institution was asked, shown to the victim."""
    ReportRecord.objects.unscoped(reason=_OWN).filter(
        case_code=fact.case_code, first_ask_at=None
    ).update(first_ask_at=fact.at)


@on(SumsChanged)
def remember_sums(fact: SumsChanged) -> None:
    """Reported = held + moved on + withdrawn + unresolved, per report, to the đồng."""
    for report_id, sums in fact.per_report:
        ReportRecord.objects.unscoped(reason=_OWN).filter(pk=report_id).update(
            reported=sums.reported, held=sums.held, moved_on=sums.moved_on, withdrawn=sums.withdrawn,
            unresolved=sums.unresolved, returned=sums.returned,
        )  # fmt: skip
