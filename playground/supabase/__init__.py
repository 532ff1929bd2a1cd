"""The Supabase project of the playground: Management API, edge functions and a real PostgreSQL, on loopback."""
