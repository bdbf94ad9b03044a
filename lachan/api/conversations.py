"""One request to a member, in full."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from lachan.access.errors import NotVisible
from lachan.api.callers import Officer, caller
from lachan.api.shapes import REFUSALS_OF_ONE
from lachan.exchange import queries
from lachan.exchange.queries import ConversationView

router = Router(tags=["conversations"])


@router.get(
    "/conversations/{conversation_id}",
    response={200: ConversationView, **REFUSALS_OF_ONE},
    auth=Officer("request.read"),
)
def conversation(request: HttpRequest, conversation_id: UUID) -> ConversationView:
    """What was asked and answered, by what right, signed by whom, step by step."""
    found = queries.conversation(caller(request), conversation_id)
    if found is None:
        raise NotVisible(what=str(conversation_id))
    return found
