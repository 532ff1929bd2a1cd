import { serviceClient } from "../_shared/client.ts";
import { json } from "../_shared/cors.ts";

const VERSION = "1.0.0";
const NAMES = ["CIRCLE_API_KEY", "CIRCLE_WEBHOOK_SECRET", "ALERT_EMAIL"];

Deno.serve(async () => {
  const db = serviceClient();
  const before = performance.now();
  const { error } = await db.from("profiles").select("id").limit(1);
  const timestamp = new Date().toISOString();
  if (error) {
    return json({ status: "unhealthy", timestamp, error: `Database connectivity failed: ${error.message}` }, 503);
  }
  const latency_ms = Math.round(performance.now() - before);
  const secrets = Object.fromEntries(NAMES.map((name) => [name, Boolean(Deno.env.get(name))]));
  const { data: webhooks } = await db.rpc("webhook_health_check");
  const { data: security } = await db.rpc("get_security_metrics");
  const healthy = secrets.CIRCLE_WEBHOOK_SECRET && latency_ms < 1000 && security.recentHighRiskEvents < 10;
  return json(
    {
      status: healthy ? "healthy" : "degraded",
      timestamp,
      database: { connected: true, latency_ms },
      secrets,
      webhooks: webhooks ?? { status: "unknown" },
      security,
      version: VERSION,
    },
    healthy ? 200 : 503,
  );
});
