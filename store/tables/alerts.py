"""The tables of alerts that come in from elsewhere, and of what the bot knew when it was last alive.

One row a kind of alert (its fingerprint under its root), one row a root: sixty thousand alerts of two hundred kinds
are two hundred and one rows, and a count.
"""

SQL = """
    CREATE TABLE alert_groups (
        root     TEXT PRIMARY KEY,            -- label=value: what is taken for one cause
        since    TEXT NOT NULL,               -- when the first of those came that are counted
        last_at  TEXT NOT NULL,
        count    INTEGER NOT NULL,            -- all that came since then
        kept     INTEGER NOT NULL DEFAULT 0,  -- kinds that have a row
        firing   INTEGER NOT NULL DEFAULT 0,  -- kinds that fire now, without those that page nobody
        critical INTEGER NOT NULL DEFAULT 0,  -- of these the P0
        fired_at TEXT,                        -- when one last began to fire
        calm_at  TEXT,                        -- when the last one that fired was resolved; null while one fires
        live     INTEGER NOT NULL DEFAULT 0 CHECK (live IN (0, 1)),  -- something is to be told or ended
        incident TEXT                         -- the subject that tells of it
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX alert_groups_live ON alert_groups (root) WHERE live = 1;
    CREATE TABLE alert_kinds (
        root        TEXT NOT NULL REFERENCES alert_groups (root),
        fingerprint TEXT NOT NULL,
        severity    TEXT NOT NULL CHECK (severity IN ('P0', 'P1', '')),  -- empty: pages nobody
        firing      INTEGER NOT NULL CHECK (firing IN (0, 1)),
        title       TEXT NOT NULL,
        said        TEXT NOT NULL,
        url         TEXT NOT NULL,
        episode     TEXT NOT NULL,            -- when it began, as its sender has it; empty: not said
        first_at    TEXT NOT NULL,
        last_at     TEXT NOT NULL,
        count       INTEGER NOT NULL,
        PRIMARY KEY (root, fingerprint)
    ) STRICT, WITHOUT ROWID;

    CREATE TRIGGER alert_kind_kept AFTER INSERT ON alert_kinds
    BEGIN
        UPDATE alert_groups SET kept = kept + 1 WHERE root = NEW.root;
    END;
    CREATE TRIGGER alert_kind_dropped AFTER DELETE ON alert_kinds
    BEGIN
        UPDATE alert_groups SET kept = kept - 1, firing = firing - (OLD.firing AND OLD.severity <> ''),
            critical = critical - (OLD.firing AND OLD.severity = 'P0') WHERE root = OLD.root;
    END;
    CREATE TRIGGER alert_kind_begins AFTER INSERT ON alert_kinds WHEN NEW.firing AND NEW.severity <> ''
    BEGIN
        UPDATE alert_groups SET firing = firing + 1, critical = critical + (NEW.severity = 'P0'),
            fired_at = NEW.last_at, calm_at = NULL WHERE root = NEW.root;
    END;
    CREATE TRIGGER alert_kind_moves AFTER UPDATE OF firing, severity ON alert_kinds
    WHEN OLD.firing <> NEW.firing OR OLD.severity <> NEW.severity
    BEGIN
        UPDATE alert_groups SET
            firing = firing - (OLD.firing AND OLD.severity <> '') + (NEW.firing AND NEW.severity <> ''),
            critical = critical - (OLD.firing AND OLD.severity = 'P0') + (NEW.firing AND NEW.severity = 'P0'),
            fired_at = iif(NEW.firing AND NEW.severity <> '', NEW.last_at, fired_at)
        WHERE root = NEW.root;
        UPDATE alert_groups SET calm_at = iif(firing = 0, NEW.last_at, NULL) WHERE root = NEW.root;
    END;

    -- One row: what was known when the bot was last seen alive, and of what it has not told yet.
    CREATE TABLE last_known (
        one      INTEGER PRIMARY KEY CHECK (one = 1),
        alive_at TEXT NOT NULL,
        facts    TEXT NOT NULL CHECK (json_valid(facts))  -- versions, digests' first eight digits, heads; no values
    ) STRICT;
"""
