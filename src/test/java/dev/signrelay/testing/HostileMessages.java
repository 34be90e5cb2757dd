package dev.signrelay.testing;

import static dev.signrelay.testing.HostileText.quoted;

import java.util.function.Supplier;

/** Generates queue messages: valid jobs, damaged jobs, and arbitrary text. */
public final class HostileMessages {

  private HostileMessages() {}

  public static String message(SeededInput in) {
    return in.oneMadeBy(
        () -> job(in),
        () -> HostileText.damaged(in, job(in)),
        () -> HostileText.any(in),
        () -> text(in));
  }

  private static String job(SeededInput in) {
    String words = text(in);
    String id = mostly(in, "\"id-1\"", () -> text(in));
    return """
    {"version":1,"stage":"%s","message":%s,"signature":%s,"id":%s,"callbackUrl":%s,\
    "acceptedAt":%s,"attempt":%s,"notBefore":%s,"since":%s,"calls":%s}"""
        .formatted(
            in.oneOf("needs-signature", "needs-callback"),
            words,
            words,
            id,
            url(in),
            time(in),
            attempt(in),
            time(in),
            time(in),
            attempt(in));
  }

  private static String text(SeededInput in) {
    return quoted(HostileText.any(in));
  }

  private static String url(SeededInput in) {
    return mostly(
        in,
        "\"https://receiver.example/in?a=b\"",
        () ->
            in.oneMadeBy(
                () -> quoted("https://r.example/" + HostileText.query(in)),
                () ->
                    in.oneOf(
                        "\"http://u:p@h:99999/\"", "\"mailto:a@b\"", "\"https://[::1%25x]/\"")));
  }

  private static String time(SeededInput in) {
    return mostly(
        in,
        "\"2026-11-23T12:00:00Z\"",
        () ->
            in.oneOf(
                "\"2026-11-23T11:59:59.999999999Z\"",
                "\"2027-11-23T12:00:00Z\"",
                "\"+1000000000-12-31T23:59:59.999999999Z\"",
                "\"-1000000000-01-01T00:00:00Z\"",
                "\"0000-00-00\"",
                "\"\"",
                "null",
                "1"));
  }

  private static String attempt(SeededInput in) {
    return mostly(
        in,
        "1",
        () -> in.oneOf("20", "0", "-1", "2147483647", "2147483648", "1.0", "1e3", "\"1\""));
  }

  private static String mostly(SeededInput in, String usual, Supplier<String> other) {
    return in.oneIn(4) ? other.get() : usual;
  }
}
