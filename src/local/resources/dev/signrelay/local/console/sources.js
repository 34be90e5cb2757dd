import { copyable } from "./copy.js";
import { byId, element, NO_ANSWER } from "./dom.js";
import * as record from "./record.js";
import { setText } from "./time.js";

/** Changes within this time are displayed with one read of the job's record. */
const RECORD_DELAY_MILLIS = 200;

/** What may have the signature. A callback comes last, because it may be forged. */
const SOURCES = ["its record", "the response", "the callback"];

const signed = copyable("Signature");
const curl = copyable("curl command");
const answer = element("pre");

let id = "";
let request = "";
let signatures = {};
let timer;

/** Fills the fixed parts of a job's page that come from its request, its response and its record. */
export function prepare() {
  byId("job-signature").append(signed.node);
  byId("job-curl").append(curl.node);
  byId("job-answer").append(answer);
}

export function open(opened) {
  id = opened;
  request = "";
  signatures = {};
  curl.set("");
  setText(answer, "");
  byId("job-record").replaceChildren();
}

/** Reads the request once, and the record whenever the job has changed. */
export function load(job) {
  if (request !== job.id && job.steps.some((step) => step.title === "Request")) {
    request = job.id;
    loadRequest(job.id);
  }
  const hasRecord = job.recorded && !job.formerRun;
  byId("record-panel").hidden = !hasRecord;
  clearTimeout(timer);
  if (hasRecord) {
    timer = setTimeout(() => loadRecord(job.id), RECORD_DELAY_MILLIS);
  }
}

/** Displays the signature of the first source that has one. */
export function found(source, value) {
  signatures[source] = value;
  const from = SOURCES.find((each) => signatures[each]);
  const text = signatures[from];
  byId("job-signature").hidden = !text;
  setText(byId("signature-from"), text ? `From ${from}.` : "None is known.");
  signed.set(text ?? "");
}

/** The signature in a body; null: there is none. */
export function signature(body) {
  try {
    const { data } = JSON.parse(body);
    return typeof data === "string" ? data : null;
  } catch {
    return null;
  }
}

async function loadRequest(of) {
  const read = await json(`/console/requests/${encodeURIComponent(of)}`);
  if (of === id) {
    curl.set(read.curl ?? read.error);
    const headers = Object.entries(read.answerHeaders ?? {}).map(([name, value]) => `${name}: ${value}`);
    setText(answer, read.error ?? [`HTTP ${read.status}`, ...headers, "", read.answer].join("\n"));
    found("the response", signature(read.answer));
  }
}

async function loadRecord(of) {
  const read = await record.show(byId("job-record"), of);
  if (of === id) {
    found("its record", read?.signature);
  }
}

async function json(path) {
  try {
    return await (await fetch(path)).json();
  } catch {
    return { error: NO_ANSWER };
  }
}
