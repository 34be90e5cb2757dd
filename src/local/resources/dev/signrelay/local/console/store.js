/** What the server has sent: all jobs, the requests to the inbox, and the metrics. */
export const jobs = new Map();
export const deliveries = new Map();
export let metrics = { line: { inFlight: 0 }, nextCalls: [] };

/** The server keeps as many. */
const MAX_DELIVERIES = 1_000;

/** A longer message is on the job's page. */
const MAX_TITLE = 200;

let line = [];
let offset = 0;

/** The server's time, which may differ from the browser's. */
export const now = () => Date.now() + offset;

/** A job's place in line; 0: it is not in line. */
export const place = (job) => line.indexOf(job.id) + 1;

/** When a job at a place in line can expect its call. Those that have been received are called now. */
export const expectedCall = (at) =>
  at > metrics.line.inFlight ? metrics.nextCalls[at - 1 - metrics.line.inFlight] : 0;

/** The end of a pause of all upstream calls; 0: they are not paused. */
export const pausedUntil = () => (metrics.pausedUntil > now() ? metrics.pausedUntil : 0);

/** A job that has expired would be a dead letter again at once. */
export const isRedrivable = (job) => job.state === "failed";

/** What a job is called in lists. */
export const title = (job) => job.message.slice(0, MAX_TITLE) || "(no message)";

/** The first value of a field in the steps of a job. */
export const first = (job, field) => job.steps.find((step) => step[field])?.[field];

/** The request of a job, which later ones with the same Idempotency-Key repeat; empty if it is unknown. */
export const request = (job) => job.steps.find((step) => step.name === "request") ?? {};

/** The requests to the inbox that match, the newest first. */
export const newest = (matches = () => true) => [...deliveries.values()].filter(matches).reverse();

/** Takes over what has changed. known: the ids of all jobs; the server no longer has the others. */
export function put(changes) {
  metrics = changes.metrics;
  offset = metrics.at - Date.now();
  for (const job of changes.jobs ?? []) {
    const given = parameters(request(job));
    job.message = String(given.message ?? "");
    job.callbackUrl = String(given.callback_url ?? "");
    const host = URL.parse(job.callbackUrl)?.host ?? first(job, "callbackHost");
    job.searched = [job.id, job.message, host, first(job, "client")].join("\n").toLowerCase();
    jobs.set(job.id, job);
  }
  const known = new Set(changes.known ?? jobs.keys());
  [...jobs.keys()].filter((id) => !known.has(id)).forEach((id) => jobs.delete(id));
  changes.deliveries?.forEach((each) => deliveries.set(each.number, each));
  [...deliveries.keys()].slice(0, -MAX_DELIVERIES).forEach((number) => deliveries.delete(number));
  const inLine = [...jobs.values()].filter((job) => job.inLineSince !== null);
  line = inLine.sort((a, b) => a.inLineSince - b.inLineSince || a.number - b.number).map((job) => job.id);
}

/** What a request gives in its JSON body or its query. */
function parameters({ target, body }) {
  try {
    return (body ? JSON.parse(body) : Object.fromEntries(new URL(target, location.origin).searchParams)) ?? {};
  } catch {
    return {};
  }
}
