const DATE = new Intl.DateTimeFormat("sv", { dateStyle: "short" });
const TIME = new Intl.DateTimeFormat("sv", { timeStyle: "medium" });

/** The local time, and the date unless it is today: "13:05:06". */
export const clock = (millis) =>
  [DATE.format(millis), TIME.format(millis)].slice(DATE.format(millis) === DATE.format() ? 1 : 0).join(" ");

/** Formats a duration in milliseconds: "85 ms", "1.52 s", "1 min 5 s". */
export function duration(millis) {
  if (millis < 1_000) {
    return `${Math.round(millis)} ms`;
  }
  const seconds = Math.round(millis / 1_000);
  return millis < 60_000
    ? `${(millis / 1_000).toFixed(millis < 10_000 ? 2 : 1)} s`
    : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Formats a duration in seconds, without fractions: "48 s", "1 min 5 s". */
export const seconds = (count) => duration(Math.ceil(count) * 1_000).replace(/\.0+/, "");

/** "1 job", "2 jobs". */
export const count = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;

export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
