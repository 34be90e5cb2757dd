import { element, seconds } from "./dom.js";

const pad = (number, length = 2) => String(number).padStart(length, "0");

/** The local date: "2026-11-28". */
export function date(millis) {
  const at = new Date(millis);
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
}

/** The local time: "13:05:06.123". */
export function timeOfDay(millis) {
  const at = new Date(millis);
  return `${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}.${pad(at.getMilliseconds(), 3)}`;
}

/** The local time without fractions, and the date unless it is today: "13:05:06". */
export function clock(millis) {
  const time = timeOfDay(millis).slice(0, -4);
  return date(millis) === date(Date.now()) ? time : `${date(millis)} ${time}`;
}

/** "in 12 s", "now", "3 s ago", "2 h ago". */
export function relative(millis, now) {
  const count = Math.round(Math.abs(millis - now) / 1_000);
  const text = count < 3_600 ? seconds(count) : count < 86_400 ? `${Math.round(count / 3_600)} h` : `${Math.round(count / 86_400)} days`;
  if (count === 0) {
    return "now";
  }
  return millis > now ? `in ${text}` : `${text} ago`;
}

/** Date and time, or another text of them, and beside it the relative time, which tick updates. */
export function moment(millis, text = `${date(millis)} ${timeOfDay(millis)}`) {
  const all = element("span", "moment");
  const time = element("time", "", text);
  time.dateTime = new Date(millis).toISOString();
  const beside = element("span", "note");
  beside.dataset.relative = millis;
  all.append(time, " ", beside);
  return all;
}

/** Updates all relative times below an element. */
export function tick(root, now) {
  for (const node of root.querySelectorAll("[data-relative]")) {
    setText(node, relative(Number(node.dataset.relative), now));
  }
}

/** Changes a text only if it differs, so that nothing is selected or announced anew. */
export function setText(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}
