import { announce, byId, change, clone, setText } from "./dom.js";
import * as rows from "./rows.js";
import { isRedrivable, jobs, now } from "./store.js";
import { count } from "./text.js";
import * as views from "./views.js";

/** The states by which jobs are filtered, in the words of the API. */
const STATES = ["all", "waiting", "signing", "delivering", "signed", "delivered", "failed"];

/** Offered only if there are such jobs. */
const RARE = ["expired", "unsigned", "rejected", "refused", "lost"];

/** The number of rows, and of those that "Show more" adds. */
const MAX_ROWS = 200;

/** After typing, the number of jobs that were found is announced. */
const ANNOUNCE_MILLIS = 800;

const list = byId("job-list");
const search = byId("search");
const chips = new Map();

/** The jobs that were sent from this page: they are displayed at once. */
const own = new Set();
let toOpen;
let state = "all";
let limit = MAX_ROWS;

/** The greatest number of a job that may be displayed. Later jobs wait for a click. */
let newest = Infinity;

/** The redrivable jobs that match filter and search. */
let failed = [];
let announcement;

export function listen() {
  for (const name of [...STATES, ...RARE]) {
    const chip = clone("chip");
    const input = chip.querySelector("input");
    input.value = name;
    chip.querySelector("span").prepend(name, " ");
    byId("states").append(chip);
    chips.set(name, chip);
  }
  byId("states").addEventListener("change", (event) => filter(event.target.value));
  search.addEventListener("input", () => filter(state));
  byId("new-jobs").addEventListener("click", () => {
    newest = Infinity;
    draw();
    scrollTo({ top: 0 });
    list.querySelector("summary")?.focus({ preventScroll: true });
  });
  byId("more").addEventListener("click", () => {
    const before = list.children.length;
    limit += MAX_ROWS;
    draw();
    list.children[before]?.querySelector("summary").focus();
  });
  byId("clear").addEventListener("click", async () => {
    await change("clear", null, byId("list-error"));
    announce(byId("list-error").textContent || "Jobs that are over were removed.");
  });
  list.addEventListener("change", offerRedrive);
  byId("redrive-selected").addEventListener("click", () => redrive(failed.filter(rows.isSelected)));
  byId("redrive-all").addEventListener("click", () => redrive(failed));
}

async function redrive(chosen) {
  const done = await change("redrive", { ids: chosen.map((job) => job.id) }, byId("redrive-error"));
  const rest = chosen.length - done?.redriven;
  if (rest > 0) {
    setText(byId("redrive-error"), `${done.redriven} redriven. ${rest} were no longer dead letters.`);
  }
}

function filter(name) {
  state = name;
  restart();
  clearTimeout(announcement);
  announcement = setTimeout(() => announce(byId("jobs-count").textContent), ANNOUNCE_MILLIS);
}

/** Takes filter and search from the address. */
export function open(query) {
  state = chips.has(query.get("state")) ? query.get("state") : "all";
  search.value = query.get("q") ?? "";
  chips.get(state).querySelector("input").checked = true;
  restart();
}

/** Begins anew, after a change of the filter. */
function restart() {
  views.setList({ state: state === "all" ? "" : state, q: search.value });
  limit = MAX_ROWS;
  newest = Infinity;
  draw(() => false);
  tick();
}

/** Displays jobs that this page has sent, and expands the row of a single one. */
export function sent(ids) {
  ids.forEach((id) => own.add(id));
  toOpen = ids.length === 1 ? ids[0] : toOpen;
}

export const tick = () => rows.tick(now());

/** Rows that appear would move what the user reads. */
const isReading = () => list.children.length > 0 && (list.getBoundingClientRect().top < 0 || rows.isAnyBusy());

/** Draws the rows whose jobs have changed, and adds and removes rows, except those that isKept. */
export function draw(isKept = rows.isBusy) {
  const wanted = search.value.trim().toLowerCase();
  const found = [...jobs.values()].filter((job) => job.searched.includes(wanted));
  const matches = (job) => (state === "all" || job.state === state) && job.searched.includes(wanted);
  const kept = [...jobs.values()].filter((job) => matches(job) || isKept(job.id));
  const matching = kept.sort((a, b) => b.number - a.number);
  if (newest === Infinity || !isReading()) {
    newest = matching[0]?.number ?? 0;
  }
  const visible = matching.filter((job) => job.number <= newest || own.has(job.id));
  const shown = visible.slice(0, limit);
  rows.show(shown);
  toOpen = rows.open(toOpen) ? undefined : toOpen;
  failed = found.filter((job) => matches(job) && isRedrivable(job));
  offerRedrive();
  drawChips(found);
  // A row that is read stays although its job does not match any more.
  const all = found.filter(matches).length;
  setText(byId("jobs-count"), `${shown.length < all ? `${shown.length} of ` : ""}${count(all, "job")}`);
  const none = jobs.size === 0 ? "No jobs yet. Send a message to create one." : "No job matches filter and search.";
  setText(byId("no-jobs"), none);
  byId("no-jobs").hidden = shown.length > 0;
  byId("new-jobs").hidden = matching.length === visible.length;
  setText(byId("new-jobs"), count(matching.length - visible.length, "new job"));
  byId("more").hidden = visible.length === shown.length;
  setText(byId("more"), `Show ${Math.min(MAX_ROWS, visible.length - shown.length)} more`);
  byId("clear").hidden = ![...jobs.values()].some((job) => job.over);
}

/** Displays how many jobs each chip has, of those that the search finds. */
function drawChips(found) {
  const counts = Map.groupBy(found, (job) => job.state).set("all", found);
  for (const [name, chip] of chips) {
    setText(chip.querySelector("b"), counts.get(name)?.length ?? 0);
    chip.hidden = RARE.includes(name) && !counts.has(name) && state !== name;
  }
}

function offerRedrive() {
  const selected = failed.filter(rows.isSelected).length;
  const bar = byId("redrive-bar");
  bar.hidden = failed.length === 0 && !bar.contains(document.activeElement);
  setText(byId("redrive-selected"), `Redrive ${selected} selected`.replace(" 0", ""));
  byId("redrive-selected").disabled = selected === 0;
  setText(byId("redrive-all"), `Redrive all ${failed.length} found`.replace(" 0", ""));
  byId("redrive-all").disabled = failed.length === 0;
}
