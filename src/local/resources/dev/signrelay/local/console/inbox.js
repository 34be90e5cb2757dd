import { byId, clone, describe, fill, linkJob, setText, setTime } from "./dom.js";
import { deliveries, jobs, newest, title } from "./store.js";
import { count } from "./text.js";

const MAX_ROWS = 200;

const VERIFIED = { true: ["good", "signature valid"], false: ["bad", "signature INVALID"] };

export const open = draw;

/** Displays the newest requests. */
export function draw() {
  const shown = newest().slice(0, MAX_ROWS);
  show(byId("delivery-list"), shown);
  const all = deliveries.size;
  setText(byId("inbox-count"), `${shown.length < all ? `${shown.length} of ` : ""}${count(all, "request")}`);
  byId("no-deliveries").hidden = all > 0;
}

/**
 * Displays requests in this order. A request never changes, but its job may become known later. isOfJob: on the page of
 * its job, which does not name it again, and expands the newest.
 */
export function show(list, shown, isOfJob = false) {
  const rows = new Map([...list.children].map((row) => [row.dataset.key, row]));
  const wanted = new Set();
  for (const each of shown.toReversed()) {
    // Another run numbers its requests anew.
    const key = `${each.number} ${each.at}`;
    wanted.add(key);
    if (!rows.has(key)) {
      const row = create(each);
      row.dataset.key = key;
      row.firstElementChild.open = isOfJob && each === shown[0];
      rows.set(key, row);
      list.prepend(row);
    }
    const job = isOfJob ? undefined : jobs.get(each.job);
    fill(rows.get(key), { ".message": job ? title(job) : `${each.method} ${each.target}` });
    linkJob(rows.get(key).querySelector(".id"), job?.id, job ? job.id.slice(0, 8) : "no job");
  }
  rows.forEach((row, key) => wanted.has(key) || row.remove());
}

/** The line of a request, which expands to its headers and its body. */
function create(delivery) {
  const { number, method, target, headers, body, status, verified, at } = delivery;
  const row = clone("delivery");
  const id = headers["webhook-id"];
  const earlier = newest((other) => id && other.number < number && other.headers["webhook-id"] === id);
  const [tone, text] = VERIFIED[verified] ?? ["", "signature not checked"];
  const isDuplicate = earlier.some((other) => other.status < 300);
  const again = isDuplicate ? "duplicate" : earlier.length > 0 ? `attempt ${earlier.length + 1}` : "";
  fill(row, { ".status": `answered ${status}`, ".verified": text, ".again": again });
  row.querySelector(".status").classList.add(status < 300 ? "good" : "bad");
  row.querySelector(".verified").classList.add(tone || "plain");
  row.querySelector(".again").hidden = !again;
  setTime(row.querySelector("time"), at);
  const fillDetails = () => {
    describe(row.querySelector("dl"), [["request", `${method} ${target}`], ...Object.entries(headers)]);
    fill(row, { pre: body || "(empty)" });
  };
  row.firstElementChild.addEventListener("toggle", fillDetails, { once: true });
  return row;
}
