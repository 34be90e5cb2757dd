package dev.signrelay.ops;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Durations, times and tables as an operator types and reads them. */
final class Texts {

  private static final Pattern DURATION = Pattern.compile("(\\d{1,6})([smhd])");

  private Texts() {}

  /**
   * Reads {@code 90s}, {@code 30m}, {@code 2h} or {@code 1d}.
   *
   * @throws IllegalArgumentException if it is none of these
   */
  static Duration duration(String text) {
    Matcher found = DURATION.matcher(text);
    if (!found.matches()) {
      throw new IllegalArgumentException("must be a number and s, m, h or d, like 90m");
    }
    long number = Long.parseLong(found.group(1));
    return switch (found.group(2)) {
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }

  /** The two largest units, like {@code 1 h 30 min}; not negative. */
  static String text(Duration duration) {
    Duration d = duration.isNegative() ? Duration.ZERO : duration;
    if (d.toMinutes() == 0) {
      return d.toSeconds() + " s";
    }
    if (d.toHours() == 0) {
      return d.toMinutes() + " min" + unlessZero(d.toSecondsPart(), "s");
    }
    return d.toDays() == 0
        ? d.toHours() + " h" + unlessZero(d.toMinutesPart(), "min")
        : d.toDays() + " d" + unlessZero(d.toHoursPart(), "h");
  }

  private static String unlessZero(int number, String unit) {
    return number == 0 ? "" : " " + number + " " + unit;
  }

  static String time(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** A time and how far ahead it is. */
  static String ahead(Instant time, Instant now) {
    return time(time) + " (in " + text(Duration.between(now, time).plusMillis(500)) + ")";
  }

  static String count(long number, String one, String many) {
    return number + " " + (number == 1 ? one : many);
  }

  /** Lines whose cells are below each other; empty cells are shown as a hyphen. */
  static List<String> table(List<List<String>> texts) {
    List<List<String>> rows =
        texts.stream().map(row -> row.stream().map(TerminalWriter::escaped).toList()).toList();
    int columns = rows.getFirst().size();
    int[] widths =
        IntStream.range(0, columns)
            .map(i -> rows.stream().mapToInt(row -> row.get(i).length()).max().orElse(0))
            .toArray();
    return rows.stream()
        .map(
            row ->
                IntStream.range(0, columns)
                    .mapToObj(i -> padded(row.get(i).isEmpty() ? "-" : row.get(i), widths[i]))
                    .collect(Collectors.joining("  "))
                    .stripTrailing())
        .toList();
  }

  private static String padded(String cell, int width) {
    return cell + " ".repeat(Math.max(0, width - cell.length()));
  }
}
