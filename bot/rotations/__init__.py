"""Rotating secrets: a plan, the way of the new values from the vault to Supabase, and the proof that they are live."""
