import { serviceClient } from "../_shared/client.ts";
import { json } from "../_shared/cors.ts";

Deno.serve(async (request) => {
  const { userId } = await request.json();
  const { error } = await serviceClient().from("wallets").insert({ user_id: userId });
  return error ? json({ error: error.message }, 500) : json({ ok: true }, 201);
});
