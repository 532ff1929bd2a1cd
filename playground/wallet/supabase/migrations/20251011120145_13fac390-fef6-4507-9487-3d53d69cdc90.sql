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
