// circle-signature: v1=<hex of HMAC-SHA256 over the raw body>
export async function signedBy(secret: string, body: Uint8Array, given: string): Promise<boolean> {
  const key = await crypto.subtle.importKey(
    "raw",
    new TextEncoder().encode(secret),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, body));
  const wanted = "v1=" + [...mac].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  if (wanted.length !== given.length) return false;
  let differs = 0;
  for (let i = 0; i < wanted.length; i++) differs |= wanted.charCodeAt(i) ^ given.charCodeAt(i);
  return differs === 0;
}
