import { element } from "./dom.js";
import { jobAddress } from "./route.js";
import { jobs } from "./store.js";
import { moment } from "./time.js";

const VERIFIED = {
  true: ["good", "signature valid"],
  false: ["bad", "signature INVALID"],
  "": ["", "signature not checked"],
};

/** A request to the inbox: its line, which expands to its headers and its body. */
export function row(delivery, withLink) {
  const item = element("li", "job delivery");
  const details = element("details");
  const summary = element("summary");
  const what = element("span", "message", `${delivery.method} ${delivery.target}`);
  summary.append(badge(delivery.status < 300 ? "good" : "bad", `answered ${delivery.status}`), what, marks(delivery), moment(delivery.at));
  details.append(summary);
  details.addEventListener("toggle", () => details.children.length > 1 || details.append(content(delivery, withLink ? "h3" : "h4")));
  item.append(details);
  if (withLink) {
    item.append(link(delivery));
  }
  return item;
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

function link({ job }) {
  if (!jobs.has(job)) {
    return element("span", "id", "no job");
  }
  const made = element("a", "id", job.slice(0, 8));
  made.href = jobAddress(job);
  made.setAttribute("aria-label", `${job.slice(0, 8)}: page of the job`);
  return made;
}

/** The request as it was received, and the response. heading: the element of their titles. */
function content({ headers, body, status }, heading) {
  const all = element("div", "exchange");
  const list = element("dl", "record");
  for (const [name, value] of Object.entries(headers ?? {})) {
    list.append(element("dt", "", name), element("dd", "", value));
  }
  all.append(element(heading, "", "Headers"), list, element(heading, "", "Body"), element("pre", "", body || "(empty)"));
  all.append(element(heading, "", "Response"), element("p", "", `HTTP ${status}, without a body`));
  return all;
}

const badge = (tone, text) => element("span", `badge ${tone}`, text);
