import { serviceClient } from "shared/client.ts";
import { json } from "shared/cors.ts";
import { signedBy } from "shared/signature.ts";
import { store } from "./store.ts";

const VERSION = "1.3.0";

Deno.serve(async (request) => {
  if (request.method !== "POST") return json({ error: "Method not allowed" }, 405);
  const raw = new Uint8Array(await request.arrayBuffer());
  const secret = Deno.env.get("CIRCLE_WEBHOOK_SECRET") ?? "";
  if (!secret || !(await signedBy(secret, raw, request.headers.get("circle-signature") ?? ""))) {
    console.error("Invalid webhook signature");
    return json({ error: "Unauthorized" }, 401);
  }
  const event = JSON.parse(new TextDecoder().decode(raw));
  const already = await store(serviceClient(), event, raw);
  if (already) return json({ status: "already_processed" });
  return json({
    status: "success",
    eventId: event.eventId,
    eventType: event.eventType,
    processedAt: new Date().toISOString(),
    version: VERSION,
  });
});
