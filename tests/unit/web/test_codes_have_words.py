"""No bare code on a page: refusals, priorities and kinds of fraud have words in both languages."""

import pytest
from django.utils import translation

from lachan.exchange.conversation_states import RefusalReason
from lachan.exchange.forms.showing import shown_fields
from lachan.exchange.kinds import Priority
from lachan.exchange.messages import take_down
from lachan.reports.pages.choices import scam_types
from lachan.web.fields import field_words
from lachan.web.words.lists import LISTS, word

LANGUAGES = ("vi", "en")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("reason", RefusalReason)
def test_a_refusal_has_words(reason: RefusalReason, lang: str) -> None:
    with translation.override(lang):
        assert str(word(reason, "refusal")[0]) != reason.value


@pytest.mark.parametrize("priority", Priority)
def test_a_priority_has_words(priority: Priority) -> None:
    assert priority.value in LISTS["priority"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_kind_of_fraud_is_said_in_the_reader_s_language(lang: str) -> None:
    code, words = scam_types(lang)[0]
    ask = take_down.Ask(
        target=take_down.Target.URL, urls=["https://x.example/a"], fraud_type=code, evidence="…",
        until="2026-11-30T00:00:00.000Z",
    )  # fmt: skip
    rows = {one.name: field_words(one, lang) for one in shown_fields(ask, lang)}
    assert rows["fraud_type"] == words
    assert rows["urls"] == "https://x.example/a"
