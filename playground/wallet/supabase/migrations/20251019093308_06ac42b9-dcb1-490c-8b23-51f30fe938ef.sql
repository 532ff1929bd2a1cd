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
