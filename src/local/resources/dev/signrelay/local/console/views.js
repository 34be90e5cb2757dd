import { byId } from "./dom.js";
import * as route from "./route.js";
import * as rows from "./rows.js";

const TITLES = { jobs: "SignRelay console", inbox: "Inbox - SignRelay console" };

const scrolled = new Map();
let view = "jobs";
let address = "";

/** The view that is displayed: jobs, job or inbox. */
export const current = () => view;

/** Displays the view of the address, now and whenever it changes. openers: what fills each view. */
export function listen(openers) {
  addEventListener("hashchange", () => show(openers, true));
  addEventListener("scroll", () => scrolled.set(address, scrollY), { passive: true });
  byId("skip").addEventListener("click", (event) => {
    event.preventDefault();
    byId(`${view}-view`).focus();
  });
  byId("to-send").addEventListener("click", () => byId("message").focus());
  show(openers, false);
}

function show(openers, moved) {
  const wanted = route.read();
  const from = { view, address };
  view = wanted.view;
  address = location.hash;
  for (const name of ["jobs", "job", "inbox"]) {
    byId(`${name}-view`).hidden = name !== view;
  }
  byId("metrics").hidden = view !== "jobs";
  document.title = TITLES[view] ?? `Job ${wanted.id.slice(0, 8)} - SignRelay console`;
  for (const [tab, isCurrent] of [["jobs", view !== "inbox"], ["inbox", view === "inbox"]]) {
    byId(`${tab}-tab`)[isCurrent ? "setAttribute" : "removeAttribute"]("aria-current", view === tab ? "page" : "true");
  }
  openers[view](wanted);
  byId("jobs-tab").href = byId("back").href = route.listAddress();
  if (moved && from.address !== address) {
    place(from);
  }
}

/** Continues where the user left a view, and begins a new one at its top. */
function place(from) {
  if (view === "jobs" && from.address.startsWith("#job/")) {
    scrollTo({ top: scrolled.get(address) ?? 0 });
    rows.focus(route.decoded(from.address.slice("#job/".length)));
  } else {
    byId(`${view}-view`).focus({ preventScroll: true });
    scrollTo({ top: 0 });
  }
}
