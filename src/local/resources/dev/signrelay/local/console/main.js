import { byId } from "./dom.js";
import { Jobs } from "./jobs.js";
import * as gauges from "./gauges.js";
import * as rows from "./rows.js";
import * as send from "./send.js";
import * as switches from "./switches.js";

/** The interval at which countdowns are updated, in milliseconds. */
const TICK = 250;

const jobs = new Jobs();
const changed = new Set();
const sent = new Set();
let run = "";
let ahead = 0;

/** Batches changes that arrive together into one redraw. */
function drawSoon(job) {
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
  rows.sweep(jobs.all);
  tick();
}

/** Uses the server's time, which may differ from the browser's. */
function tick() {
  rows.tick(Date.now() + ahead);
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
    rows.sweep(jobs.all);
  }
  run = data;
});
stream.addEventListener("message", ({ data }) => {
  const job = jobs.take(JSON.parse(data));
  if (job) {
    drawSoon(job);
  }
});
stream.addEventListener("gauges", ({ data }) => {
  const now = JSON.parse(data);
  ahead = now.at - Date.now();
  gauges.show(now);
  switches.show(now);
  send.prepare(now);
});

send.listen((id) => {
  sent.add(id);
  const job = jobs.all.find((known) => known.id === id);
  if (job) {
    drawSoon(job);
  }
});
setInterval(tick, TICK);
