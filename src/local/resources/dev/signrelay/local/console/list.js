import { byId } from "./dom.js";
import * as filter from "./filter.js";
import * as redrive from "./redrive.js";
import * as rows from "./rows.js";
import { jobs } from "./store.js";
import { setText } from "./time.js";

/** The number of rows, and of those that "Show more" adds. */
const MAX_ROWS = 200;

const list = byId("job-list");

/** The jobs that were sent from this page: they are displayed at once. */
const own = new Set();
const toOpen = new Set();

let limit = MAX_ROWS;

/** The greatest number of a job that may be displayed. Later jobs wait for a click. */
let newest = 0;

export function listen() {
  byId("new-jobs").addEventListener("click", () => {
    reveal();
    draw(new Set());
    scrollTo({ top: 0 });
    list.querySelector("summary")?.focus({ preventScroll: true });
  });
  byId("more").addEventListener("click", () => {
    const before = list.children.length;
    limit += MAX_ROWS;
    draw(new Set());
    list.children[before]?.querySelector("summary").focus();
  });
}

/** Displays jobs that this page has sent, and expands the row of one. */
export function sent(ids, opened) {
  ids.forEach((id) => own.add(id));
  if (opened) {
    toOpen.add(opened);
  }
}

/** Begins anew, after a change of the filter. */
export function restart() {
  limit = MAX_ROWS;
  reveal();
  draw(new Set(), () => false);
}

const reveal = () => (newest = Infinity);

/** Rows that appear would move what the user reads. */
const isReading = () =>
  list.children.length > 0 && (list.getBoundingClientRect().top < 0 || rows.anyBusy() || list.contains(document.activeElement));

/** Draws the rows whose jobs have changed, and adds and removes rows, except those that isKept. */
export function draw(changed, isKept = rows.isBusy) {
  const found = filter.count(jobs.values());
  const matching = [...jobs.values()].filter((job) => filter.matches(job) || isKept(job.id)).sort((a, b) => b.number - a.number);
  if (newest === Infinity || !isReading()) {
    newest = matching[0]?.number ?? 0;
  }
  const visible = matching.filter((job) => job.number <= newest || own.has(job.id));
  const shown = visible.slice(0, limit);
  rows.show(shown, changed);
  redrive.offer(shown);
  for (const id of [...toOpen].filter(rows.open)) {
    toOpen.delete(id);
  }
  texts(found, shown.length, visible.length, matching.length - visible.length);
}

/** found: how many jobs match. A row that is read stays although its job does not match any more. */
function texts(found, shown, visible, waiting) {
  setText(byId("jobs-count"), `${shown < found ? `${shown} of ` : ""}${found} ${found === 1 ? "job" : "jobs"}`);
  setText(byId("no-jobs"), jobs.size === 0 ? "No jobs yet. Send a message to create one." : "No job matches the filter and the search.");
  byId("no-jobs").hidden = shown > 0;
  byId("new-jobs").hidden = waiting === 0;
  setText(byId("new-jobs"), `${waiting} new ${waiting === 1 ? "job" : "jobs"}`);
  byId("more").hidden = visible === shown;
  setText(byId("more"), `Show ${Math.min(MAX_ROWS, visible - shown)} more`);
  byId("clear").hidden = ![...jobs.values()].some((job) => job.over);
}
