import { locale, t } from "../texts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MONTH = 30 * DAY;

const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
const absolute = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium" });
const day = new Intl.DateTimeFormat(locale, { dateStyle: "medium" });

/** How long ago (or until) a moment is, in one unit: `3 minutes ago`; far ones as a date. */
export function ago(moment: string, now: number): string {
  const distance = Date.parse(moment) - now;
  const size = Math.abs(distance);
  if (size < MINUTE) return relative.format(Math.round(distance / SECOND), "second");
  if (size < HOUR) return relative.format(Math.round(distance / MINUTE), "minute");
  if (size < DAY) return relative.format(Math.round(distance / HOUR), "hour");
  if (size < MONTH) return relative.format(Math.round(distance / DAY), "day");
  return day.format(Date.parse(moment));
}

/** A moment in full, in the reader's own time zone. */
export function fullMoment(moment: string): string {
  return absolute.format(Date.parse(moment));
}

/** A length of time in words for people: `840 ms`, `2.4 s`, `3 min 5 s`, `2 h 10 min`. */
export function duration(milliseconds: number): string {
  const { none, ms, s, min, h } = t.time.duration;
  if (milliseconds < 1) return none;
  if (milliseconds < SECOND) return ms(Math.round(milliseconds));
  if (milliseconds < 10 * SECOND) return s((milliseconds / SECOND).toFixed(1));
  if (milliseconds < MINUTE) return s(String(Math.floor(milliseconds / SECOND)));
  if (milliseconds < HOUR) return min(Math.floor(milliseconds / MINUTE), Math.floor((milliseconds % MINUTE) / SECOND));
  return h(Math.floor(milliseconds / HOUR), Math.floor((milliseconds % HOUR) / MINUTE));
}

/** How long something took, or has taken up to now; null when it has not begun. */
export function elapsed(from: string | null, to: string | null, now: number): string | null {
  if (from === null) return null;
  return duration((to === null ? now : Date.parse(to)) - Date.parse(from));
}
