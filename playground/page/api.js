// The control API (docs/playground.md): everything the page does goes through here.

export class Refused extends Error {
  constructor(code, message) {
    super(message || code);
    this.code = code;
  }
}

async function call(path, options) {
  let answer;
  try {
    answer = await fetch(path, options);
  } catch {
    throw new Refused("unreachable", "The playground does not answer. Is it still running?");
  }
  let body;
  try {
    body = await answer.json();
  } catch {
    throw new Refused("malformed", `The playground answered ${answer.status} without JSON.`);
  }
  if (!answer.ok || body.ok === false) throw new Refused(body.error || String(answer.status), body.message);
  return body;
}

const query = (params) => new URLSearchParams(Object.entries(params).filter(([, value]) => value !== undefined)).toString();
const get = (path, params = {}) => call(`/control/${path}?${query(params)}`);
const post = (path, body) =>
  call(`/control/${path}`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

export const getState = () => get("state");
export const getMessages = async (channel, user) => {
  const answer = await get("messages", { channel, user });
  return Array.isArray(answer) ? answer : answer.messages || [];
};
export const getViews = (user) => get("views", { user });
export const getJournal = (after) => get("journal", { after });
export const say = (user, channel, text, thread_ts) => post("say", { user, channel, text, ...(thread_ts ? { thread_ts } : {}) });
export const click = (body) => post("click", body);
export const submit = (user, view_id, values) => post("submit", { user, view_id, values });
export const close = (user, view_id, all = false) => post("close", { user, view_id, ...(all ? { all } : {}) });
export const shortcut = (body) => post("shortcut", body);
export const home = (user) => post("home", { user });
export const react = (user, channel, ts, name, on) => post("react", { user, channel, ts, name, on });
export const setFault = (name, on) => post("faults", { name, on });
