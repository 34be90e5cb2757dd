import { duration } from "./dom.js";

/**
 * What a line of the log says to people: { kind, title, detail, next }. The kind is good, bad, wait,
 * info or plain. A wait has `due` as well, in the server's milliseconds.
 */
export function step(line) {
  switch (line.event) {
    case "request":
      return {
        kind: "plain",
        title: "Request",
        detail: `answered ${line.status} ${line.signStatus}`,
        next: `in ${duration(line.millis)}`,
      };
    case "request refused":
      return { kind: "bad", title: "Refused", detail: line.error, next: "" };
    case "signing attempt":
      return attempt(line, `Signing attempt ${line.attempt}`, line.outcome === "signed");
    case "callback attempt":
      return attempt(line, `Callback attempt ${line.attempt}`, line.decision === "complete");
    case "callback arrived":
      return {
        kind: line.status < 300 ? "info" : "bad",
        title: "Callback arrived",
        detail: `the receiver answers ${line.status}`,
        next: { true: "signature is right", false: "signature is WRONG", "": "" }[line.verified],
      };
    case "rate limited":
      return {
        kind: "wait",
        title: "Limit reached",
        detail: line.decision === "requeue" ? "waits for a free call" : "no call is free",
        ...decided(line),
      };
    case "waiting":
      return { kind: "wait", title: "Not due yet", detail: "waits on", ...decided(line) };
    case "failure notice":
      return { kind: "info", title: "Receiver told", detail: `that the job is given up: ${line.outcome}`, next: "" };
    case "redriven":
      return { kind: "info", title: "Redriven", detail: "back in the retry queue", next: "" };
    default:
      return { kind: "bad", title: capital(line.event), detail: line.error ?? "", ...decided(line) };
  }
}

function attempt(line, title, ended) {
  const failed = line.error ? `: ${line.error}` : "";
  return {
    kind: ended && !failed ? "good" : "bad",
    title,
    detail: `${line.outcome}, ${duration(line.millis)}${failed}`,
    ...decided(line),
  };
}

function decided(line) {
  switch (line.decision) {
    case "requeue":
      return { next: "", due: line.at + line.delaySeconds * 1_000 };
    case "deliver":
      return { next: "delivering" };
    case "answer":
      return { next: line.outcome === "signed" ? "in the answer" : "answered without" };
    case "complete":
      return { next: "delivered" };
    case "dead-letter":
      return { next: `dead letter: ${line.reason}` };
    default:
      return { next: "" };
  }
}

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
