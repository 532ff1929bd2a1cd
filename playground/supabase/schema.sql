-- The wallet's tables as operations see them, in a database that looks like a Supabase project's.
-- `playground.now()` stands before pg_catalog.now() on every search path, so that SQL runs on the playground's clock.

create schema playground;
create function playground.now() returns timestamptz language sql stable as
  $$select coalesce(nullif(pg_catalog.current_setting('playground.now', true), '')::timestamptz, pg_catalog.now())$$;
grant usage on schema playground to public;

create schema extensions;
create schema auth;
create schema supabase_migrations;
grant usage on schema extensions, auth to anon, authenticated, service_role;
revoke create on schema public from public;
revoke temporary on database postgres from public; -- a read-only caller makes no tables, not even temporary ones
grant all on schema public, supabase_migrations to postgres;
grant usage on schema public to anon, authenticated, service_role;
grant create on database postgres to postgres;

set role postgres;
set search_path = public, playground, pg_catalog;

create table supabase_migrations.schema_migrations (version text primary key not null, statements text[], name text);

create table public.profiles (
  id uuid primary key default gen_random_uuid(),
  email text not null unique,
  role text not null default 'user' check (role in ('user', 'admin', 'super_admin')),
  created_at timestamptz not null default now()
);

create table public.security_events (
  id uuid primary key default gen_random_uuid(),
  user_id uuid,
  event_type text not null,
  event_description text,
  ip_address inet,
  user_agent text,
  device_fingerprint text,
  location text,
  risk_score integer not null default 0 check (risk_score between 0 and 100),
  blocked boolean not null default false,
  metadata jsonb not null default '{}',
  created_at timestamptz not null default now()
);
create index security_events_created_at on public.security_events (created_at desc);

create table public.idempotency_keys (
  provider text not null,
  key text not null,
  created_at timestamptz not null default now(),
  payload_hash text not null,
  response_status integer,
  primary key (provider, key)
);

create table public.payment_events (
  id uuid primary key default gen_random_uuid(),
  event_id text not null unique,
  event_type text not null,
  payment_id text,
  wallet_id text,
  amount numeric(20, 8),
  currency text,
  status text,
  raw_event jsonb not null,
  processed_at timestamptz,
  created_at timestamptz not null default now()
);
create index payment_events_created_at on public.payment_events (created_at desc);

create table public.circle_transactions (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references public.profiles (id),
  circle_transaction_id text not null unique,
  transaction_type text not null check (transaction_type in ('deposit', 'withdraw')),
  amount numeric(20, 8) not null,
  currency text not null,
  status text not null default 'pending',
  error_details jsonb,
  webhook_received_at timestamptz,
  completed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table public.audit_events (
  id uuid primary key default gen_random_uuid(),
  "timestamp" timestamptz not null default now(),
  actor_id uuid,
  actor_email text,
  ip_address inet,
  event_type text not null,
  details jsonb not null default '{}',
  created_at timestamptz not null default now()
);

create function public.is_admin(who uuid) returns boolean language sql stable security definer set search_path = '' as
  $$select exists (select 1 from public.profiles where id = who and role in ('admin', 'super_admin'))$$;
create function public.is_super_admin(who uuid) returns boolean language sql stable security definer set search_path = '' as
  $$select exists (select 1 from public.profiles where id = who and role = 'super_admin')$$;

create function public.log_security_event(
  p_event_type text, p_description text default null, p_ip inet default null, p_user_agent text default null,
  p_risk_score integer default 0, p_metadata jsonb default '{}'
) returns uuid language sql security definer set search_path = '' as
  $$insert into public.security_events (event_type, event_description, ip_address, user_agent, risk_score, metadata)
    values (p_event_type, p_description, p_ip, p_user_agent, p_risk_score, p_metadata) returning id$$;

create function public.get_security_metrics() returns jsonb language sql stable security definer
  set search_path = playground, pg_catalog as
  $$select jsonb_build_object(
      'recentHighRiskEvents', count(*) filter (where risk_score > 70),
      'last24Hours', count(*))
    from public.security_events where created_at > now() - interval '24 hours'$$;

-- As the wallet's own: `status` is the word healthy whatever the counts are, and a failed webhook is a failed payment.
create function public.webhook_health_check() returns jsonb language sql stable security definer
  set search_path = playground, pg_catalog as
  $$select jsonb_build_object(
      'status', 'healthy',
      'recentWebhooks', count(*) filter (where created_at > now() - interval '1 hour'),
      'failedWebhooks', count(*) filter (where created_at > now() - interval '1 hour' and raw_event ->> 'status' = 'failed'),
      'lastWebhookTime', max(created_at),
      'checkTime', now())
    from public.payment_events$$;
revoke execute on function public.log_security_event, public.get_security_metrics, public.webhook_health_check from public;
grant execute on function public.log_security_event to service_role; -- not to the reader: it writes as its owner
grant execute on function public.get_security_metrics, public.webhook_health_check
  to service_role, supabase_read_only_user;

alter table public.profiles enable row level security;
alter table public.security_events enable row level security;
alter table public.idempotency_keys enable row level security;
alter table public.payment_events enable row level security;
alter table public.circle_transactions enable row level security;
alter table public.audit_events enable row level security;
create policy "own profile" on public.profiles for select to authenticated using (false);
create policy "own transactions" on public.circle_transactions for select to authenticated using (false);
grant all on all tables in schema public to service_role;
grant select on all tables in schema public to authenticated;
alter default privileges in schema public grant all on tables to service_role;

reset role;
reset search_path;
