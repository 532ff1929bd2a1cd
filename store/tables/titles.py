"""What a person called an incident is a text like a note, and is taken back like one; words are found by their stem.

Before this a title of a person's own lay in the event's data, which nothing can take back: those stay where they are.
"""

from store.tables.story import words_of

TAKEN_BACK = "(taken back by two people)"  # in the place of a title

# The first line of the text; where that was taken back before, written again it stays so (store.texts). Neither a
# title nor a text is NULL, which the tables refuse.
_TITLE = f"""coalesce(
    json_extract(NEW.data, '$.title'),
    (SELECT substr(text, 1, instr(text || char(10), char(10)) - 1) FROM texts WHERE digest = NEW.digest),
    iif(NEW.digest IS NULL, NULL, '{TAKEN_BACK}'))"""  # noqa: S608  # constants of ours

_BY_TEXT = """SELECT subject FROM events WHERE digest = NEW.digest AND kind = 'incident.opened'
    AND json_extract(data, '$.title') IS NULL"""

SQL = f"""
    DROP TRIGGER incident_opened;
    CREATE TRIGGER incident_opened AFTER INSERT ON events WHEN NEW.kind = 'incident.opened'
    BEGIN
        INSERT INTO open_incidents VALUES (
            NEW.subject, json_extract(NEW.data, '$.dedup_key'), json_extract(NEW.data, '$.severity'), {_TITLE},
            NEW.at, NEW.id);
    END;
    DROP TRIGGER incident_listed;
    CREATE TRIGGER incident_listed AFTER INSERT ON events WHEN NEW.kind = 'incident.opened'
    BEGIN
        INSERT INTO incidents (subject, number, dedup_key, severity, title, opened_at, opened_by) VALUES (
            NEW.subject, CAST(substr(NEW.subject, 10) AS INTEGER), json_extract(NEW.data, '$.dedup_key'),
            json_extract(NEW.data, '$.severity'), {_TITLE}, NEW.at, NEW.actor);
    END;
    CREATE TRIGGER title_taken_back AFTER UPDATE ON texts WHEN NEW.text IS NULL
    BEGIN
        UPDATE incidents SET title = '{TAKEN_BACK}' WHERE subject IN ({_BY_TEXT});
        UPDATE open_incidents SET title = '{TAKEN_BACK}' WHERE subject IN ({_BY_TEXT});
    END;

    -- By the stem (porter): who looks for rotate finds rotated and rotation as well. The triggers that fill it go by
    -- its name and stay.
    DROP TABLE words;
    CREATE VIRTUAL TABLE words USING fts5(said, tokenize = 'porter unicode61 remove_diacritics 2', columnsize = 0);
    INSERT INTO words (rowid, said) SELECT e.id, {words_of("e")} FROM events AS e ORDER BY e.id;
"""  # noqa: S608  # constants of ours
