-- The case file. Paths, names and links are TEXT that may hold any bytes (SQLite keeps them as they are).
-- Ids: an inode's row id is tree << 44 | inode number; a folder's row id is its inode's; other row ids count up in
-- the order in which batches are finished, which is fixed. None of them ever leaves the case.

CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT) STRICT, WITHOUT ROWID;
CREATE TABLE run(id INTEGER PRIMARY KEY, version TEXT NOT NULL, command TEXT NOT NULL, options TEXT NOT NULL,
    started TEXT NOT NULL, finished TEXT, jobs INTEGER NOT NULL, exits TEXT NOT NULL DEFAULT '[]', timeouts TEXT NOT NULL DEFAULT '[]') STRICT;

CREATE TABLE evidence(id INTEGER PRIMARY KEY, argument TEXT NOT NULL, format TEXT NOT NULL, media_size INTEGER NOT NULL,
    identity TEXT NOT NULL,              -- hex of the hash of the media's first MiB
    media_md5 BLOB, media_sha1 BLOB, media_sha256 BLOB,
    acquisition TEXT,                    -- JSON as the report has it, without matches
    expected TEXT, error TEXT,
    samples BLOB) STRICT;                -- marks of the media, 8 bytes each, zeros where one could not be read; since version 3 (see same_evidence.hpp)
CREATE TABLE evidence_file(evidence INTEGER NOT NULL, place INTEGER NOT NULL, name TEXT NOT NULL, path TEXT NOT NULL, size INTEGER NOT NULL,
    mtime_s INTEGER, mtime_ns INTEGER, sha256 BLOB, PRIMARY KEY(evidence, place)) STRICT, WITHOUT ROWID;
CREATE TABLE volume(id INTEGER PRIMARY KEY, evidence INTEGER NOT NULL, label_id TEXT NOT NULL, scheme TEXT NOT NULL, type TEXT NOT NULL,
    partition_name TEXT NOT NULL, start INTEGER NOT NULL, size INTEGER NOT NULL,
    filesystem TEXT NOT NULL,            -- "" when there is none that is read
    label TEXT NOT NULL, uuid TEXT NOT NULL, clean INTEGER, journal TEXT NOT NULL,
    system INTEGER, mount_point TEXT) STRICT;
-- A view of a volume's files: the live one, later snapshots and subvolumes.
CREATE TABLE tree(id INTEGER PRIMARY KEY, volume INTEGER NOT NULL, state INTEGER NOT NULL, state_name TEXT, system INTEGER, mount_point TEXT NOT NULL,
    root INTEGER NOT NULL DEFAULT 2) STRICT;  -- root: number of the root folder's inode
CREATE TABLE system(id INTEGER PRIMARY KEY, tree INTEGER NOT NULL) STRICT;

CREATE TABLE directory(id INTEGER PRIMARY KEY, tree INTEGER NOT NULL, path TEXT NOT NULL, level INTEGER NOT NULL, allocated INTEGER NOT NULL,
    batch INTEGER NOT NULL, walked INTEGER) STRICT;  -- batches that found it and that read its names (NULL: not read yet)
CREATE INDEX directory_path ON directory(path);
CREATE INDEX directory_level ON directory(level);
-- parent: the folder of the first name found; times: unknown is NULL; attributes: for each one u16 length, name, u32 length, value, little-endian
CREATE TABLE inode(id INTEGER PRIMARY KEY, batch INTEGER NOT NULL, parent INTEGER, generation INTEGER NOT NULL, first_byte INTEGER NOT NULL,
    type INTEGER NOT NULL,               -- 0 unknown 1 file 2 directory 3 symlink 4 character 5 block 6 fifo 7 socket
    mode INTEGER NOT NULL, uid INTEGER NOT NULL, gid INTEGER NOT NULL, links INTEGER NOT NULL, size INTEGER NOT NULL, flags INTEGER NOT NULL,
    allocated INTEGER NOT NULL,
    m_s INTEGER, m_ns INTEGER, a_s INTEGER, a_ns INTEGER, c_s INTEGER, c_ns INTEGER, b_s INTEGER, b_ns INTEGER, d_s INTEGER,
    rdev TEXT, target TEXT, attributes BLOB, encrypted INTEGER, hole_bytes INTEGER) STRICT;
CREATE TABLE name(directory INTEGER NOT NULL, inode INTEGER NOT NULL, name TEXT NOT NULL, allocated INTEGER NOT NULL,
    PRIMARY KEY(directory, inode, name)) STRICT, WITHOUT ROWID;
-- Other folders in which an inode with several links has a name.
CREATE TABLE link(inode INTEGER NOT NULL, directory INTEGER NOT NULL, PRIMARY KEY(inode, directory)) STRICT, WITHOUT ROWID;
-- Of a file with several names, the one that it is shown by where that is not the first one found: it lies in a web root, or
-- an artifact's parser or a request asked for it, or the first one is not live. Since version 3.
CREATE TABLE main_name(inode INTEGER PRIMARY KEY, directory INTEGER NOT NULL, name TEXT NOT NULL) STRICT;
-- what: bits 1 m, 2 a, 4 c, 8 b, 16 d
CREATE TABLE file_time(s INTEGER NOT NULL, ns INTEGER NOT NULL, inode INTEGER NOT NULL, what INTEGER NOT NULL, PRIMARY KEY(s, ns, inode)) STRICT, WITHOUT ROWID;
-- state: 0 live, 1 recovered, 2 partial, 3 reallocated, 4 none (nothing left); digests NULL where the content was not hashed
CREATE TABLE content(inode INTEGER PRIMARY KEY, batch INTEGER NOT NULL, state INTEGER NOT NULL, type INTEGER, md5 BLOB, sha1 BLOB, sha256 BLOB) STRICT;

-- Where the content of a file in a finding lies. origin: 0 disk, 1 replayed journal; extents: for each one the offset in the file,
-- the offset on the media and the length, u64 little-endian; holes are left out
CREATE TABLE place(inode INTEGER PRIMARY KEY, origin INTEGER NOT NULL, extents BLOB NOT NULL) STRICT;

-- shared: 1 for names, addresses, types: each once. NULL for events' arguments, of which hardly two are equal: each once
-- only among those written one after the other. A value is looked up by "value = ? AND shared = 1".
CREATE TABLE string(id INTEGER PRIMARY KEY, value TEXT NOT NULL, shared INTEGER) STRICT;
CREATE UNIQUE INDEX string_value ON string(value) WHERE shared = 1;
CREATE TABLE kind(id INTEGER PRIMARY KEY, topic TEXT NOT NULL, type TEXT NOT NULL UNIQUE, source TEXT NOT NULL, description TEXT NOT NULL) STRICT;
-- arguments: string id of a JSON object; precision: 0 ns .. 5 day; assumptions: bits 1 year, 2 zone, 4 time
CREATE TABLE event(id INTEGER PRIMARY KEY, s INTEGER NOT NULL, ns INTEGER NOT NULL, kind INTEGER NOT NULL, inode INTEGER, offset INTEGER, line INTEGER,
    user INTEGER, address INTEGER, process INTEGER, arguments INTEGER, precision INTEGER NOT NULL, assumptions INTEGER NOT NULL) STRICT;
CREATE INDEX event_time ON event(s, ns, id, kind);
-- Totals kept beside: events and file times by (hour, kind); kind 0 is file times.
CREATE TABLE event_hour(hour INTEGER NOT NULL, kind INTEGER NOT NULL, count INTEGER NOT NULL, PRIMARY KEY(hour, kind)) STRICT, WITHOUT ROWID;
-- What stands in the events [first, last] of a batch: which kinds, which inodes, which strings (see event_blocks.hpp). Kept beside,
-- for whoever looks for rare ones. Since version 4; events of older cases are in none.
CREATE TABLE event_block(first INTEGER PRIMARY KEY, last INTEGER NOT NULL, kinds BLOB NOT NULL, logs BLOB NOT NULL, strings BLOB NOT NULL) STRICT;
CREATE TABLE text(sha256 BLOB PRIMARY KEY, size INTEGER NOT NULL, bytes BLOB NOT NULL) STRICT, WITHOUT ROWID;  -- zstd
CREATE TABLE kept(inode INTEGER PRIMARY KEY, sha256 BLOB NOT NULL) STRICT;

CREATE TABLE request(id INTEGER PRIMARY KEY, system INTEGER, parser TEXT NOT NULL, glob TEXT NOT NULL, parameters TEXT NOT NULL, resolved INTEGER NOT NULL,
    UNIQUE(system, parser, glob, parameters)) STRICT;
-- Work done: one row a batch, committed together with everything that the batch wrote.
CREATE TABLE batch(id INTEGER PRIMARY KEY, wave TEXT NOT NULL, unit TEXT NOT NULL, digest BLOB NOT NULL, UNIQUE(wave, unit)) STRICT;
-- What a batch wrote into a table, in writing order; first and last row id where the table counts up, else NULL.
CREATE TABLE batch_rows(batch INTEGER NOT NULL, name TEXT NOT NULL, first INTEGER, last INTEGER, count INTEGER NOT NULL, digest BLOB NOT NULL, PRIMARY KEY(batch, name)) STRICT, WITHOUT ROWID;
-- Which parsers read which file, with what end: 0 done, 1 failed, 2 killed its worker, 3 timed out, 4 over a limit
CREATE TABLE step(inode INTEGER NOT NULL, parser TEXT NOT NULL, outcome INTEGER NOT NULL, PRIMARY KEY(inode, parser)) STRICT, WITHOUT ROWID;

-- folder: the example's folder, so that one bad place is one row; level: gap limit assumption note
CREATE TABLE coverage(id INTEGER PRIMARY KEY, level TEXT NOT NULL, area TEXT NOT NULL, reason TEXT NOT NULL, system INTEGER, folder TEXT NOT NULL,
    count INTEGER NOT NULL, examples TEXT NOT NULL, wave TEXT NOT NULL, UNIQUE(level, area, reason, system, folder, wave)) STRICT;

CREATE TABLE finding(id TEXT PRIMARY KEY, detector TEXT NOT NULL, rule TEXT NOT NULL, rule_version INTEGER NOT NULL, system INTEGER, subject TEXT NOT NULL,
    severity INTEGER NOT NULL, confidence INTEGER NOT NULL, arguments TEXT NOT NULL,
    first_s INTEGER, first_ns INTEGER, basis INTEGER, last_s INTEGER, last_ns INTEGER, item_count INTEGER NOT NULL, provisional INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE finding_item(id INTEGER PRIMARY KEY, finding TEXT NOT NULL, place INTEGER NOT NULL, inode INTEGER, directory INTEGER, name TEXT,
    key TEXT, line INTEGER, offset INTEGER, excerpt TEXT, secrets TEXT, reference TEXT, site TEXT, key_kind TEXT) STRICT;  -- key_kind: account client path package finding; NULL: words, or of a case before version 5
CREATE INDEX finding_item_finding ON finding_item(finding, place);
CREATE INDEX finding_item_inode ON finding_item(inode);
CREATE TABLE story(id INTEGER PRIMARY KEY, s INTEGER NOT NULL, ns INTEGER NOT NULL, phase TEXT NOT NULL, arguments TEXT NOT NULL, findings TEXT NOT NULL) STRICT;
-- The examiner's own: never touched by an analysis.
CREATE TABLE mark(id INTEGER PRIMARY KEY, finding TEXT NOT NULL, at TEXT NOT NULL, by TEXT NOT NULL, state TEXT, reason TEXT, tag TEXT, comment TEXT) STRICT;
CREATE TABLE note(id INTEGER PRIMARY KEY, written TEXT NOT NULL, at TEXT NOT NULL, kind TEXT NOT NULL, who TEXT NOT NULL, permitted_by TEXT NOT NULL, finding TEXT, text TEXT NOT NULL,
    audience TEXT, corrects INTEGER) STRICT;  -- corrects: the place of an earlier note, from 1
-- A hash chain: hash = SHA-256(previous hash | at | actor | action | details)
CREATE TABLE custody(id INTEGER PRIMARY KEY, at TEXT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, details TEXT NOT NULL, previous BLOB NOT NULL, hash BLOB NOT NULL) STRICT;

-- One row a name. path is absolute on its machine.
CREATE VIEW file AS SELECT t.system AS system, d.tree AS tree, d.path AS folder, n.directory AS directory, n.name AS name,
    CASE WHEN d.path = '/' THEN '/' || n.name ELSE d.path || '/' || n.name END AS path,
    n.inode AS inode, n.allocated AS name_allocated, i.allocated AS inode_allocated, i.type AS type, i.mode AS mode, i.uid AS uid, i.gid AS gid,
    i.links AS links, i.size AS size, i.flags AS flags, i.m_s AS m_s, i.m_ns AS m_ns, i.a_s AS a_s, i.a_ns AS a_ns, i.c_s AS c_s, i.c_ns AS c_ns,
    i.b_s AS b_s, i.b_ns AS b_ns, i.d_s AS d_s, i.target AS target, i.attributes AS attributes,
    c.state AS content, s.value AS content_type, c.md5 AS md5, c.sha1 AS sha1, c.sha256 AS sha256
  FROM name n JOIN directory d ON d.id = n.directory JOIN tree t ON t.id = d.tree JOIN inode i ON i.id = n.inode
    LEFT JOIN content c ON c.inode = n.inode LEFT JOIN string s ON s.id = c.type;
-- One row an inode, with its main name, else its first one: for joins from a topic's rows.
CREATE VIEW inode_path AS SELECT i.id AS inode, t.system AS system, d.path AS folder, n.directory AS directory, n.name AS name,
    CASE WHEN d.path = '/' THEN '/' || n.name ELSE d.path || '/' || n.name END AS path
  FROM inode i JOIN name n ON n.inode = i.id AND n.directory = coalesce((SELECT m.directory FROM main_name m WHERE m.inode = i.id), i.parent)
    AND n.name = coalesce((SELECT m.name FROM main_name m WHERE m.inode = i.id), n.name)
    JOIN directory d ON d.id = n.directory JOIN tree t ON t.id = d.tree;
CREATE VIEW logged AS SELECT e.id AS id, e.s AS s, e.ns AS ns, k.type AS type, k.source AS source, e.inode AS inode, e.offset AS offset, e.line AS line,
    u.value AS user, a.value AS address, p.value AS process, g.value AS arguments, e.precision AS precision, e.assumptions AS assumptions
  FROM event e JOIN kind k ON k.id = e.kind LEFT JOIN string u ON u.id = e.user LEFT JOIN string a ON a.id = e.address
    LEFT JOIN string p ON p.id = e.process LEFT JOIN string g ON g.id = e.arguments;
