import { step } from "./steps.js";

/** The maximum number of jobs. The oldest are removed. */
const MAX_JOBS = 200;

const REASONS = {
  "message-rejected": "The upstream rejected the message.",
  "signing-exhausted": "All signing attempts failed.",
  "callback-exhausted": "All callback attempts failed. The job still has its signature.",
  "callback-gone": "The receiver answered 410 Gone.",
  "callback-forbidden": "The callback URL is not allowed. No callback was sent.",
};

/** The state of all jobs, derived from log events. The newest job is last. */
export class Jobs {
  #jobs = new Map();

  get all() {
    return [...this.#jobs.values()];
  }

  clear() {
    this.#jobs.clear();
  }

  /** Applies a log event. Returns its job, or null if the event belongs to no job. */
  apply(line) {
    if (!line.id) {
      return null;
    }
    const job = this.#jobs.get(line.id) ?? this.#create(line);
    job.steps.push({ at: line.at, ...step(line) });
    job.steps.sort((a, b) => a.at - b.at);
    job.start = Math.min(job.start, line.at);
    if (line.event === "request") {
      job.message = line.message;
      job.callbackUrl = line.callbackUrl;
    }
    Object.assign(job, state(line, job));
    return job;
  }

  #create(line) {
    const job = { id: line.id, start: line.at, message: "", callbackUrl: "", steps: [], label: "Started", kind: "plain", due: null, dead: "" };
    this.#jobs.set(job.id, job);
    if (this.#jobs.size > MAX_JOBS) {
      this.#jobs.delete(this.#jobs.keys().next().value);
    }
    return job;
  }
}

/** The changes that a log event makes to the state of a job. */
function state(line, job) {
  switch (line.decision) {
    case "requeue":
      return waiting(line);
    case "deliver":
      return result("Delivering", "info");
    case "complete":
      return result("Delivered", "good");
    case "dead-letter":
      return { ...result("Dead letter", "bad"), dead: line.reason, why: REASONS[line.reason] ?? "" };
  }
  if (line.event === "redriven") {
    return result("Redriven", "info");
  }
  if (line.event === "request") {
    return answered(line, job);
  }
  return {};
}

function waiting(line) {
  if (line.error) {
    return result("Not queued", "bad");
  }
  const due = line.at + line.delaySeconds * 1_000;
  const label = { "rate limited": "Rate limited", "callback attempt": "Callback failed" }[line.event] ?? "Retrying";
  return { ...result(label, "wait"), due };
}

/** The result of the request, unless earlier events have already determined the state. */
function answered(line, job) {
  if (job.dead) {
    return {};
  }
  switch (line.signStatus) {
    case "signed":
      return result("Signed", "good");
    case "unsigned":
      return line.status === 200 ? result("Unsigned", "plain") : result("Not queued", "bad");
    case "rejected":
      return result("Rejected", "bad");
    default:
      return {};
  }
}

const result = (label, kind) => ({ label, kind, due: null, dead: "" });
