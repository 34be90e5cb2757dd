package dev.signrelay.log;

import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened.
 *
 * @param name what, in a few fixed words
 * @param fields the facts, in order; strings and numbers that may be read by anyone
 * @param measurements what is counted and drawn, in the units of the metrics
 */
public record LogEvent(
    Level level, String name, Map<String, Object> fields, Map<Metric, Number> measurements) {

  /** Lambda's log levels that are used here, the least urgent first. */
  public enum Level {
    INFO,
    WARN,
    ERROR
  }

  public LogEvent {
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    var inOrder = new EnumMap<Metric, Number>(Metric.class);
    inOrder.putAll(measurements);
    measurements = Collections.unmodifiableMap(inOrder);
  }

  public static LogEvent of(Level level, String name) {
    return new LogEvent(level, name, Map.of(), Map.of());
  }

  public LogEvent atLeast(Level least) {
    return level.compareTo(least) < 0 ? new LogEvent(least, name, fields, measurements) : this;
  }

  /** Adds a fact; null adds nothing. */
  public LogEvent with(String field, @Nullable Object value) {
    if (value == null) {
      return this;
    }
    var more = new LinkedHashMap<>(fields);
    more.put(field, value);
    return new LogEvent(level, name, more, measurements);
  }

  /** Counts it once. */
  public LogEvent counted(Metric metric) {
    return measured(metric, 1);
  }

  public LogEvent measured(Metric metric, Number value) {
    var more = new LinkedHashMap<>(measurements);
    more.put(metric, value);
    return new LogEvent(level, name, fields, more);
  }
}
