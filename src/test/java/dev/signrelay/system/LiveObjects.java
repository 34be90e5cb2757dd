package dev.signrelay.system;

import dev.signrelay.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The live objects of a Java process after a full garbage collection.
 *
 * @param own the number of objects of each of SignRelay's classes, except enums, whose number is
 *     constant
 * @param bytes the size of all objects
 */
record LiveObjects(Map<String, Long> own, long bytes) {

  private static final Pattern OWN =
      Pattern.compile(" *\\d+: +(\\d+) +\\d+ +(dev\\.signrelay\\.\\S+).*");

  private static final Pattern TOTAL = Pattern.compile("Total +\\d+ +(\\d+)");

  /** The live objects of each function. */
  static Map<ChildJvm, LiveObjects> of(SystemOfProcesses system) throws IOException {
    var objects = new LinkedHashMap<ChildJvm, LiveObjects>();
    for (var functions : List.of(system.signFunctions(), system.retryFunctions())) {
      for (ChildJvm function : functions) {
        objects.put(function, of(function.pid()));
      }
    }
    return objects;
  }

  private static LiveObjects of(long pid) throws IOException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    var builder = new ProcessBuilder(jcmd, Long.toString(pid), "GC.class_histogram");
    try (var told = builder.redirectErrorStream(true).start().inputReader()) {
      return parse(told.lines().toList());
    }
  }

  private static LiveObjects parse(List<String> histogram) {
    var own = new HashMap<String, Long>();
    for (String line : histogram) {
      var matcher = OWN.matcher(line);
      if (matcher.matches() && !isEnum(matcher.group(2))) {
        own.put(matcher.group(2), Long.parseLong(matcher.group(1)));
      }
    }
    var total = TOTAL.matcher(histogram.getLast());
    if (!total.matches() || own.isEmpty()) {
      throw new IllegalStateException("no histogram: " + histogram);
    }
    return new LiveObjects(own, Long.parseLong(total.group(1)));
  }

  private static boolean isEnum(String className) {
    try {
      return Class.forName(className, false, LiveObjects.class.getClassLoader()).isEnum();
    } catch (ClassNotFoundException _) {
      // The class of a lambda expression, which has no class file.
      return false;
    }
  }

  /** The classes with more objects than before, and the increase of each. */
  Map<String, Long> moreThan(LiveObjects before) {
    var more = new HashMap<String, Long>();
    own.forEach((name, now) -> more.put(name, now - before.own.getOrDefault(name, 0L)));
    more.values().removeIf(n -> n <= 0);
    return more;
  }
}
