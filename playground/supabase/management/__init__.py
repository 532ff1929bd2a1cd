"""The Management API: what the project's owner may ask and change (api.supabase.com/v1)."""

from playground.supabase.management import (
    advisors,
    analytics,
    bodies,
    care,
    config,
    database,
    deploys,
    functions,
    logs,
    project,
    restore,
    secrets,
)

OPERATIONS = [
    *project.OPERATIONS,
    *functions.OPERATIONS,
    *deploys.OPERATIONS,
    *bodies.OPERATIONS,
    *database.OPERATIONS,
    *care.OPERATIONS,
    *restore.OPERATIONS,
    *logs.OPERATIONS,
    *analytics.OPERATIONS,
    *advisors.OPERATIONS,
    *config.OPERATIONS,
    *secrets.OPERATIONS,
]
