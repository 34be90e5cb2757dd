import { curl } from "./curl.js";
import { announce, byId, change, clone, describe, fill, keyHeader, read, setText } from "./dom.js";
import * as inbox from "./inbox.js";
import * as steps from "./steps.js";
import { first, isRedrivable, jobs, newest, now, request } from "./store.js";
import { clock } from "./text.js";

/** Changes within this time are displayed with one read of the job's record. */
const RECORD_DELAY_MILLIS = 200;

const CONFIRMATION_MILLIS = 2_000;

const UNKNOWN = "The request of this job is unknown.";

const table = byId("job-steps").appendChild(clone("steps"));

let id = "";
let drawn;
let record = {};
let timer;

export function listen() {
  byId("job-redrive").addEventListener("click", () => change("redrive", { ids: [id] }, byId("job-error")));
  for (const button of document.querySelectorAll(".copyable button")) {
    button.addEventListener("click", () => copy(button));
  }
}

/** Opens the page of a job. */
export function open(opened) {
  id = opened;
  drawn = undefined;
  record = {};
  clearTimeout(timer);
  setText(byId("job-title"), `Job ${id.slice(0, 8)}`);
  setText(byId("job-error"), "");
  byId("job-callbacks").replaceChildren();
  draw();
  tick();
}

/** Displays the job, if it has changed, and the callbacks that have arrived. */
export function draw() {
  const job = jobs.get(id);
  byId("job-missing").hidden = Boolean(job);
  byId("job-content").hidden = !job;
  if (!job) {
    return;
  }
  const callbacks = newest((each) => each.job === id);
  inbox.show(byId("job-callbacks"), callbacks, true);
  const none = job.callbackUrl ? "None has arrived in the inbox." : "The request wanted none.";
  setText(byId("no-callbacks"), callbacks.length > 0 ? "" : none);
  if (job !== drawn) {
    drawn = job;
    byId("job-badge").className = `badge ${job.state}`;
    byId("job-redrive").hidden = !isRedrivable(job);
    byId("job-dead").hidden = !job.reason;
    fill(document, {
      "#job-badge": job.state,
      "#job-reason": `${job.reason}: ${steps.why(job)}`,
      "#job-message": job.message || "(no message)",
    });
    describe(byId("job-facts"), [
      ["Job id", job.id],
      ["API request id", first(job, "apiRequestId")],
      ["Accepted", clock(job.steps[0].at)],
      ["Client", first(job, "client")],
      ["Callback URL", job.callbackUrl],
    ]);
    steps.draw(table, job);
    clearTimeout(timer);
    timer = setTimeout(load, RECORD_DELAY_MILLIS);
  }
  drawSources();
}

/** Updates the countdown, and the chart of a job that goes on. */
export function tick() {
  if (drawn) {
    setText(byId("job-now"), steps.status(drawn, now()));
    if (!drawn.over && !drawn.reason) {
      steps.scale(table, drawn);
    }
  }
}

/** Reads the record. Only a job that was queued has one. */
async function load() {
  const of = id;
  if (!drawn.formerRun && request(drawn).answerHeaders?.["x-sign-status"] === "queued") {
    const found = await read(`/crypto/jobs/${encodeURIComponent(of)}`, { headers: keyHeader() });
    if (of === id) {
      record = found;
      drawSources();
    }
  }
}

/** Displays the request, the record, and the signature. A callback comes last, because it may be forged. */
function drawSources() {
  const { method, answer, answerHeaders, status } = request(drawn);
  const headers = Object.entries(answerHeaders ?? {}).map(([name, value]) => `${name}: ${value}`);
  setText(byId("job-curl"), method ? curl(request(drawn)) : UNKNOWN);
  setText(byId("job-answer"), method ? [`HTTP ${status}`, ...headers, "", answer].join("\n") : UNKNOWN);
  const { signature, ...members } = record.data ?? { error: record.error };
  byId("record-panel").hidden = !record.data && !record.error;
  describe(byId("job-record"), Object.entries(members));
  const accepted = newest((each) => each.job === id && each.status < 300 && each.verified !== "false");
  const sources = [
    ["its record", signature],
    ["the response", signatureIn(answer)],
    ...accepted.map((each) => ["the callback", signatureIn(each.body)]),
  ];
  const [from, text] = sources.find(([, found]) => found) ?? [];
  setText(byId("signature-from"), text ? `From ${from}.` : "None is known.");
  setText(byId("job-signature"), text);
  byId("job-signature").parentElement.hidden = !text;
}

/** The signature in a body, if there is one. */
function signatureIn(body) {
  try {
    const { data } = JSON.parse(body);
    return typeof data === "string" ? data : undefined;
  } catch {
    return undefined;
  }
}

/** Browsers refuse to copy on a page that was not opened from this machine; the text is selected then. */
async function copy(button) {
  const text = button.previousElementSibling;
  const copied = await navigator.clipboard?.writeText(text.textContent).then(() => true, () => false);
  if (!copied) {
    getSelection().selectAllChildren(text);
  }
  announce(copied ? `${text.ariaLabel} copied` : "Press Ctrl-C to copy the selected text.");
  setText(button, copied ? "Copied" : "Ctrl-C");
  setTimeout(() => setText(button, "Copy"), CONFIRMATION_MILLIS);
}
