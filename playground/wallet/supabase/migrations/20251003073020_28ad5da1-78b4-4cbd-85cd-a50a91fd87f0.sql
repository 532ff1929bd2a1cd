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
