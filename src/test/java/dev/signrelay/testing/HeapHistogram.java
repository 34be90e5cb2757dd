package dev.signrelay.testing;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The live objects of a Java process after a full garbage collection, as {@code jcmd} reports them.
 *
 * @param instances the number of objects of each of SignRelay's classes, except enums, whose number
 *     is constant
 */
public record HeapHistogram(Map<String, Long> instances) {

  private static final Pattern OWN_CLASS =
      Pattern.compile(" *\\d+: +(\\d+) +\\d+ +(dev\\.signrelay\\.\\S+).*");

  public static HeapHistogram of(long pid) throws IOException {
    return parse(HeapDump.jcmd(pid, "GC.class_histogram").lines().toList());
  }

  private static HeapHistogram parse(List<String> lines) {
    var instances = new HashMap<String, Long>();
    for (String line : lines) {
      var matcher = OWN_CLASS.matcher(line);
      if (matcher.matches() && !isEnum(matcher.group(2))) {
        instances.put(matcher.group(2), Long.parseLong(matcher.group(1)));
      }
    }
    if (instances.isEmpty()) {
      throw new IllegalStateException("jcmd printed no histogram: " + lines);
    }
    return new HeapHistogram(instances);
  }

  private static boolean isEnum(String className) {
    try {
      return Class.forName(className, false, HeapHistogram.class.getClassLoader()).isEnum();
    } catch (ClassNotFoundException _) {
      return false; // a lambda expression, which has no class file
    }
  }

  /** The number of objects of a class. */
  public long instances(Class<?> type) {
    return instances.getOrDefault(type.getName(), 0L);
  }

  /** The increase of each class that has more objects than before. */
  public Map<String, Long> growthSince(HeapHistogram before) {
    var growth = new HashMap<String, Long>();
    instances.forEach(
        (name, now) -> growth.put(name, now - before.instances.getOrDefault(name, 0L)));
    growth.values().removeIf(n -> n <= 0);
    return growth;
  }
}
