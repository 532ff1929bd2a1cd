import type { SupabaseClient } from "supabase";

/** True where the event was stored before. */
export async function store(db: SupabaseClient, event: Record<string, unknown>, raw: Uint8Array): Promise<boolean> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", raw));
  const payload_hash = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const { error } = await db
    .from("idempotency_keys")
    .insert({ provider: "circle", key: event.eventId, payload_hash });
  if (error?.code === "23505") return true;
  if (error) throw error;
  await db.from("payment_events").insert({ event_id: event.eventId, event_type: event.eventType, raw_event: event });
  return false;
}
