package dev.signrelay.limit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Names for the ids in a state that do not depend on how many operations have begun. An id is the
 * number of the operation that created it, a dot, and a count. An operation that is suspended
 * compares its own ids with those that are stored, so they are named after it.
 */
final class ModelIds {

  private final Map<String, String> waiting = new HashMap<>();
  private final Map<String, Integer> versions = new HashMap<>();

  ModelIds(List<ModelProcess> processes) {
    for (int number = 0; number < processes.size(); number++) {
      int count = 0;
      for (ModelOperation operation : processes.get(number).waiting()) {
        waiting.put(String.valueOf(operation.number()), "W" + number + "-" + count++);
      }
    }
  }

  /** The name of a version, or of a grant: a version, a slash, and the number of the grant. */
  String of(String id) {
    String version = version(id);
    String own = ofWaiting(version);
    int known = versions.computeIfAbsent(version, _ -> versions.size());
    return (own.isEmpty() ? "V" + known : own) + id.substring(version.length()) + ' ';
  }

  /** Whether the version of a grant was named before. */
  boolean isKnown(String grantId) {
    return versions.containsKey(version(grantId));
  }

  /** The name of an id that only matters to the operation that created it; empty otherwise. */
  String ofWaiting(String id) {
    int dot = id.indexOf('.');
    String operation = dot < 0 ? null : waiting.get(id.substring(0, dot));
    return operation == null ? "" : operation + id.substring(dot);
  }

  private static String version(String id) {
    int slash = id.indexOf('/');
    return slash < 0 ? id : id.substring(0, slash);
  }
}
