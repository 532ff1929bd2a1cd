// Wall-clock times of a zone to moments and back, for the date-and-time picker.

const DAY = 86400; // s: zones do not change twice within a day

function wallParts(unix, tz) {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: tz || "UTC", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
      second: "2-digit", hourCycle: "h23",
  });
  return Object.fromEntries(format.formatToParts(new Date(unix * 1000)).map((part) => [part.type, part.value]));
}

/** 1764000000 → “2025-11-24T17:00” as clocks in `tz` show it. */
export function wallClock(unix, tz) {
  const part = wallParts(unix, tz);
  return `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}`;
}

/** “2025-11-24T17:00” on clocks in `tz` → seconds; a time skipped in spring is the one an hour later, a double one the first. */
export function unixOf(wall, tz) {
  const plain = Date.parse(`${wall}Z`) / 1000;
  const offset = (unix) => Date.parse(`${wallClock(unix, tz)}Z`) / 1000 - Math.floor(unix / 60) * 60;
  const [before, after] = [plain - offset(plain - DAY), plain - offset(plain + DAY)];
  return wallClock(before, tz) !== wall && wallClock(after, tz) === wall ? after : before;
}
