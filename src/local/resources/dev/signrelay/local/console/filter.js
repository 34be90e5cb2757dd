import { byId, element } from "./dom.js";
import * as route from "./route.js";
import { setText } from "./time.js";

/** The states by which jobs are filtered, in the words of the API. */
const STATES = {
  all: "All",
  waiting: "Waiting",
  signing: "Signing",
  delivering: "Delivering",
  signed: "Signed",
  delivered: "Delivered",
  failed: "Failed",
  expired: "Expired",
  unsigned: "Unsigned",
  rejected: "Rejected",
  refused: "Refused",
  lost: "Lost",
};

/** Offered only if there are such jobs. */
const RARE = ["expired", "unsigned", "rejected", "refused", "lost"];

const chips = new Map();
let state = "all";
let search = "";

/** Creates the chips. onChange is called after each change of the filter or the search. */
export function listen(onChange) {
  const changed = () => {
    route.replaceList(state, search);
    onChange();
  };
  for (const [name, title] of Object.entries(STATES)) {
    const label = element("label");
    const input = element("input");
    Object.assign(input, { type: "radio", name: "state", value: name });
    const count = element("b", "", "0");
    const text = element("span", "", title);
    text.append(" ", count);
    label.append(input, text);
    input.addEventListener("change", () => {
      state = name;
      changed();
    });
    chips.set(name, { label, input, count });
    byId("states").append(label);
  }
  byId("search").addEventListener("input", (event) => {
    search = event.target.value;
    changed();
  });
}

/** Takes filter and search from the address. */
export function restore(address) {
  state = chips.has(address.state) ? address.state : "all";
  search = address.search;
  chips.get(state).input.checked = true;
  byId("search").value = search;
  route.replaceList(state, search);
}

export function matches(job) {
  return (state === "all" || job.state === state) && job.searched.includes(search.trim().toLowerCase());
}

/** Displays how many jobs each chip has, of those that the search finds. Returns that of the chosen one. */
export function count(jobs) {
  const wanted = search.trim().toLowerCase();
  const counts = { all: 0 };
  for (const job of jobs) {
    if (job.searched.includes(wanted)) {
      counts.all++;
      counts[job.state] = (counts[job.state] ?? 0) + 1;
    }
  }
  for (const [name, chip] of chips) {
    setText(chip.count, String(counts[name] ?? 0));
  }
  for (const name of RARE) {
    chips.get(name).label.hidden = !counts[name] && state !== name;
  }
  return counts[state] ?? 0;
}
