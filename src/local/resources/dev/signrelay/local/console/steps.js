import { duration, seconds } from "./dom.js";

/**
 * Converts a log event to a step of the timeline: { kind, title, detail, next }. The kind is good, bad,
 * wait, info or plain. A step that waits has `due` as well, in milliseconds of the server's time.
 */
export function step(line) {
  switch (line.event) {
    case "request":
      return {
        kind: "plain",
        title: "Request",
        detail: `answered ${line.status} ${line.signStatus}${line.expectedIn > 0 ? `, call expected after ${seconds(line.expectedIn)}` : ""}`,
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
        detail: `answered ${line.status}`,
        next: { true: "signature valid", false: "signature INVALID", "": "" }[line.verified],
      };
    case "rate limited":
      return {
        kind: "wait",
        title: "Rate limited",
        detail: { requeue: "waits for its grant", "wait-in-line": "joins the line" }[line.decision] ?? "no grant available",
        ...decision(line),
      };
    case "dispatch":
      return { kind: "wait", title: "Left the line", detail: "waits for its grant", next: "" };
    case "grant expired":
      return { kind: "wait", title: "Grant expired", detail: "no call could begin in time", ...decision(line) };
    case "expired":
      return { kind: "bad", title: "Expired", detail: "the result is no longer wanted", ...decision(line) };
    case "waiting":
      return { kind: "wait", title: "Waiting", detail: "delay not over yet", ...decision(line) };
    case "failure notice":
      return { kind: "info", title: "Failure notice", detail: line.outcome, next: "" };
    case "redriven":
      return { kind: "info", title: "Redriven", detail: "back in the retry queue", next: "" };
    default:
      return { kind: "bad", title: capital(line.event), detail: line.error ?? "", ...decision(line) };
  }
}

function attempt(line, title, ended) {
  const failed = line.error ? `: ${line.error}` : "";
  return {
    kind: ended && !failed ? "good" : "bad",
    title,
    detail: `${line.outcome}, ${duration(line.millis)}${failed}`,
    ...decision(line),
  };
}

function decision(line) {
  switch (line.decision) {
    case "requeue":
      return { next: "", due: line.at + line.delaySeconds * 1_000 };
    case "wait-in-line":
      return { next: line.expectedWaitSeconds === undefined ? "joins the line" : `call expected after ${seconds(line.expectedWaitSeconds)}` };
    case "deliver":
      return { next: "callback follows" };
    case "answer":
      return { next: line.outcome === "signed" ? "returned in the response" : "no signature returned" };
    case "complete":
      return { next: line.event === "signing attempt" ? "kept in its record" : "delivered" };
    case "dead-letter":
      return { next: `dead letter: ${line.reason}` };
    default:
      return { next: "" };
  }
}

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
