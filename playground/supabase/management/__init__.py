"""The Management API: what the project's owner may ask and change (api.supabase.com/v1)."""

from playground.supabase.management import care, database, functions, project

OPERATIONS = [*project.OPERATIONS, *functions.OPERATIONS, *database.OPERATIONS, *care.OPERATIONS]
