"""Who may sit at the desk: a file with names and Argon2id hashes; sessions in memory, tries limited."""

from __future__ import annotations

import hmac
import json
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

IDLE_SECONDS = 30 * 60
LOCK_SECONDS = 15 * 60
TRIES = 5
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$dGhpc2lzbm9ib2R5J3NoYXNoYXRhbGwuLi4uLi4uLi4"


@dataclass(frozen=True, slots=True)
class Person:
    """`role`: desk or desk_head."""

    login: str
    name: str
    role: str
    hash: str


@dataclass(slots=True)
class Session:
    """One signed-in browser."""

    person: Person
    csrf: str
    seen: float


class People:
    """`file` is read at each sign-in, so that an administrator's change counts at once."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._hasher = PasswordHasher()
        self._sessions: dict[str, Session] = {}
        self._wrong: dict[str, tuple[int, float]] = {}

    def sign_in(self, login: str, password: str) -> str | None:
        """A session's token; None for wrong, unknown or locked alike."""
        count, since = self._wrong.get(login, (0, 0.0))
        now = time.monotonic()
        if count >= TRIES and now - since < LOCK_SECONDS:
            return None
        person = self._people().get(login)
        if not self._fits(_NOBODY if person is None else person.hash, password) or person is None:
            self._wrong[login] = (count % TRIES + 1, now)
            return None
        self._wrong.pop(login, None)
        token = secrets.token_urlsafe(32)
        self._sessions[token] = Session(person, secrets.token_urlsafe(24), now)
        return token

    def session(self, token: str, *, touch: bool = True) -> Session | None:
        """The session of a token, unless it was idle too long; a page that asks by itself does not `touch` it."""
        found = self._sessions.get(token)
        now = time.monotonic()
        if found is None or now - found.seen > IDLE_SECONDS:
            self._sessions.pop(token, None)
            return None
        if touch:
            found.seen = now
        return found

    def sign_out(self, token: str) -> None:
        self._sessions.pop(token, None)

    def name(self, login: str) -> str:
        """The name that belongs to a login; the login itself when it is gone."""
        person = self._people().get(login)
        return login if person is None else person.name

    def _people(self) -> dict[str, Person]:
        try:
            rows = json.loads(self._file.read_text(encoding="utf-8"))["people"]
            return {row["login"]: Person(**row) for row in rows}
        except (OSError, ValueError, KeyError, TypeError):
            return {}

    def _fits(self, hashed: str, password: str) -> bool:
        try:
            return self._hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False


def good_token(session: Session, given: str) -> bool:
    """The form came from a page of this session."""
    return hmac.compare_digest(session.csrf, given)
