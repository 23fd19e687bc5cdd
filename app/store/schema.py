"""The tables of the store's database; docs/store.md tells their columns, and a test holds the two together."""

from __future__ import annotations

from typing import Literal, get_args

VERSION = 1
"""Of the tables, as `PRAGMA user_version`. Columns and tables are only added; any other change counts it up."""

State = Literal["read", "doubtful", "refused", "failed"]
STATES: tuple[State, ...] = get_args(State)
"""Read; read with warnings; not to be read (a limit, encrypted, damaged, no document); crash, time limit or fault."""

TABLES = """
CREATE TABLE runs (
  run INTEGER PRIMARY KEY, started TEXT NOT NULL, ended TEXT, version TEXT NOT NULL, settings TEXT NOT NULL,
  settings_json TEXT NOT NULL, jobs INTEGER NOT NULL, time_limit REAL NOT NULL, memory_limit INTEGER NOT NULL,
  files INTEGER NOT NULL DEFAULT 0, same INTEGER NOT NULL DEFAULT 0, todo INTEGER NOT NULL DEFAULT 0,
  read INTEGER NOT NULL DEFAULT 0, doubtful INTEGER NOT NULL DEFAULT 0, refused INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0, interrupted INTEGER NOT NULL DEFAULT 0, reason TEXT
);
CREATE TABLE files (
  path TEXT PRIMARY KEY, sha256 TEXT, bytes INTEGER, mtime_ns INTEGER, kind TEXT, problem TEXT,
  first_run INTEGER NOT NULL, last_run INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX files_sha256 ON files (sha256);
CREATE TABLE documents (
  document INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, settings TEXT NOT NULL, version TEXT NOT NULL,
  key TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('read', 'doubtful', 'refused', 'failed')),
  error TEXT, reason TEXT, exit_code INTEGER NOT NULL, name TEXT NOT NULL, json TEXT, form TEXT,
  pages INTEGER NOT NULL, tables INTEGER NOT NULL, cells INTEGER NOT NULL, warnings INTEGER NOT NULL,
  ocr_pages INTEGER NOT NULL, seconds REAL NOT NULL, peak INTEGER NOT NULL,
  time_limit REAL NOT NULL, memory_limit INTEGER NOT NULL, run INTEGER NOT NULL
);
CREATE TABLE pages (
  document INTEGER, page_no INTEGER, width REAL NOT NULL, height REAL NOT NULL, rotation INTEGER NOT NULL,
  route TEXT NOT NULL, skew REAL NOT NULL, usable INTEGER NOT NULL, reason TEXT NOT NULL, ocr INTEGER NOT NULL,
  PRIMARY KEY (document, page_no)
) WITHOUT ROWID;
CREATE TABLE tables (
  document INTEGER, table_no INTEGER, n_rows INTEGER NOT NULL, n_cols INTEGER NOT NULL,
  header_rows INTEGER NOT NULL, stub_cols INTEGER NOT NULL, caption TEXT, kind TEXT NOT NULL,
  confidence REAL NOT NULL, first_page INTEGER, last_page INTEGER,
  PRIMARY KEY (document, table_no)
) WITHOUT ROWID;
CREATE TABLE cells (
  document INTEGER, table_no INTEGER, row_no INTEGER, col_no INTEGER, rowspan INTEGER NOT NULL,
  colspan INTEGER NOT NULL, role TEXT NOT NULL, text TEXT, column_path TEXT NOT NULL, row_path TEXT NOT NULL,
  page_no INTEGER, x0 REAL, top REAL, x1 REAL, bottom REAL, confidence REAL NOT NULL, source TEXT NOT NULL,
  verified INTEGER NOT NULL,
  PRIMARY KEY (document, table_no, row_no, col_no)
) WITHOUT ROWID;
CREATE TABLE findings (
  document INTEGER, finding_no INTEGER, kind TEXT NOT NULL, severity TEXT NOT NULL, message TEXT NOT NULL,
  page_no INTEGER, table_no INTEGER, cells TEXT NOT NULL, suggestion TEXT,
  PRIMARY KEY (document, finding_no)
) WITHOUT ROWID;
CREATE TABLE fields (
  document INTEGER, field TEXT, label TEXT NOT NULL, value NUMERIC, exact TEXT, unit TEXT, text TEXT,
  table_no INTEGER NOT NULL, row_no INTEGER NOT NULL, col_no INTEGER NOT NULL, page_no INTEGER,
  confidence REAL NOT NULL, verified INTEGER NOT NULL,
  PRIMARY KEY (document, field)
) WITHOUT ROWID;
CREATE TABLE checks (
  document INTEGER, check_no INTEGER, rule TEXT NOT NULL, label TEXT NOT NULL, holds INTEGER,
  certain INTEGER NOT NULL, expected NUMERIC, found NUMERIC, verdict TEXT NOT NULL, cells TEXT NOT NULL,
  PRIMARY KEY (document, check_no)
) WITHOUT ROWID;
CREATE VIEW file_states AS
  SELECT f.path, f.sha256, f.kind, f.bytes, f.last_run, d.document,
    CASE WHEN f.problem IS NOT NULL THEN 'refused' ELSE coalesce(d.state, 'waiting') END AS state,
    coalesce(f.problem, d.reason) AS reason, d.error, d.pages, d.tables, d.warnings, d.ocr_pages, d.seconds
  FROM files f LEFT JOIN documents d ON d.sha256 = f.sha256;
"""
"""`document` counts contents, each once however many files hold it; all rows of one are written together."""

PARTS = ("pages", "tables", "cells", "findings", "fields", "checks")
"""What hangs on a document."""
