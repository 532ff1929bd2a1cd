"""The database with what its two views do not say: reads go well on a full disk, and no payment is stored."""

from dataclasses import replace

from bot.health.answers import Answers, ProjectSeen
from bot.health.judgement import Detail, Finding, Level, Opinion, Topic
from bot.health.judges import database

WHAT = "The database is read-only: its disk is full, and every write fails, each payment's too."
DO = "Enlarge the disk in the dashboard (Settings, Compute and Disk): read-only mode ends by itself then."


def judge(answers: Answers) -> Opinion:
    """Judge both views; where it is not down, whether it takes writes."""
    opinion = database.judge(answers)
    if not isinstance(answers.project, ProjectSeen) or opinion.level is Level.DOWN:
        return opinion
    match answers.project.read_only:
        case None:
            return replace(opinion, details=(*opinion.details, Detail(Level.UNKNOWN, "writes", "not known")))
        case False:
            return replace(opinion, details=(*opinion.details, Detail(Level.OK, "writes", "taken")))
        case True:
            finding = Finding(Topic.DATABASE, Level.DOWN, "Database read-only", WHAT, DO)
            details = (*opinion.details, Detail(Level.DOWN, "writes", "none taken"))
            return Opinion(Topic.DATABASE, Level.DOWN, "read-only", (finding, *opinion.findings), details)
