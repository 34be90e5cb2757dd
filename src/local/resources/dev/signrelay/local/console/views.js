import { byId } from "./dom.js";

const VIEWS = ["jobs", "job", "inbox"];

/** A narrow page has one column and begins with the jobs. The order is also that of the tab key. */
const narrow = matchMedia("(max-width: 52rem)");

const scrolled = new Map();
let view = "jobs";
let address = "";
let list = "#jobs";

/** The view that is displayed: jobs, job or inbox. */
export const current = () => view;

/** Changes the address of the list, "#jobs?state=failed&q=order", without a new entry in the browser's history. */
export function setList(filter) {
  const query = new URLSearchParams(Object.entries(filter).filter(([, value]) => value));
  list = query.size > 0 ? `#jobs?${query}` : "#jobs";
  if (view === "jobs") {
    history.replaceState(null, "", list);
  }
  byId("jobs-tab").href = byId("back").href = list;
}

/** Displays the view of the address, now and whenever it changes. views: the modules that fill them. */
export function listen(views) {
  history.scrollRestoration = "manual";
  addEventListener("hashchange", () => {
    const from = address;
    show(views);
    if (from !== address) {
      place(from);
    }
  });
  addEventListener("scroll", () => scrolled.set(location.hash, scrollY), { passive: true });
  byId("skip").addEventListener("click", (event) => {
    event.preventDefault();
    byId(`${view}-view`).focus();
  });
  byId("to-send").addEventListener("click", () => byId("message").focus());
  narrow.addEventListener("change", arrange);
  arrange();
  show(views);
}

function arrange() {
  byId("wide")[narrow.matches ? "append" : "prepend"](byId("metrics"));
  byId("main")[narrow.matches ? "append" : "prepend"](byId("side"));
}

function show(views) {
  const [, name, id, query] = /^#(\w*)\/?([^?]*)\??(.*)$/.exec(location.hash) ?? [];
  view = VIEWS.includes(name) ? name : "jobs";
  VIEWS.forEach((each) => (byId(`${each}-view`).hidden = each !== view));
  byId("metrics").hidden = view !== "jobs";
  const title = { job: `Job ${decoded(id ?? "").slice(0, 8)} - `, inbox: "Inbox - " }[view] ?? "";
  document.title = `${title}SignRelay console`;
  byId("jobs-tab").ariaCurrent = { jobs: "page", job: "true" }[view] ?? null;
  byId("inbox-tab").ariaCurrent = view === "inbox" ? "page" : null;
  views[view].open(view === "jobs" ? new URLSearchParams(query) : decoded(id ?? ""));
  address = location.hash;
}

/** Continues where the user left the list, and begins another view at its top. */
function place(from) {
  const isBack = view === "jobs" && from.startsWith("#job/");
  const link = isBack && byId("job-list").querySelector(`.id[href="${CSS.escape(from)}"]`);
  scrollTo({ top: link ? scrolled.get(address) : 0 });
  (link || byId(`${view}-view`)).focus({ preventScroll: true });
}

/** A text with invalid percent-encoding is unchanged. */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
