"""Tracing between banks: the public names of its two sides (specs: tracing §4).

bank:   trace = BankTrace(); answer = trace.answer(ask, port); keep trace.state()
centre: session = TraceSession(trace=…, until=…); asks = session.start(seeds);
        asks = session.on_answer(bank, answer); settlement(session)
"""

from lachan.tracing.asked import SeedReport
from lachan.tracing.bank import BankTrace
from lachan.tracing.lines import BankLedgerPort, Line
from lachan.tracing.session import WRONG_SUMS, AskOut, TraceSession
from lachan.tracing.settlement import FederatedResult, MethodSums, settlement
from lachan.tracing.unanswered import node

__all__ = [
    "WRONG_SUMS",
    "AskOut",
    "BankLedgerPort",
    "BankTrace",
    "FederatedResult",
    "Line",
    "MethodSums",
    "SeedReport",
    "TraceSession",
    "node",
    "settlement",
]
