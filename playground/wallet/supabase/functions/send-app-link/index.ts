import { json } from "../_shared/cors.ts";

Deno.serve(async (request) => {
  const { email } = await request.json();
  if (!/^[^@\s]+@[^@\s]+$/.test(email)) return json({ error: "an address is needed" }, 400);
  return json({ ok: true });
});
