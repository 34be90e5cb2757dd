import { byId, duration, element } from "./dom.js";
import * as record from "./record.js";
import * as redrive from "./redrive.js";
import { jobAddress } from "./route.js";
import { next, status } from "./status.js";
import { clock, date, setText, timeOfDay } from "./time.js";

const list = byId("job-list");
const rows = new Map();

/** The number of recent steps that a collapsed row shows as marks. */
const MAX_MARKS = 10;

/** A longer message is on the job's page. */
const MAX_MESSAGE = 200;

/** The states of requests that made no job, and of jobs whose result is in their record. */
const WITHOUT_CALLBACK = ["signed", "unsigned", "rejected", "refused"];

/** Changes within this time are displayed with one read of the job's record. */
const RECORD_DELAY_MILLIS = 200;

/** Displays a row for each job, in this order, and updates the rows of those that have changed. */
export function show(jobs, changed) {
  const wanted = new Set(jobs.map((job) => job.id));
  for (const [id, row] of rows) {
    if (!wanted.has(id)) {
      row.item.remove();
      rows.delete(id);
    }
  }
  let next = list.firstElementChild;
  for (const job of jobs) {
    const row = rows.get(job.id) ?? create(job.id);
    if (row.item === next) {
      next = next.nextElementSibling;
    } else {
      list.insertBefore(row.item, next);
    }
    if (row.job !== job || changed.has(job.id)) {
      row.job = job;
      draw(row);
    }
  }
}

/** Expands the row of a job. Returns whether it has one. */
export function open(id) {
  rows.get(id)?.details.setAttribute("open", "");
  return rows.has(id);
}

/** Whether the user reads a row or has the focus in it. */
export const isBusy = (id) => rows.has(id) && busy(rows.get(id));

export const anyBusy = () => [...rows.values()].some(busy);

const busy = ({ details, item }) => details.open || item.contains(document.activeElement);

/** Moves the focus to the link of a job's page, if the job has a row. */
export const focus = (id) => rows.get(id)?.link.focus();

function draw(row) {
  const { job } = row;
  row.badge.className = `badge ${job.tone}`;
  setText(row.badge, job.label);
  setText(row.message, job.message.slice(0, MAX_MESSAGE) || "(no message)");
  row.track.replaceChildren(...job.steps.slice(-MAX_MARKS).map(mark));
  setText(row.time, clock(job.start));
  row.time.dateTime = new Date(job.start).toISOString();
  row.time.title = `Accepted at ${date(job.start)} ${timeOfDay(job.start)}`;
  row.dead.hidden = !job.reason;
  row.redrive.forEach((control) => (control.hidden = !redrive.isRedrivable(job)));
  setText(row.reason, job.reason);
  setText(row.why, ` ${job.why}`);
  drawDetails(row);
}

/** Only an expanded row has its timeline. */
function drawDetails(row) {
  const { job } = row;
  if (!row.details.open) {
    return;
  }
  row.url.hidden = !job.callbackUrl || WITHOUT_CALLBACK.includes(job.state);
  setText(row.url, `Callback to ${job.callbackUrl}`);
  row.timeline.replaceChildren(...job.steps.map((step) => line(step, job)));
  if (job.recorded && !job.formerRun) {
    clearTimeout(row.timer);
    row.timer = setTimeout(() => record.show(row.record, job.id), RECORD_DELAY_MILLIS);
  }
}

/** Updates all countdowns, using the server's time. */
export function tick(now) {
  for (const { job, now: node } of rows.values()) {
    setText(node, status(job, now));
  }
}

function line(step, job) {
  const item = element("li", "step");
  const time = element("time", "", offset(step.at - job.start));
  time.dateTime = new Date(step.at).toISOString();
  item.append(time, mark(step), element("span", "title", step.title), element("span", "detail", step.detail), element("span", "next", next(step)));
  return item;
}

function mark({ tone }) {
  const dot = element("i", `mark ${tone}`);
  dot.ariaHidden = "true";
  return dot;
}

const offset = (millis) => (millis === 0 ? "0 s" : `+${duration(Math.max(0, millis))}`);

function create(id) {
  const row = {
    item: element("li", "job"),
    details: element("details"),
    badge: element("span", "badge"),
    message: element("span", "message"),
    track: element("span", "track"),
    time: element("time"),
    now: element("span", "now"),
    link: element("a", "id", id.slice(0, 8)),
    url: element("p", "job-url"),
    record: element("dl", "record"),
    timeline: element("ol", "timeline"),
    dead: element("div", "dead"),
    reason: element("code"),
    why: element("span"),
  };
  const summary = element("summary");
  summary.append(row.badge, row.message, row.track, row.time, row.now);
  row.record.hidden = true;
  row.details.append(summary, row.url, row.timeline, row.record);
  row.details.addEventListener("toggle", () => drawDetails(row));
  row.link.href = jobAddress(id);
  row.link.setAttribute("aria-label", `${id.slice(0, 8)}: page of the job`);
  const text = element("p");
  const error = element("strong", "error");
  error.setAttribute("role", "status");
  text.append(row.reason, row.why, " ", error);
  row.redrive = redrive.controls(id, error);
  row.dead.append(text, ...row.redrive);
  row.item.append(row.details, row.link, row.dead);
  row.item.dataset.id = id;
  rows.set(id, row);
  return row;
}
