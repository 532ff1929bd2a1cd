"""Supabase's Management API: the only folder that knows its paths (api.supabase.com/api/v1). One file a topic."""

from bot.clients.supabase.advisors import AdvisorCalls, Lint
from bot.clients.supabase.backups import LONGEST_NAME, Backup, BackupCalls, Backups, RestorePoint, away
from bot.clients.supabase.database import MIGRATION_PATIENCE, DatabaseCalls
from bot.clients.supabase.door import Duty, RateLimit
from bot.clients.supabase.functions import DEPLOY_PATIENCE, Function, FunctionCalls
from bot.clients.supabase.limits import Disk, LimitCalls, Pool, ReadOnly
from bot.clients.supabase.logs import LogCalls
from bot.clients.supabase.migrations import Applied, AppliedInFull, MigrationCalls
from bot.clients.supabase.permissions import READS, PermissionCalls
from bot.clients.supabase.project import SERVICES, Database, Project, ProjectCalls, Service
from bot.clients.supabase.quota import LogQuota, Urgency
from bot.clients.supabase.secrets import Secret, SecretCalls
from bot.clients.supabase.usage import UsageCalls

__all__ = [
    "DEPLOY_PATIENCE",
    "LONGEST_NAME",
    "MIGRATION_PATIENCE",
    "READS",
    "SERVICES",
    "Applied",
    "AppliedInFull",
    "Backup",
    "Backups",
    "Database",
    "Disk",
    "Duty",
    "Function",
    "Lint",
    "LogQuota",
    "Pool",
    "Project",
    "RateLimit",
    "ReadOnly",
    "RestorePoint",
    "Secret",
    "Service",
    "Supabase",
    "Urgency",
    "away",
]


class Supabase(
    ProjectCalls,
    FunctionCalls,
    SecretCalls,
    DatabaseCalls,
    LogCalls,
    MigrationCalls,
    AdvisorCalls,
    BackupCalls,
    UsageCalls,
    PermissionCalls,
    LimitCalls,
):
    """One project, through the Management API: all topics behind one door (bot.clients.supabase.door)."""
