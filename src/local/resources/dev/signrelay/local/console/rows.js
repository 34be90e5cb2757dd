import { byId, change, duration, element, seconds } from "./dom.js";
import * as record from "./record.js";

const list = byId("job-list");
const rows = new Map();

/** The number of recent steps that a collapsed row shows as marks. */
const MAX_MARKS = 10;

/** Changes within this time are displayed with one read of the job's record. */
const RECORD_DELAY_MILLIS = 200;

/** Updates the row of a job. The element is reused and stays expanded or collapsed. */
export function draw(job) {
  const row = rows.get(job.id) ?? create(job.id);
  row.badge.className = `badge ${job.kind}`;
  row.badge.textContent = job.label;
  row.message.textContent = job.message || "(message unknown)";
  row.message.title = job.message;
  row.job = job;
  row.url.hidden = !job.callbackUrl || job.label === "Signed";
  row.url.textContent = `Callback to ${job.callbackUrl}`;
  row.timeline.replaceChildren(...job.steps.map((step, i) => line(step, job, i === job.steps.length - 1)));
  row.track.replaceChildren(...job.steps.slice(-MAX_MARKS).map(mark));
  row.dead.hidden = !job.dead;
  row.reason.textContent = job.dead;
  row.why.textContent = job.why ? ` ${job.why}` : "";
  scheduleRecord(row);
}

/** Reads the record of an expanded job. A request that is signed at once has none. */
function scheduleRecord(row) {
  if (row.job.recorded && row.details.open) {
    clearTimeout(row.timer);
    row.timer = setTimeout(() => record.show(row.record, row.job.id), RECORD_DELAY_MILLIS);
  }
}

/** Removes the rows of jobs that no longer exist, and displays the number of jobs. */
export function removeMissing(jobs) {
  const known = new Set(jobs.map((job) => job.id));
  for (const [id, row] of rows) {
    if (!known.has(id)) {
      row.item.remove();
      rows.delete(id);
    }
  }
  byId("no-jobs").hidden = jobs.length > 0;
  byId("jobs-count").textContent = jobs.length === 0 ? "" : `${jobs.length}, newest first`;
}

/** Expands the timeline of a job. */
export function open(id) {
  rows.get(id)?.details.setAttribute("open", "");
}

/** Updates all countdowns, using the server's time. */
export function tick(now) {
  for (const row of rows.values()) {
    row.now.textContent = status(row.job, now);
  }
  for (const node of list.querySelectorAll("[data-due]")) {
    node.textContent = countdown(Number(node.dataset.due), now);
  }
}

function status({ place, due, start, steps }, now) {
  if (place > 0) {
    return `place ${place}`;
  }
  return due === null ? duration(steps.at(-1).at - start) : countdown(due, now);
}

function countdown(due, now) {
  return due > now ? `next attempt in ${seconds((due - now) / 1_000)}` : "due";
}

function line(step, job, last) {
  const item = element("li", "step");
  const time = element("time", "", offset(step.at - job.start));
  time.dateTime = new Date(step.at).toISOString();
  const next = element("span", "next", step.next);
  if (step.due && last && job.due !== null) {
    next.dataset.due = step.due;
  } else if (step.due) {
    next.textContent = `next attempt after ${duration(step.due - step.at)}`;
  }
  item.append(time, mark(step), element("span", "title", step.title), element("span", "detail", step.detail), next);
  return item;
}

/** A coloured mark. It is hidden from screen readers, because the step's text has the same information. */
function mark({ kind }) {
  const made = element("span", `mark ${kind}`);
  made.setAttribute("aria-hidden", "true");
  return made;
}

const offset = (millis) => (millis < 60_000 ? `+${(millis / 1_000).toFixed(2)} s` : `+${Math.floor(millis / 60_000)}:${String(Math.floor(millis / 1_000) % 60).padStart(2, "0")}`);

function create(id) {
  const row = {
    item: element("li", "job"),
    details: element("details"),
    badge: element("span", "badge"),
    message: element("span", "message"),
    track: element("span", "track"),
    now: element("span", "now"),
    url: element("p", "job-url"),
    record: element("dl", "record"),
    timeline: element("ol", "timeline"),
    dead: element("div", "dead"),
    reason: element("code"),
    why: element("span"),
  };
  const summary = element("summary");
  summary.append(row.badge, row.message, row.track, row.now, element("span", "id", id.slice(0, 8)));
  row.record.hidden = true;
  row.details.append(summary, row.url, row.record, row.timeline);
  row.details.addEventListener("toggle", () => scheduleRecord(row));
  const text = element("p");
  text.append(row.reason, row.why);
  row.dead.append(text, redrive(id, row.why));
  row.item.append(row.details, row.dead);
  row.item.dataset.id = id;
  list.prepend(row.item);
  rows.set(id, row);
  return row;
}

function redrive(id, why) {
  const button = element("button", "", "Redrive");
  button.type = "button";
  button.setAttribute("aria-label", `Redrive job ${id.slice(0, 8)}`);
  button.addEventListener("click", async () => {
    try {
      await change(`redrive/${id}`);
      rows.get(id)?.details.querySelector("summary").focus();
    } catch (e) {
      why.textContent = ` ${e.message}`;
    }
  });
  return button;
}
