alter table public.profiles enable row level security;
alter table public.security_events enable row level security;
alter table public.idempotency_keys enable row level security;
alter table public.payment_events enable row level security;
alter table public.circle_transactions enable row level security;
alter table public.audit_events enable row level security;
