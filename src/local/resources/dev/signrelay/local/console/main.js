import { byId } from "./dom.js";
import * as failures from "./failures.js";
import { Jobs } from "./jobs.js";
import * as metrics from "./metrics.js";
import * as rows from "./rows.js";
import * as send from "./send.js";

/** The interval at which countdowns are updated. */
const TICK_MILLIS = 250;

const jobs = new Jobs();
const changed = new Set();
const sent = new Set();
let run = "";
let clockOffset = 0;

/** Batches changes that arrive together into one redraw. */
function scheduleDraw(job) {
  if (changed.size === 0) {
    setTimeout(draw, 20);
  }
  changed.add(job);
}

function draw() {
  changed.forEach(rows.draw);
  for (const { id } of changed) {
    if (sent.delete(id)) {
      rows.open(id);
    }
  }
  changed.clear();
  rows.removeMissing(jobs.all);
  tick();
}

/** Uses the server's time, which may differ from the browser's. */
function tick() {
  rows.tick(Date.now() + clockOffset);
}

function connection(text, name) {
  byId("connection").textContent = text;
  byId("connection").className = `connection ${name}`;
}

const stream = new EventSource("/console/events");
stream.addEventListener("open", () => connection("Live", "live"));
stream.addEventListener("error", () => connection("Disconnected. Restart the local run.", "lost"));
stream.addEventListener("run", ({ data }) => {
  if (run && run !== data) {
    jobs.clear();
    rows.removeMissing(jobs.all);
  }
  run = data;
});
stream.addEventListener("message", ({ data }) => {
  const line = JSON.parse(data);
  metrics.observe(line);
  jobs.apply(line).forEach(scheduleDraw);
});
stream.addEventListener("metrics", ({ data }) => {
  const now = JSON.parse(data);
  clockOffset = now.at - Date.now();
  metrics.show(now);
  failures.show(now);
  send.prepare(now);
});

send.listen((id) => {
  sent.add(id);
  const job = jobs.all.find((known) => known.id === id);
  if (job) {
    scheduleDraw(job);
  }
});
setInterval(tick, TICK_MILLIS);
