/** Control characters could end what a terminal pastes, and others could hide or reorder text. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const ESCAPED = { "'": "\\'", "\\": "\\\\", "\n": "\\n" };

/** A command for a POSIX shell with $'...', such as Bash or Zsh, that repeats a request. */
export function curl({ method, target, headers, body }) {
  const options = [
    method === "GET" ? "" : `-X ${quoted(method)}`,
    ...Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    body ? `--data-raw ${quoted(body)}` : "",
  ];
  return ["curl -i --globoff", ...options, quoted(location.origin + target)].filter(Boolean).join(" ");
}

/** One word of a command line. */
export const quoted = (text) =>
  INVISIBLE.test(text) ? `$'${Array.from(text, escaped).join("")}'` : `'${text.replaceAll("'", "'\\''")}'`;

const escaped = (point) =>
  ESCAPED[point] ?? (INVISIBLE.test(point) ? `\\U${point.codePointAt(0).toString(16).padStart(8, "0")}` : point);
