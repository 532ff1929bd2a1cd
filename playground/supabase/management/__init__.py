"""The Management API: what the project's owner may ask and change (api.supabase.com/v1)."""

from playground.supabase.management import database, functions, project

OPERATIONS = [*project.OPERATIONS, *functions.OPERATIONS, *database.OPERATIONS]
