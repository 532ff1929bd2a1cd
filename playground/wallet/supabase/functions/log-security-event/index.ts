import { serviceClient } from "../_shared/client.ts";
import { json } from "../_shared/cors.ts";

Deno.serve(async (request) => {
  const event = await request.json();
  const { error } = await serviceClient().from("security_events").insert(event);
  return error ? json({ error: error.message }, 500) : json({ ok: true });
});
