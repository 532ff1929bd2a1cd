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
