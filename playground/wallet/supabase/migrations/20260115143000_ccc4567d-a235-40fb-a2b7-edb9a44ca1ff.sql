create function public.get_security_metrics() returns jsonb language sql stable security definer
  set search_path = playground, pg_catalog as
  $$select jsonb_build_object(
      'recentHighRiskEvents', count(*) filter (where risk_score > 70),
      'last24Hours', count(*))
    from public.security_events where created_at > now() - interval '24 hours'$$;
