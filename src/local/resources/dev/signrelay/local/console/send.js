import { byId, duration, element, keyHeader, NO_ANSWER, seconds } from "./dom.js";

const KINDS = { signed: "good", queued: "wait", rejected: "bad", refused: "bad", unsigned: "" };

let sending = false;

/** Initializes the form with the settings of the local run. */
export function prepare({ inbox, keyNeeded }) {
  const url = byId("callback-url");
  if (!url.dataset.filled) {
    url.dataset.filled = "yes";
    url.value = inbox;
  }
  byId("key-field").hidden = !keyNeeded;
}

/** Registers the form's listeners. onSent receives the ids of the jobs, and the id of a single one. */
export function listen(onSent) {
  byId("with-callback").addEventListener("change", (e) => {
    byId("callback-url").disabled = !e.target.checked;
  });
  byId("send").addEventListener("submit", (e) => {
    e.preventDefault();
    send([byId("message").value], onSent);
  });
  byId("send-ten").addEventListener("click", () => {
    const message = byId("message").value;
    send(Array.from({ length: 10 }, (_, i) => `${message} ${i + 1}`), onSent);
  });
}

/** The connection is open again. */
export function reconnected() {
  if (byId("answer").textContent === NO_ANSWER) {
    byId("answer").replaceChildren();
  }
}

async function send(messages, onSent) {
  if (sending) {
    return;
  }
  busy(true);
  try {
    const answers = await Promise.all(messages.map(request));
    const ids = answers.map((answer) => answer.id).filter(Boolean);
    onSent(ids, ids.length === 1 ? ids[0] : null);
    byId("answer").replaceChildren(...(answers.length === 1 ? details(answers[0]) : summary(answers)));
  } catch {
    byId("answer").replaceChildren(element("p", "", NO_ANSWER));
  } finally {
    busy(false);
  }
}

/** Whether SignRelay refused the request; API Gateway's own answers have no X-Sign-Status. */
const refused = ({ status, headers }) => status >= 400 && status < 500 && headers.has("X-Sign-Status");

async function request(message) {
  const query = new URLSearchParams({ message });
  if (byId("with-callback").checked) {
    query.set("callback_url", byId("callback-url").value);
  }
  const preference = byId("respond-async").checked ? { Prefer: "respond-async" } : {};
  const start = performance.now();
  const response = await fetch(`/crypto/sign?${query}`, { headers: { ...keyHeader(), ...preference } });
  const body = await response.text();
  return {
    status: response.status,
    signStatus: refused(response) ? "refused" : (response.headers.get("X-Sign-Status") ?? ""),
    id: response.headers.get("X-Request-Id"),
    expectedIn: response.headers.get("X-Sign-Expected-In"),
    body,
    millis: performance.now() - start,
  };
}

function details({ status, signStatus, expectedIn, body, millis }) {
  const head = element("p", "answer-head");
  head.append(
    element("strong", "", status),
    element("span", `badge ${KINDS[signStatus] ?? "bad"}`, signStatus || "no X-Sign-Status"),
    element("span", "note took", `after ${duration(millis)}`),
  );
  const expected = expectedIn > 0 ? [element("p", "note", `Call expected in ${seconds(expectedIn)}`)] : [];
  return [head, ...expected, element("pre", "", body)];
}

function summary(answers) {
  const counts = {};
  answers.forEach(({ status, signStatus }) => {
    const name = signStatus || status;
    counts[name] = (counts[name] ?? 0) + 1;
  });
  const head = element("p", "answer-head");
  head.append(
    ...Object.entries(counts).map(([name, count]) => element("span", `badge ${KINDS[name] ?? "bad"}`, `${count} ${name}`)),
    element("span", "note took", `after ${duration(Math.max(...answers.map((a) => a.millis)))}`),
  );
  return [head];
}

/** Uses aria-disabled, because a disabled button would lose the focus. */
function busy(now) {
  sending = now;
  byId("send").setAttribute("aria-busy", now);
  for (const button of byId("send").querySelectorAll("button")) {
    button.setAttribute("aria-disabled", now);
  }
}
