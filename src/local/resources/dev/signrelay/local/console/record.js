import { element, keyHeader, NO_ANSWER } from "./dom.js";

/** The members of a record that are displayed, in this order. */
const MEMBERS = {
  status: "Status",
  attempts: "Upstream calls",
  deliveries: "Deliveries",
  last_outcome: "Last outcome",
  accepted_at: "Accepted",
  next_attempt_at: "Next attempt",
  reason: "Reason",
  signature: "Signature",
};

/** Reads the record of a job from the API and displays it as its client sees it. Returns it. */
export async function show(list, id) {
  const { data, error } = await read(id);
  const entries = data ? Object.entries(MEMBERS).map(([name, label]) => [label, data[name]]) : [["Record", error]];
  list.replaceChildren(
    ...entries
      .filter(([, value]) => value !== undefined && value !== null)
      .flatMap(([label, value]) => [element("dt", "", label), element("dd", "", value)]),
  );
  list.hidden = false;
  return data;
}

async function read(id) {
  try {
    const response = await fetch(`/crypto/jobs/${encodeURIComponent(id)}`, { headers: keyHeader() });
    return await response.json();
  } catch {
    return { error: NO_ANSWER };
  }
}
