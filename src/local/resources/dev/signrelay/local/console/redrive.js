import { byId, change, element } from "./dom.js";
import { jobs } from "./store.js";
import { setText } from "./time.js";

const selected = new Set();
let offered = [];

/** A job that has expired would be a dead letter again at once. */
export const isRedrivable = (job) => job.state === "failed";

/** Registers the listeners of the buttons for several jobs. */
export function listen() {
  byId("redrive-selected").addEventListener("click", () => several(offered.filter((id) => selected.has(id))));
  byId("redrive-shown").addEventListener("click", () => several(offered));
  byId("redrive-all").addEventListener("click", (event) => run(event.target, byId("dead-error"), { all: true }));
}

/** Offers to redrive the dead letters among the jobs that are displayed. */
export function offer(shown) {
  deselect([...selected].filter((id) => !jobs.has(id) || !isRedrivable(jobs.get(id))));
  offered = shown.filter(isRedrivable).map((job) => job.id);
  const bar = byId("redrive-bar");
  bar.hidden = offered.length === 0 && !bar.contains(document.activeElement);
  setText(byId("redrive-shown"), offered.length ? `Redrive all ${offered.length} shown` : "Redrive all shown");
  byId("redrive-shown").disabled = offered.length === 0;
  count();
}

function deselect(ids) {
  ids.forEach((id) => selected.delete(id));
  for (const box of byId("job-list").querySelectorAll(".dead input")) {
    box.checked = selected.has(box.value);
  }
}

function count() {
  const chosen = offered.filter((id) => selected.has(id)).length;
  setText(byId("redrive-selected"), chosen ? `Redrive ${chosen} selected` : "Redrive selected");
  byId("redrive-selected").disabled = chosen === 0;
}

/** A check box that selects a job, and a button that redrives it. */
export function controls(id, error) {
  const short = id.slice(0, 8);
  const label = element("label", "check");
  const box = element("input");
  box.type = "checkbox";
  box.value = id;
  box.checked = selected.has(id);
  box.setAttribute("aria-label", `Select job ${short}`);
  box.addEventListener("change", () => {
    selected[box.checked ? "add" : "delete"](id);
    count();
  });
  label.append(box, element("span", "", "Select"));
  return [label, button(id, error)];
}

export function button(id, error) {
  const made = element("button", "", "Redrive");
  made.type = "button";
  made.setAttribute("aria-label", `Redrive job ${id.slice(0, 8)}`);
  made.addEventListener("click", () => run(made, error, { ids: [id] }));
  return made;
}

async function several(ids) {
  const done = await run(byId("redrive-shown"), byId("redrive-error"), { ids });
  if (done) {
    const rest = ids.length - done.redriven;
    setText(byId("redrive-error"), rest > 0 ? `${done.redriven} redriven. ${rest} were no longer dead letters.` : "");
  }
}

/** Says what went wrong beside the button. */
async function run(pressed, error, wanted) {
  setText(error, "");
  pressed.setAttribute("aria-busy", "true");
  try {
    const done = await change("redrive", wanted);
    deselect(wanted.ids ?? [...selected]);
    count();
    return done;
  } catch (e) {
    setText(error, e.message);
    return null;
  } finally {
    pressed.removeAttribute("aria-busy");
  }
}
