-- Once a server: the roles a Supabase project has. Supabase's `postgres` is not a superuser, nor is it here.
create role anon nologin noinherit;
create role authenticated nologin noinherit;
create role service_role login bypassrls;
create role postgres login createdb createrole bypassrls;
grant anon, authenticated, service_role to postgres;
grant pg_read_all_data, pg_read_all_stats, pg_signal_backend, pg_monitor to postgres with admin option;
-- Schema-qualified names only: no search path beyond the system's.
create role supabase_read_only_user login bypassrls;
grant pg_read_all_data, pg_read_all_stats to supabase_read_only_user;
alter role supabase_read_only_user set default_transaction_read_only = on;
alter role supabase_read_only_user set search_path = playground, pg_catalog;
alter role supabase_read_only_user set statement_timeout = '60s';
alter role postgres set search_path = public, playground, pg_catalog, extensions;
alter role postgres set statement_timeout = '120s';
alter role service_role set search_path = public, playground, pg_catalog, extensions;
alter role service_role set statement_timeout = '30s';
