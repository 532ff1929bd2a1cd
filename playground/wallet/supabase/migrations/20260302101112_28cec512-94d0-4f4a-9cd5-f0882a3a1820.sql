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
