//! The schema of `edge.db`, forward only: a step that has shipped is never changed.

/// One step per version, and the statement that counts it as done.
pub(super) const STEPS: &[(&str, &str)] = &[
    (V1, "PRAGMA user_version = 1"),
    (V2, "PRAGMA user_version = 2"),
    (V3, "PRAGMA user_version = 3"),
    (V4, "PRAGMA user_version = 4"),
];

/// People look: what each released (with masks, as JSON), who they are, and samples of what was cleared.
const V3: &str = "
ALTER TABLE instances ADD COLUMN device BLOB;
ALTER TABLE instances ADD COLUMN device_key TEXT NOT NULL DEFAULT '';
ALTER TABLE instances ADD COLUMN released_at INTEGER;
ALTER TABLE instances ADD COLUMN released_by TEXT NOT NULL DEFAULT '';
ALTER TABLE instances ADD COLUMN seconded_by TEXT NOT NULL DEFAULT '';
UPDATE instances
SET overrule = json_object('reasons', json('[\"' || replace(overrule, ',', '\",\"') || '\"]'))
WHERE overrule <> '';

CREATE TABLE proposals (
  instance INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  who TEXT NOT NULL,
  masks TEXT
) STRICT;

CREATE TABLE samples (
  instance INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  device_key TEXT NOT NULL,
  state TEXT NOT NULL,
  regions TEXT NOT NULL,
  who TEXT NOT NULL DEFAULT '',
  judged_at INTEGER,
  segment TEXT,
  offset INTEGER,
  length INTEGER
) STRICT;
CREATE INDEX samples_unseen ON samples (at, instance) WHERE state = 'unseen';
CREATE INDEX samples_device ON samples (device_key);
CREATE INDEX samples_segment ON samples (segment) WHERE segment IS NOT NULL;

CREATE TABLE accounts (
  name TEXT PRIMARY KEY,
  role TEXT NOT NULL,
  password TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  disabled INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE attempts (
  name_key TEXT PRIMARY KEY,
  failures INTEGER NOT NULL,
  last_at INTEGER NOT NULL
) STRICT;
CREATE INDEX attempts_last ON attempts (last_at);

CREATE TABLE sessions (
  digest TEXT PRIMARY KEY,
  account TEXT NOT NULL REFERENCES accounts (name),
  made_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_account ON sessions (account);
";
/// Second thoughts: statements to the centre, recalls, aliases of patients, approvals, self-tests, linkage.
const V4: &str = "
ALTER TABLE objects ADD COLUMN evidence TEXT NOT NULL DEFAULT '';
ALTER TABLE objects ADD COLUMN study TEXT NOT NULL DEFAULT '';
ALTER TABLE objects ADD COLUMN recall INTEGER;
ALTER TABLE objects ADD COLUMN moved_by INTEGER;
CREATE INDEX objects_study ON objects (study) WHERE study <> '';
CREATE INDEX objects_recall ON objects (recall) WHERE recall IS NOT NULL;

CREATE TABLE statements (
  number INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  body BLOB NOT NULL,
  state TEXT NOT NULL,
  code TEXT,
  answer TEXT,
  answered_at INTEGER
) STRICT;
CREATE INDEX statements_waiting ON statements (number) WHERE state = 'waiting';

CREATE TABLE recalls (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  who TEXT NOT NULL,
  purpose TEXT NOT NULL,
  reason TEXT NOT NULL,
  from_subject TEXT,
  into_subject TEXT,
  quarantine INTEGER NOT NULL,
  erase INTEGER
) STRICT;
CREATE TABLE recall_bars (key TEXT NOT NULL, recall INTEGER NOT NULL, PRIMARY KEY (key, recall)) STRICT;

CREATE TABLE aliases (
  key TEXT PRIMARY KEY,
  into_key TEXT NOT NULL,
  identity BLOB NOT NULL,
  at INTEGER NOT NULL,
  who TEXT NOT NULL
) STRICT;

CREATE TABLE approvals (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  who TEXT NOT NULL,
  irb_number TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  valid_until TEXT NOT NULL,
  basis TEXT NOT NULL
) STRICT;

CREATE TABLE self_tests (
  id INTEGER PRIMARY KEY,
  figures TEXT NOT NULL,
  ran_at INTEGER NOT NULL,
  passed INTEGER NOT NULL,
  overruled_by TEXT
) STRICT;

CREATE TABLE linkage (
  patient_key TEXT PRIMARY KEY,
  subject TEXT NOT NULL,
  number BLOB NOT NULL,
  secret_id TEXT,
  statement INTEGER
) STRICT;

INSERT INTO counters VALUES ('statement', 0);
";

/// The same instance in another encoding is told by its pixels and its cleared header.
const V2: &str = "
ALTER TABLE instances ADD COLUMN pixel_key TEXT NOT NULL DEFAULT '';
ALTER TABLE objects ADD COLUMN cleared_key TEXT NOT NULL DEFAULT '';
CREATE INDEX objects_uid ON objects (uid, cleared_key);
";

const V1: &str = "
CREATE TABLE instances (
  id INTEGER PRIMARY KEY,
  sop_key TEXT NOT NULL,
  content_key TEXT NOT NULL,
  study_key TEXT NOT NULL,
  patient_key TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  modality TEXT NOT NULL,
  state TEXT NOT NULL,
  ready INTEGER NOT NULL DEFAULT 0,
  seen INTEGER NOT NULL DEFAULT 1,
  conflicts INTEGER NOT NULL DEFAULT 0,
  reasons TEXT NOT NULL DEFAULT '',
  overrule TEXT NOT NULL DEFAULT '',
  decided_at INTEGER,
  segment TEXT,
  offset INTEGER,
  length INTEGER,
  sequence INTEGER,
  UNIQUE (sop_key, content_key)
) STRICT;
CREATE INDEX instances_held ON instances (study_key, received_at) WHERE state = 'held';
CREATE INDEX instances_kept ON instances (state) WHERE state NOT IN ('held', 'sealed');
CREATE INDEX instances_segment ON instances (segment) WHERE segment IS NOT NULL;
CREATE INDEX instances_patient ON instances (patient_key);
CREATE INDEX instances_sequence ON instances (sequence) WHERE sequence IS NOT NULL;

CREATE TABLE objects (
  sequence INTEGER PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  uid TEXT NOT NULL,
  subject TEXT NOT NULL,
  patient_key TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  state TEXT NOT NULL,
  manifest TEXT,
  segment TEXT,
  offset INTEGER,
  length INTEGER,
  code TEXT,
  spooled_at INTEGER NOT NULL,
  sent_at INTEGER,
  receipt TEXT,
  quarantined INTEGER NOT NULL DEFAULT 0,
  headers BLOB
) STRICT;
CREATE INDEX objects_spooled ON objects (sequence) WHERE state = 'spooled';
CREATE INDEX objects_refused ON objects (sequence) WHERE state = 'refused';
CREATE INDEX objects_segment ON objects (segment) WHERE segment IS NOT NULL;
CREATE INDEX objects_patient ON objects (patient_key);
CREATE INDEX objects_subject ON objects (subject);

CREATE TABLE patients (
  patient_key TEXT PRIMARY KEY,
  subject TEXT NOT NULL,
  identity BLOB NOT NULL,
  identifiers BLOB NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX patients_subject ON patients (subject);

CREATE TABLE accessions (
  accession_key TEXT PRIMARY KEY,
  patient_key TEXT NOT NULL,
  study_uid BLOB NOT NULL
) STRICT;

CREATE TABLE notes (
  id INTEGER PRIMARY KEY,
  patient_key TEXT NOT NULL,
  accession_key TEXT NOT NULL UNIQUE,
  content_key TEXT NOT NULL,
  body BLOB NOT NULL,
  state TEXT NOT NULL,
  imported_at INTEGER NOT NULL
) STRICT;
CREATE INDEX notes_waiting ON notes (accession_key) WHERE state = 'waiting';

CREATE TABLE clinical (
  patient_key TEXT NOT NULL,
  part TEXT NOT NULL,
  content_key TEXT NOT NULL,
  revision INTEGER NOT NULL,
  sequence INTEGER,
  PRIMARY KEY (patient_key, part)
) STRICT;

CREATE TABLE alarms (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  code TEXT NOT NULL,
  sequence INTEGER,
  detail TEXT NOT NULL DEFAULT '',
  UNIQUE (code, sequence, detail)
) STRICT;

CREATE TABLE accesses (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  who TEXT NOT NULL,
  what TEXT NOT NULL,
  detail BLOB NOT NULL
) STRICT;

CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
INSERT INTO counters VALUES ('sequence', 0), ('revision', 0);
";
