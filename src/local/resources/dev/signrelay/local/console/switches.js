import { byId, change } from "./dom.js";

const NOTES = {
  upstream: {
    healthy: "Signs each message at once.",
    flaky: "Half of the messages fail for a while; some calls are slow.",
    down: "Answers 503 to every call.",
    slow: "Signs after 3 s: too late for the answer.",
    hanging: "Takes calls and never answers.",
  },
  receiver: {
    ok: "Takes every callback.",
    500: "Fails. SignRelay tries again.",
    410: "Wants no more callbacks: the job is given up.",
    slow: "Takes every callback, after 3 s.",
  },
};

for (const name of Object.keys(NOTES)) {
  byId(name).addEventListener("change", async (event) => {
    try {
      note(name, event.target.value);
      await change(`${name}/${event.target.value}`);
    } catch (e) {
      set(name, byId(name).dataset.shown);
      byId(`${name}-note`).textContent = e.message;
    }
  });
}

/** Sets the switches as they are, in whatever page they were turned. */
export function show(gauges) {
  for (const name of Object.keys(NOTES)) {
    const to = gauges[name];
    byId(name).disabled = to === null;
    if (to === null) {
      byId(`${name}-note`).textContent = "Another upstream is used: CRYPTO_CLIENT_BASE_URL is set.";
    } else if (byId(name).dataset.shown !== to) {
      byId(name).dataset.shown = to;
      set(name, to);
      note(name, to);
    }
  }
}

function set(name, to) {
  byId(name).querySelector(`[value="${to}"]`).checked = true;
}

function note(name, to) {
  byId(`${name}-note`).textContent = NOTES[name][to];
}
