import { step } from "./steps.js";

/** More are not shown: the oldest go. */
const SHOWN = 200;

const REASONS = {
  "message-rejected": "The upstream will never sign this message.",
  "signing-exhausted": "No attempt to sign was left.",
  "callback-exhausted": "No attempt to deliver was left. The job still has its signature.",
  "callback-gone": "The receiver answered 410: it wants no more callbacks.",
  "callback-forbidden": "The callback URL is not allowed. Nothing was sent.",
};

/** What is known of each job, put together from the lines of the log. The newest is the last. */
export class Jobs {
  #jobs = new Map();

  get all() {
    return [...this.#jobs.values()];
  }

  clear() {
    this.#jobs.clear();
  }

  /** Returns the job that a line is about; null if it is about none. */
  take(line) {
    if (!line.id) {
      return null;
    }
    const job = this.#jobs.get(line.id) ?? this.#begin(line);
    job.steps.push({ at: line.at, ...step(line) });
    job.steps.sort((a, b) => a.at - b.at);
    job.begun = Math.min(job.begun, line.at);
    if (line.event === "request") {
      job.message = line.message;
      job.callbackUrl = line.callbackUrl;
    }
    Object.assign(job, state(line, job));
    return job;
  }

  #begin(line) {
    const job = { id: line.id, begun: line.at, message: "", callbackUrl: "", steps: [], label: "Begun", kind: "plain", due: null, dead: "" };
    this.#jobs.set(job.id, job);
    if (this.#jobs.size > SHOWN) {
      this.#jobs.delete(this.#jobs.keys().next().value);
    }
    return job;
  }
}

/** How a job stands after a line; nothing if the line does not change that. */
function state(line, job) {
  switch (line.decision) {
    case "requeue":
      return waiting(line);
    case "deliver":
      return over("Delivering", "info");
    case "complete":
      return over("Delivered", "good");
    case "dead-letter":
      return { ...over("Dead letter", "bad"), dead: line.reason, why: REASONS[line.reason] ?? "" };
  }
  if (line.event === "redriven") {
    return over("Redriven", "info");
  }
  if (line.event === "request") {
    return answered(line, job);
  }
  return {};
}

function waiting(line) {
  if (line.error) {
    return over("Not queued", "bad");
  }
  const due = line.at + line.delaySeconds * 1_000;
  const label = { "rate limited": "Limited", "callback attempt": "Not delivered" }[line.event] ?? "Retrying";
  return { ...over(label, "wait"), due };
}

/** The answer, unless the log has said more before. */
function answered(line, job) {
  if (job.dead) {
    return {};
  }
  switch (line.signStatus) {
    case "signed":
      return over("Signed", "good");
    case "unsigned":
      return line.status === 200 ? over("Unsigned", "plain") : over("Not queued", "bad");
    case "rejected":
      return over("Rejected", "bad");
    default:
      return {};
  }
}

const over = (label, kind) => ({ label, kind, due: null, dead: "" });
