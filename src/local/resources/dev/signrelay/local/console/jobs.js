import { step } from "./steps.js";

/** The maximum number of jobs. The oldest are removed. */
const MAX_JOBS = 200;

const REASONS = {
  "message-rejected": "The upstream rejected the message.",
  "signing-exhausted": "All signing attempts failed.",
  "not-called": "No call could begin: the rate limiter was unavailable, or each grant came too late.",
  "callback-exhausted": "All callback attempts failed. The job still has its signature.",
  "callback-gone": "The receiver answered 410 Gone.",
  "callback-forbidden": "The callback URL is not allowed. No callback was sent.",
  expired: "The time for which the result was wanted is over.",
};

/** The state of all jobs, derived from log events. The newest job is last. */
export class Jobs {
  #jobs = new Map();

  /** The ids of the jobs in line, in the order in which they joined. */
  #line = [];

  get all() {
    return [...this.#jobs.values()];
  }

  clear() {
    this.#jobs.clear();
    this.#line = [];
  }

  /** Applies a log event. Returns the jobs that it changes. */
  apply(line) {
    if (line.event === "dispatch") {
      return this.#dispatch(line);
    }
    if (!line.id) {
      return [];
    }
    const job = this.#jobs.get(line.id) ?? this.#create(line);
    if (line.event === "request") {
      job.message = line.message;
      job.callbackUrl = line.callbackUrl;
      job.recorded = line.signStatus === "queued";
    } else {
      this.#line = this.#line.filter((id) => id !== job.id);
      if (line.decision === "wait-in-line") {
        this.#line.push(job.id);
      }
    }
    this.#change(job, line);
    return [job];
  }

  /** DispatchFunction takes jobs from the head of the line. Its event does not name them. */
  #dispatch(line) {
    const left = this.#line.splice(0, line.Dispatched).map((id) => this.#jobs.get(id)).filter(Boolean);
    left.forEach((job) => this.#change(job, line));
    return left;
  }

  #change(job, line) {
    job.steps.push({ at: line.at, ...step(line) });
    job.steps.sort((a, b) => a.at - b.at);
    job.start = Math.min(job.start, line.at);
    Object.assign(job, state(line, job));
    this.#jobs.forEach((each) => (each.place = this.#line.indexOf(each.id) + 1));
  }

  #create(line) {
    const job = { id: line.id, start: line.at, message: "", callbackUrl: "", recorded: false, steps: [], label: "Started", kind: "plain", due: null, place: 0, dead: "" };
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
    case "wait-in-line":
      return waiting(line);
    case "deliver":
      return result("Delivering", "info");
    case "complete":
      return result(line.event === "signing attempt" ? "Signed" : "Delivered", "good");
    case "dead-letter":
      return { ...result("Dead letter", "bad"), dead: line.reason, why: REASONS[line.reason] ?? "" };
  }
  if (line.event === "dispatch") {
    return { label: "Rate limited", kind: "wait" };
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
  if (line.error && line.event !== "rate limiter unavailable") {
    return result("Not queued", "bad");
  }
  if (line.decision === "wait-in-line") {
    return result("In line", "wait");
  }
  const label = { "rate limited": "Rate limited", "callback attempt": "Callback failed" }[line.event] ?? "Retrying";
  return { ...result(label, "wait"), due: line.at + line.delaySeconds * 1_000 };
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
