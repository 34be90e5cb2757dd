import { copyable } from "./copy.js";
import { byId, duration, element } from "./dom.js";
import * as delivery from "./delivery.js";
import * as record from "./record.js";
import * as redrive from "./redrive.js";
import { countdown } from "./rows.js";
import { jobs, newestDeliveries, now, place } from "./store.js";
import { moment, relative, setText, tick as tickTimes } from "./time.js";
import * as waterfall from "./waterfall.js";

const RECORD_DELAY_MILLIS = 200;

const message = copyable("Message");
const signature = copyable("Signature");
const curl = copyable("curl command");
const answer = element("pre");

let id = "";
let drawn = null;
let request = null;
let signatures = {};
let timer;

/** Fills the page's fixed parts. */
export function prepare() {
  byId("job-message").append(message.node);
  byId("job-signature").append(signature.node);
  byId("job-curl").append(curl.node);
  byId("job-answer").append(answer);
}

/** Opens the page of a job. */
export function open(opened) {
  id = opened;
  drawn = null;
  request = null;
  signatures = {};
  setText(byId("job-title"), `Job ${id.slice(0, 8)}`);
  byId("job-redrive").replaceChildren(redrive.button(id, byId("job-error")));
  setText(byId("job-error"), "");
  byId("job-record").replaceChildren();
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
  setText(byId("job-reason"), job.reason ? `${job.reason}: ${job.why}` : "");
  byId("job-lost").hidden = !job.formerRun;
  message.set(job.message || "(unknown)");
  facts(job);
  drawWaterfall(job);
  callbacks(job);
  loadRequest(job);
  loadRecord(job);
}

/** Updates relative times, countdowns and the chart of a job that goes on. */
export function tick(time) {
  const job = jobs.get(id);
  if (job) {
    tickTimes(byId("job-view"), time);
    setText(byId("job-now"), waits(job, time));
    if (!job.over && !job.reason && !byId("job-steps").matches(":hover")) {
      drawWaterfall(job);
    }
  }
}

function waits(job, time) {
  const line = place(id) > 0 ? [`Place ${place(id)} in line.`] : [];
  const expected = job.expected ? [job.expected > time ? `Call expected ${relative(job.expected, time)}.` : "Call expected soon."] : [];
  const due = job.due ? [`${countdown(job.due, time)}.`.replace(/^./, (first) => first.toUpperCase())] : [];
  return [...line, ...expected, ...due].join(" ");
}

function drawWaterfall(job) {
  const span = waterfall.draw(byId("job-steps"), job, now());
  setText(byId("job-span"), `0 to ${duration(span)}`);
}

function facts(job) {
  const entries = [
    ["Job id", job.id],
    ["API request id", job.apiRequestId],
    ["Accepted", moment(job.start)],
    ["Last event", moment(job.end)],
    ["Next attempt", job.due && moment(job.due)],
    ["Call expected", job.expected && moment(job.expected)],
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
  for (const each of arrived.slice(list.children.length)) {
    const row = delivery.row(each, false);
    row.firstElementChild.open = true;
    list.append(row);
  }
  byId("no-callbacks").hidden = arrived.length > 0;
  setText(byId("no-callbacks"), job.callbackUrl ? "None has arrived in the inbox." : "The request wanted none.");
  const body = arrived.map((each) => data(each.body)).find(Boolean);
  sign({ "the callback": body });
}

async function loadRequest(job) {
  if (request === "loading" || request?.id === job.id || !job.steps.some((step) => step.title === "Request")) {
    return;
  }
  request = "loading";
  const response = await read(`/console/requests/${encodeURIComponent(job.id)}`);
  if (job.id === id) {
    request = { id, ...response };
    curl.set(request.curl ?? request.error);
    const headers = Object.entries(request.answerHeaders ?? {}).map(([name, value]) => `${name}: ${value}`);
    answer.textContent = request.error ?? [`HTTP ${request.status}`, ...headers, "", request.answer].join("\n");
    sign({ "the response": data(request.answer) });
  }
}

function loadRecord(job) {
  byId("record-panel").hidden = !job.recorded || job.formerRun;
  if (job.recorded && !job.formerRun) {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const found = await record.show(byId("job-record"), job.id);
      if (job.id === id) {
        sign({ "its record": found?.signature });
      }
    }, RECORD_DELAY_MILLIS);
  }
}

/** Displays the signature, which the response, the record and the callback may have. */
function sign(found) {
  Object.assign(signatures, found);
  const [from, value] = Object.entries(signatures).find(([, each]) => each) ?? [];
  byId("job-signature").hidden = !value;
  setText(byId("signature-from"), value ? `From ${from}.` : "There is none yet.");
  signature.set(value ?? "");
}

const data = (body) => {
  try {
    return JSON.parse(body).data;
  } catch {
    return null;
  }
};

async function read(path) {
  try {
    return await (await fetch(path)).json();
  } catch {
    return { error: "SignRelay does not respond. Restart the local run." };
  }
}
