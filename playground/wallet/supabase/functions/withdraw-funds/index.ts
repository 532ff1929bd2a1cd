import { serviceClient } from "../_shared/client.ts";
import { json } from "../_shared/cors.ts";

const LARGEST = 10_000; // USDC a day

Deno.serve(async (request) => {
  const { userId, amount } = await request.json();
  if (!(amount > 0 && amount <= LARGEST)) return json({ error: "the amount is not allowed" }, 400);
  const { error } = await serviceClient().rpc("request_withdrawal", { user_id: userId, amount });
  return error ? json({ error: error.message }, 500) : json({ ok: true }, 202);
});
