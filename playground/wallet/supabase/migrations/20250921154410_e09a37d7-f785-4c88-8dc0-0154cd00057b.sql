create table public.idempotency_keys (
  provider text not null,
  key text not null,
  created_at timestamptz not null default now(),
  payload_hash text not null,
  response_status integer,
  primary key (provider, key)
);
