import { byId, element, keyHeader, NO_ANSWER } from "./dom.js";
import { signStatus } from "./steps.js";
import { duration, seconds } from "./text.js";

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

/** Registers the form's listeners. onSent receives the ids of the jobs. */
export function listen(onSent) {
  byId("with-callback").addEventListener("change", (event) => (byId("callback-url").disabled = !event.target.checked));
  byId("send").addEventListener("submit", (event) => {
    event.preventDefault();
    const message = byId("message").value;
    const isTen = event.submitter?.id === "send-ten";
    send(isTen ? Array.from({ length: 10 }, (_, i) => `${message} ${i + 1}`) : [message], onSent);
  });
}

async function send(messages, onSent) {
  if (sending) {
    return;
  }
  setBusy(true);
  try {
    const answers = await Promise.all(messages.map(request));
    onSent(answers.map((answer) => answer.id).filter(Boolean));
    show(answers);
  } catch {
    byId("answer").replaceChildren(element("p", "", NO_ANSWER));
  } finally {
    setBusy(false);
  }
}

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
    word: signStatus(response.status, response.headers.get("X-Sign-Status")) || "no X-Sign-Status",
    id: response.headers.get("X-Request-Id"),
    expectedIn: response.headers.get("X-Sign-Expected-In"),
    body,
    millis: performance.now() - start,
  };
}

/** Displays a single answer as a whole, and counts several. */
function show(answers) {
  const [{ status, expectedIn, body }, ...others] = answers;
  const isSingle = others.length === 0;
  const head = element("p", "answer-head");
  if (isSingle) {
    head.append(element("strong", "", status));
  }
  for (const [word, same] of Map.groupBy(answers, (answer) => answer.word)) {
    head.append(element("span", `badge ${word}`, isSingle ? word : `${same.length} ${word}`));
  }
  head.append(element("span", "note took", `after ${duration(Math.max(...answers.map((answer) => answer.millis)))}`));
  const expected = isSingle && expectedIn > 0 ? [element("p", "note", `Call expected in ${seconds(expectedIn)}`)] : [];
  byId("answer").replaceChildren(head, ...expected, ...(isSingle ? [element("pre", "", body)] : []));
}

/** Uses aria-disabled, because a disabled button would lose the focus. */
function setBusy(now) {
  sending = now;
  byId("send").ariaBusy = now;
  byId("send").querySelectorAll("button").forEach((button) => (button.ariaDisabled = now));
}
