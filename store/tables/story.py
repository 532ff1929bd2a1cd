"""What people add to an incident, and what makes its story readable: roles, severity, merges, pins, search, time."""

SQL = """
    ALTER TABLE incidents ADD COLUMN commander TEXT;    -- who leads it
    ALTER TABLE incidents ADD COLUMN scribe TEXT;       -- who writes it down
    ALTER TABLE incidents ADD COLUMN merged_into TEXT;  -- incident/3, whose symptom it is
    ALTER TABLE incidents ADD COLUMN useful INTEGER;    -- 1: it was worth waking somebody; 0: noise; null: nobody said

    -- A message is put into an incident's timeline once, whoever pins it and however often Slack tells.
    CREATE UNIQUE INDEX one_pin ON events (subject, json_extract(data, '$.channel'), json_extract(data, '$.ts'))
    WHERE kind = 'incident.pinned';
    -- A page of an incident is a window of time, whatever lies around it.
    CREATE INDEX events_by_time ON events (at);
    CREATE INDEX events_by_text ON events (digest) WHERE digest IS NOT NULL;

    CREATE TRIGGER incident_assigned AFTER INSERT ON events WHEN NEW.kind = 'incident.assigned'
    BEGIN
        SELECT RAISE(ABORT, 'no such role') WHERE json_extract(NEW.data, '$.role') NOT IN ('commander', 'scribe');
        UPDATE incidents SET
            commander = iif(json_extract(NEW.data, '$.role') = 'commander', json_extract(NEW.data, '$.to'), commander),
            scribe = iif(json_extract(NEW.data, '$.role') = 'scribe', json_extract(NEW.data, '$.to'), scribe)
        WHERE subject = NEW.subject;
    END;

    -- Made worse, it is nobody's yet: who had the lesser one has not said that they have this.
    CREATE TRIGGER incident_judged_anew AFTER INSERT ON events WHEN NEW.kind = 'incident.severity'
    BEGIN
        SELECT RAISE(ABORT, 'too late: it is that already, or it is over') WHERE NOT EXISTS (
            SELECT 1 FROM incidents WHERE subject = NEW.subject AND state <> 'resolved'
            AND severity <> json_extract(NEW.data, '$.severity'));
        UPDATE open_incidents SET severity = json_extract(NEW.data, '$.severity') WHERE subject = NEW.subject;
        UPDATE incidents SET severity = json_extract(NEW.data, '$.severity') WHERE subject = NEW.subject;
        UPDATE incidents SET state = 'open', acked_by = NULL, acked_at = NULL
        WHERE subject = NEW.subject AND severity = 'P0';
    END;

    -- It goes on as part of another, which is open.
    CREATE TRIGGER incident_merged AFTER INSERT ON events WHEN NEW.kind = 'incident.merged'
    BEGIN
        SELECT RAISE(ABORT, 'too late: one of the two is over, or they are one') WHERE NOT EXISTS (
            SELECT 1 FROM incidents AS a JOIN incidents AS b ON b.subject = json_extract(NEW.data, '$.into')
            WHERE a.subject = NEW.subject AND a.subject <> b.subject
            AND a.state <> 'resolved' AND b.state <> 'resolved');
        DELETE FROM open_incidents WHERE subject = NEW.subject;
        UPDATE incidents SET state = 'resolved', resolved_by = NEW.actor, resolved_at = NEW.at,
            merged_into = json_extract(NEW.data, '$.into') WHERE subject = NEW.subject;
    END;
    -- What comes back is its own again.
    CREATE TRIGGER incident_parted AFTER INSERT ON events WHEN NEW.kind = 'incident.reopened'
    BEGIN
        UPDATE incidents SET merged_into = NULL, useful = NULL WHERE subject = NEW.subject;
    END;
    CREATE INDEX incidents_merged ON incidents (merged_into) WHERE merged_into IS NOT NULL;

    CREATE TRIGGER incident_rated AFTER INSERT ON events WHEN NEW.kind = 'incident.rated'
    BEGIN
        UPDATE incidents SET useful = json_extract(NEW.data, '$.useful') WHERE subject = NEW.subject;
    END;

    -- The words of the timeline, by the number of their event. It holds a copy of what people wrote: a text that is
    -- redacted leaves it in the same statement (store.search scrubs the bytes).
    CREATE VIRTUAL TABLE words USING fts5(said, tokenize = 'unicode61 remove_diacritics 2', columnsize = 0);
    CREATE TRIGGER words_of_an_event AFTER INSERT ON events
    BEGIN
        INSERT INTO words (rowid, said) SELECT NEW.id, {words_new};
    END;
    CREATE TRIGGER words_taken_back AFTER UPDATE ON texts WHEN NEW.text IS NULL
    BEGIN
        DELETE FROM words WHERE rowid IN (SELECT id FROM events WHERE digest = NEW.digest);
        INSERT INTO words (rowid, said) SELECT e.id, {words_e} FROM events AS e WHERE e.digest = NEW.digest;
    END;

    -- What people are called: a report is read by those who know no ids.
    CREATE TABLE people (user TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT, WITHOUT ROWID;
    -- Answers that quote the timeline: what is redacted is taken out of them too.
    CREATE TABLE quotes (
        channel TEXT NOT NULL,
        ts      TEXT NOT NULL,
        at      TEXT NOT NULL,
        PRIMARY KEY (channel, ts)
    ) STRICT, WITHOUT ROWID;

    -- A timeline that was begun before this migration.
    INSERT INTO words (rowid, said) SELECT e.id, {words_e} FROM events AS e ORDER BY e.id;
"""

# What of the JSON is words for people; the rest is ids, digests and plans, in which nobody searches.
_FIELDS = ("title", "what", "why", "function", "name", "summary", "command", "detail", "said", "to")


def words_of(event: str) -> str:
    """SQL: all that one may search an event by; *event* is its alias."""
    fields = " || ' ' || ".join(f"coalesce(json_extract({event}.data, '$.{one}'), '')" for one in _FIELDS)
    text = f"coalesce((SELECT text FROM texts WHERE digest = {event}.digest), '')"  # noqa: S608  # an alias of ours
    return f"{event}.subject || ' ' || {event}.kind || ' ' || {event}.actor || ' ' || {fields} || ' ' || {text}"


SQL = SQL.replace("{words_new}", words_of("NEW")).replace("{words_e}", words_of("e"))
