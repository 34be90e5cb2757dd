import { copyable } from "./copy.js";
import * as delivery from "./delivery.js";
import { byId, duration, element } from "./dom.js";
import * as redrive from "./redrive.js";
import * as sources from "./sources.js";
import { status } from "./status.js";
import { jobs, newestDeliveries, now } from "./store.js";
import { moment, setText, tick as tickTimes } from "./time.js";
import * as waterfall from "./waterfall.js";

const message = copyable("Message");

let id = "";
let drawn = null;

/** Fills the page's fixed parts. */
export function prepare() {
  byId("job-message").append(message.node);
  sources.prepare();
}

/** Opens the page of a job. */
export function open(opened) {
  id = opened;
  drawn = null;
  sources.open(id);
  setText(byId("job-title"), `Job ${id.slice(0, 8)}`);
  byId("job-redrive").replaceChildren(redrive.button(id, byId("job-error")));
  setText(byId("job-error"), "");
  byId("job-callbacks").replaceChildren();
  draw();
}

/** Displays the job, if it has changed. */
export function draw() {
  const job = jobs.get(id);
  byId("job-missing").hidden = Boolean(job);
  byId("job-content").hidden = !job;
  if (!job || job === drawn) {
    return;
  }
  drawn = job;
  byId("job-badge").className = `badge ${job.tone}`;
  setText(byId("job-badge"), job.label);
  byId("job-redrive").hidden = !redrive.isRedrivable(job);
  byId("job-dead").hidden = !job.reason;
  setText(byId("job-reason"), job.reason ? `${job.reason}: ${job.why}` : "");
  byId("job-lost").hidden = !job.formerRun;
  message.set(job.message || "(no message)");
  facts(job);
  waterfall.draw(byId("job-steps"), job);
  scale(job);
  callbacks(job);
  sources.load(job);
}

/** Updates relative times, countdowns and the chart of a job that goes on. */
export function tick(time) {
  if (drawn) {
    tickTimes(byId("job-view"), time);
    setText(byId("job-now"), status(drawn, time));
    if (!drawn.over && !drawn.reason) {
      scale(drawn);
    }
  }
}

/** The chart of a job that goes on grows. */
function scale(job) {
  const span = waterfall.scale(byId("job-steps"), job, now());
  setText(byId("job-span"), `0 to ${duration(span)}`);
}

function facts(job) {
  const entries = [
    ["Job id", job.id],
    ["API request id", job.apiRequestId],
    ["Accepted", moment(job.start)],
    ["Last event", moment(job.end)],
    ["Next attempt", job.due && moment(job.due)],
    ["Client", job.client],
    ["Callback URL", job.callbackUrl],
  ];
  byId("job-facts").replaceChildren(
    ...entries.filter(([, value]) => value).flatMap(([name, value]) => {
      const text = element("dd", typeof value === "string" ? "mono" : "");
      text.append(value);
      return [element("dt", "", name), text];
    }),
  );
}

/** Adds the callbacks that have arrived since the last call. */
function callbacks(job) {
  const list = byId("job-callbacks");
  const arrived = newestDeliveries().filter((each) => each.job === job.id).reverse();
  const last = Number(list.lastElementChild?.dataset.number ?? 0);
  for (const each of arrived.filter(({ number }) => number > last)) {
    const { item } = delivery.row(each, "h4");
    item.dataset.number = each.number;
    item.firstElementChild.open = true;
    list.append(item);
  }
  byId("no-callbacks").hidden = arrived.length > 0;
  setText(byId("no-callbacks"), job.callbackUrl ? "None has arrived in the inbox." : "The request wanted none.");
  // Anyone can send a request to the inbox.
  const accepted = arrived.filter(({ status, verified }) => status >= 200 && status < 300 && verified !== "false");
  sources.found("the callback", accepted.map((each) => sources.signature(each.body)).find(Boolean));
}
