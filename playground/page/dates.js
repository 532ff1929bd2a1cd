// Slack's date tokens, in the zone of the person acted as (docs.slack.dev, “Formatting message text”).

const formats = new Map();

function parts(date, tz) {
  if (!formats.has(tz)) {
    const options = {
      timeZone: tz, year: "numeric", month: "2-digit", day: "2-digit", weekday: "long",
      hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
    };
    let made;
    try {
      made = new Intl.DateTimeFormat("en-GB", options);
    } catch {
      made = new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" });
    }
    formats.set(tz, made);
  }
  return Object.fromEntries(formats.get(tz).formatToParts(date).map((part) => [part.type, part.value]));
}

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
  "November", "December"];

function ordinal(day) {
  const last = day % 10;
  if (day >= 11 && day <= 13) return `${day}th`;
  return `${day}${last === 1 ? "st" : last === 2 ? "nd" : last === 3 ? "rd" : "th"}`;
}

// People in the Americas read 12-hour clocks, the others of the cast 24-hour ones: Slack takes it from a preference.
const twelveHours = (tz) => /^(America|US)\//.test(tz);

function time(part, tz, seconds) {
  const tail = seconds ? `:${part.second}` : "";
  if (!twelveHours(tz)) return `${part.hour}:${part.minute}${tail}`;
  const hour = Number(part.hour);
  return `${hour % 12 || 12}:${part.minute}${tail} ${hour < 12 ? "AM" : "PM"}`;
}

const dayNumber = (part) => Math.round(Date.UTC(Number(part.year), Number(part.month) - 1, Number(part.day)) / 86400000);

function pretty(date, now, tz) {
  const days = dayNumber(parts(date, tz)) - dayNumber(parts(now, tz));
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[days] || null;
}

/** “3 minutes ago”, “in 2 hours”. */
export function ago(date, now = new Date()) {
  const seconds = Math.round((date - now) / 1000);
  const size = Math.abs(seconds);
  if (size < 5) return "just now";
  const [unit, length] = [["second", 1], ["minute", 60], ["hour", 3600], ["day", 86400], ["month", 2629800], ["year", 31557600]]
    .filter(([, each]) => size >= each).pop();
  const count = Math.floor(size / length);
  const words = `${count} ${unit}${count === 1 ? "" : "s"}`;
  return seconds < 0 ? `${words} ago` : `in ${words}`;
}

function token(name, date, now, tz) {
  const part = parts(date, tz);
  const day = Number(part.day);
  const month = MONTHS[Number(part.month) - 1];
  const plain = {
    date_num: () => `${part.year}-${part.month}-${part.day}`,
    date: () => `${month} ${ordinal(day)}, ${part.year}`,
    date_short: () => `${month.slice(0, 3)} ${day}, ${part.year}`,
    date_long: () => `${part.weekday}, ${month} ${ordinal(day)}, ${part.year}`,
    time: () => time(part, tz, false),
    time_secs: () => time(part, tz, true),
    ago: () => ago(date, now),
    day_divider_pretty: () => `${part.weekday}, ${month} ${ordinal(day)}`,
  };
  if (plain[name] && name !== "day_divider_pretty") return plain[name]();
  if (name.endsWith("_pretty")) {
    const base = name === "day_divider_pretty" ? plain.day_divider_pretty : plain[name.slice(0, -"_pretty".length)];
    return base ? pretty(date, now, tz) || base() : null;
  }
  return null;
}

/** `format` with its {tokens} filled in, or null where the moment is not a number. `capital`: the text stands at a start. */
export function formatDate(unix, format, tz, { now = new Date(), capital = false } = {}) {
  const date = new Date(Number(unix) * 1000);
  if (!Number.isFinite(date.getTime())) return null;
  const filled = format.replace(/\{(\w+)\}/g, (whole, name) => token(name, date, now, tz || "UTC") ?? whole);
  return capital ? filled.charAt(0).toUpperCase() + filled.slice(1) : filled;
}

/** Whether two moments (seconds) fall on one day in `tz`. */
export const sameDay = (one, other, tz) =>
  dayNumber(parts(new Date(one * 1000), tz || "UTC")) === dayNumber(parts(new Date(other * 1000), tz || "UTC"));
