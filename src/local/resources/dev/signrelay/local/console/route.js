/** The address after #: "jobs", "jobs?state=failed&q=order", "job/ID" or "inbox". */
let lastList = "#jobs";

export function read() {
  const hash = location.hash.slice(1);
  if (hash.startsWith("job/")) {
    return { view: "job", id: decoded(hash.slice("job/".length)) };
  }
  if (hash === "inbox") {
    return { view: "inbox" };
  }
  const query = new URLSearchParams(hash.startsWith("jobs?") ? hash.slice("jobs?".length) : "");
  return { view: "jobs", state: query.get("state") ?? "all", search: query.get("q") ?? "" };
}

/** Changes the address of the list without a new entry in the browser's history. */
export function replaceList(state, search) {
  const query = new URLSearchParams();
  if (state !== "all") {
    query.set("state", state);
  }
  if (search) {
    query.set("q", search);
  }
  const text = query.toString();
  lastList = text ? `#jobs?${text}` : "#jobs";
  if (read().view === "jobs") {
    history.replaceState(null, "", lastList);
  }
}

/** The address of the list with its last filter and search. */
export const listAddress = () => lastList;

export const jobAddress = (id) => `#job/${encodeURIComponent(id)}`;

/** A text with invalid percent-encoding is unchanged. */
export function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
