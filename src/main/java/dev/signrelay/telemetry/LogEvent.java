package dev.signrelay.telemetry;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One event for the log.
 *
 * @param name a fixed text that identifies the kind of event
 * @param fields strings and numbers, in order; free of secrets and personal data
 * @param measurements values of metrics, in the metrics' units
 */
public record LogEvent(
    Level level, String name, Map<String, Object> fields, Map<Metric, Number> measurements) {

  /** Lambda's log levels in use, in ascending order of severity. */
  public enum Level {
    INFO,
    WARN,
    ERROR
  }

  public LogEvent {
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    measurements = Collections.unmodifiableMap(new TreeMap<>(measurements));
  }

  public static LogEvent of(Level level, String name) {
    return new LogEvent(level, name, Map.of(), Map.of());
  }

  /** A copy with at least this level. */
  public LogEvent atLeast(Level least) {
    return level.compareTo(least) < 0 ? new LogEvent(least, name, fields, measurements) : this;
  }

  /** A copy with another field; null: unchanged. */
  public LogEvent with(String field, @Nullable Object value) {
    if (value == null) {
      return this;
    }
    var more = new LinkedHashMap<>(fields);
    more.put(field, value);
    return new LogEvent(level, name, more, measurements);
  }

  public LogEvent counted(Metric metric) {
    return measured(metric, 1);
  }

  public LogEvent measured(Metric metric, Number value) {
    var more = new LinkedHashMap<>(measurements);
    more.put(metric, value);
    return new LogEvent(level, name, fields, more);
  }
}
