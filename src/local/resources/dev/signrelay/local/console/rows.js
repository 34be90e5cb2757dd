import { byId, change, clone, fill, linkJob, setText, setTime } from "./dom.js";
import { isRedrivable, jobs, title } from "./store.js";
import * as steps from "./steps.js";

/** The number of recent steps that a row shows as marks. */
const MAX_MARKS = 10;

const list = byId("job-list");

/** A row that is not displayed keeps what is selected or expanded in it. */
const rows = new Map();

/** Displays a row for each job, in this order, and updates the rows of those that have changed. */
export function show(shown) {
  const wanted = new Set(shown.map((job) => job.id));
  for (const [id, { item }] of rows) {
    if (!wanted.has(id)) {
      item.remove();
    }
    if (!jobs.has(id)) {
      rows.delete(id);
    }
  }
  let next = list.firstElementChild;
  for (const job of shown) {
    const row = rows.get(job.id) ?? create(job.id);
    if (row.item === next) {
      next = next.nextElementSibling;
    } else {
      list.insertBefore(row.item, next);
    }
    if (row.job !== job) {
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

/** Whether the user reads the row of a job or has the focus in it. */
export function isBusy(id) {
  const row = rows.get(id);
  return Boolean(row?.item.isConnected && (row.details.open || row.item.contains(document.activeElement)));
}

export const isAnyBusy = () => [...rows.keys()].some(isBusy);

export const isSelected = (job) => Boolean(rows.get(job.id)?.box.checked);

/** Updates all countdowns, using the server's time. */
export function tick(time) {
  for (const { item, job, details } of rows.values()) {
    if (item.isConnected) {
      fill(item, { ".now": steps.status(job, time) });
      const table = details.querySelector("table");
      if (table && !job.over && !job.reason) {
        steps.scale(table, job);
      }
    }
  }
}

function draw({ item, job, details, box }) {
  const badge = item.querySelector(".badge");
  badge.className = `badge ${job.state}`;
  setText(badge, job.state);
  fill(item, { ".message": title(job), ".reason": job.reason, ".why": steps.why(job) });
  steps.marks(item.querySelector(".track"), job.steps.slice(-MAX_MARKS));
  setTime(item.querySelector("time"), job.steps[0].at);
  item.querySelector(".dead").hidden = !job.reason;
  item.querySelectorAll("label, button").forEach((control) => (control.hidden = !isRedrivable(job)));
  box.checked &&= isRedrivable(job);
  drawSteps(details, job);
}

/** Only an expanded row has its steps. */
function drawSteps(details, job) {
  if (details.open) {
    if (details.children.length === 1) {
      details.append(clone("steps"));
    }
    steps.draw(details.lastElementChild, job);
  }
}

function create(id) {
  const item = clone("job-row");
  const row = { item, details: item.querySelector("details"), box: item.querySelector("input") };
  const button = item.querySelector("button");
  linkJob(item.querySelector(".id"), id);
  row.box.ariaLabel = `Select job ${id.slice(0, 8)}`;
  button.ariaLabel = `Redrive job ${id.slice(0, 8)}`;
  button.addEventListener("click", () => change("redrive", { ids: [id] }, item.querySelector(".error")));
  row.details.addEventListener("toggle", () => drawSteps(row.details, row.job));
  rows.set(id, row);
  return row;
}
