import { element } from "./dom.js";
import { jobAddress } from "./route.js";
import { jobs } from "./store.js";
import { clock, moment, setText } from "./time.js";

const VERIFIED = {
  true: ["good", "signature valid"],
  false: ["bad", "signature INVALID"],
  "": ["", "signature not checked"],
};

/** A longer message is on the job's page. */
const MAX_MESSAGE = 200;

/** A request to the inbox: its line, which expands to its headers and its body. heading: of their titles. */
export function row(delivery, heading = "h3") {
  const item = element("li", "job delivery");
  const details = element("details");
  const summary = element("summary");
  const message = element("span", "message", `${delivery.method} ${delivery.target}`);
  summary.append(badge(delivery.status < 300 ? "good" : "bad", `answered ${delivery.status}`), message, marks(delivery), moment(delivery.at, clock(delivery.at)));
  details.append(summary);
  details.addEventListener("toggle", () => details.children.length > 1 || details.append(content(delivery, heading)));
  item.append(details);
  return { item, message, link: null };
}

/** Names the job of a request by its message, and links to its page. */
export function nameJob(row, { job }) {
  const known = jobs.get(job);
  if (known?.message) {
    setText(row.message, known.message.slice(0, MAX_MESSAGE));
  }
  if (row.link?.tagName !== (known ? "A" : "SPAN")) {
    row.link?.remove();
    row.link = link(job, known);
    row.item.append(row.link);
  }
}

function marks({ verified, repeats, duplicate }) {
  const all = element("span", "badges");
  const [tone, text] = VERIFIED[verified] ?? VERIFIED[""];
  all.append(badge(tone, text));
  if (duplicate) {
    all.append(badge("wait", "duplicate"));
  } else if (repeats > 0) {
    all.append(badge("wait", `attempt ${repeats + 1}`));
  }
  return all;
}

function link(job, known) {
  if (!known) {
    return element("span", "id", "no job");
  }
  const made = element("a", "id", job.slice(0, 8));
  made.href = jobAddress(job);
  made.setAttribute("aria-label", `${job.slice(0, 8)}: page of the job`);
  return made;
}

/** The request as it was received, and the response. heading: the element of their titles. */
function content({ method, target, headers, body, status }, heading) {
  const all = element("div", "exchange");
  const list = element("dl", "record");
  for (const [name, value] of Object.entries(headers ?? {})) {
    list.append(element("dt", "", name), element("dd", "", value));
  }
  all.append(element(heading, "", "Request"), element("p", "", `${method} ${target}`), element(heading, "", "Headers"), list, element(heading, "", "Body"), element("pre", "", body || "(empty)"));
  all.append(element(heading, "", "Response"), element("p", "", `HTTP ${status}, without a body`));
  return all;
}

const badge = (tone, text) => element("span", `badge ${tone}`, text);
