create function public.log_security_event(
  p_event_type text, p_description text default null, p_ip inet default null, p_user_agent text default null,
  p_risk_score integer default 0, p_metadata jsonb default '{}'
) returns uuid language sql security definer set search_path = '' as
  $$insert into public.security_events (event_type, event_description, ip_address, user_agent, risk_score, metadata)
    values (p_event_type, p_description, p_ip, p_user_agent, p_risk_score, p_metadata) returning id$$;
