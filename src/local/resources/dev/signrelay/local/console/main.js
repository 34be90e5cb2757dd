import { connect } from "./connection.js";
import { announce, byId, change } from "./dom.js";
import * as failures from "./failures.js";
import * as filter from "./filter.js";
import * as inbox from "./inbox.js";
import * as job from "./job.js";
import { followWidth } from "./layout.js";
import * as list from "./list.js";
import * as metrics from "./metrics.js";
import * as redrive from "./redrive.js";
import * as rows from "./rows.js";
import * as send from "./send.js";
import * as store from "./store.js";
import { setText } from "./time.js";
import * as views from "./views.js";

/** The interval at which countdowns are updated. */
const TICK_MILLIS = 250;

/** After typing, the number of jobs that were found is announced. */
const ANNOUNCE_MILLIS = 800;

const VIEWS = { jobs: [list.draw, rows.tick], job: [job.draw, job.tick], inbox: [inbox.draw, inbox.tick] };

const changed = new Set();
let scheduled = false;
let announcement;

/** Batches changes that arrive together into one redraw of the view that is displayed. */
function scheduleDraw() {
  if (!scheduled) {
    scheduled = true;
    setTimeout(draw, 20);
  }
}

function draw() {
  scheduled = false;
  VIEWS[views.current()][0](changed);
  changed.clear();
  setText(byId("jobs-total"), String(store.jobs.size));
  setText(byId("inbox-total"), String(store.deliveries.size));
  metrics.showDeadLetters();
  tick();
}

const tick = () => VIEWS[views.current()][1](store.now());

followWidth();
job.prepare();
list.listen();
redrive.listen();
filter.listen(() => {
  list.restart();
  tick();
  clearTimeout(announcement);
  announcement = setTimeout(() => announce(byId("jobs-count").textContent), ANNOUNCE_MILLIS);
});
views.listen({
  jobs: (address) => {
    filter.restore(address);
    list.restart();
    tick();
  },
  job: ({ id }) => {
    job.open(id);
    tick();
  },
  inbox: draw,
});
send.listen((ids, opened) => {
  list.sent(ids, opened);
  scheduleDraw();
});
byId("clear").addEventListener("click", async () => {
  try {
    await change("clear");
    announce("Jobs that are over were removed.");
  } catch (e) {
    announce(e.message);
    setText(byId("list-error"), e.message);
  }
});
connect({
  open: () => {
    store.deliveries.clear();
    send.reconnected();
  },
  known: (ids) => {
    store.keepOnly(ids.jobs);
    scheduleDraw();
  },
  job: (each) => {
    store.putJob(each);
    changed.add(each.id);
    scheduleDraw();
  },
  delivery: (each) => {
    store.putDelivery(each);
    scheduleDraw();
  },
  line: (line) => store.setLine(line.jobs),
  metrics: (metric) => {
    store.setMetrics(metric);
    metrics.show(metric);
    failures.show(metric);
    send.prepare(metric);
  },
});
setInterval(tick, TICK_MILLIS);
