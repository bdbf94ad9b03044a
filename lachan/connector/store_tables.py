"""The tables of the connector's one file; what each is for stands in `store`."""

from __future__ import annotations

SCHEMA = """
CREATE TABLE IF NOT EXISTS inbox (
  sender TEXT NOT NULL, id TEXT NOT NULL, h TEXT NOT NULL UNIQUE, conversation TEXT NOT NULL,
  type TEXT NOT NULL, kind TEXT NOT NULL, priority TEXT NOT NULL, case_ref TEXT NOT NULL,
  envelope BLOB NOT NULL, centre_receipt TEXT NOT NULL, receipt TEXT NOT NULL,
  logged_at TEXT NOT NULL, due_at TEXT, received_at TEXT NOT NULL,
  state TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '', body TEXT, lines TEXT NOT NULL DEFAULT '[]',
  try_at TEXT, tries INTEGER NOT NULL DEFAULT 0, fault TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (sender, id)
) STRICT;
CREATE INDEX IF NOT EXISTS inbox_state ON inbox (state, received_at);
CREATE TABLE IF NOT EXISTS outbox (
  id TEXT PRIMARY KEY, h TEXT NOT NULL, conversation TEXT NOT NULL, seq INTEGER NOT NULL,
  priority TEXT NOT NULL, draft BLOB NOT NULL, envelope BLOB, state TEXT NOT NULL,
  receipt TEXT NOT NULL DEFAULT '', tries INTEGER NOT NULL DEFAULT 0, next_at TEXT NOT NULL,
  created_at TEXT NOT NULL, fault TEXT NOT NULL DEFAULT '', UNIQUE (conversation, seq)
) STRICT;
CREATE INDEX IF NOT EXISTS outbox_state ON outbox (state, next_at);
CREATE TABLE IF NOT EXISTS lease (
  h TEXT PRIMARY KEY, message TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, account TEXT NOT NULL,
  case_ref TEXT NOT NULL, sender TEXT NOT NULL, conversation TEXT NOT NULL, amount INTEGER NOT NULL,
  until TEXT NOT NULL, state TEXT NOT NULL, renewals INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX IF NOT EXISTS lease_until ON lease (state, until);
CREATE TABLE IF NOT EXISTS trace (id TEXT PRIMARY KEY, case_ref TEXT NOT NULL, state TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS anchor (case_ref TEXT NOT NULL, subject TEXT NOT NULL, PRIMARY KEY (case_ref, subject)) STRICT;
CREATE TABLE IF NOT EXISTS file (name TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS desk_act (
  h TEXT NOT NULL, person TEXT NOT NULL, act TEXT NOT NULL, body TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY (h, person)
) STRICT;
"""
