package dev.signrelay.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every row of {@code docs/faults.md} names a test, and the test exists. */
final class FaultTableTest {

  private static final Path TABLE = Path.of("docs/faults.md");
  private static final List<Path> ROOTS =
      List.of(Path.of("src/test/java"), Path.of("src/simulation/java"));
  private static final Pattern NAMED = Pattern.compile("`(\\w+(?:Test|IT))#(\\w+)`");

  @Test
  void everyRowNamesATest() throws IOException {
    assertThat(Files.readAllLines(TABLE))
        .filteredOn(line -> line.startsWith("|"))
        .filteredOn(line -> !line.startsWith("|---") && !line.startsWith("| failure |"))
        .hasSizeGreaterThan(25)
        .allMatch(line -> NAMED.matcher(line).find());
  }

  @Test
  void everyNamedTestExists() throws IOException {
    Set<String> named =
        NAMED
            .matcher(Files.readString(TABLE))
            .results()
            .map(name -> name.group(1) + "#" + name.group(2))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(existing()).containsAll(named);
  }

  private static Set<String> existing() throws IOException {
    var methods = new TreeSet<String>();
    for (Path root : ROOTS) {
      try (Stream<Path> files = Files.walk(root)) {
        files
            .map(root::relativize)
            .map(Path::toString)
            .filter(file -> file.endsWith("Test.java") || file.endsWith("IT.java"))
            .map(file -> load(file.replace(".java", "").replace('/', '.').replace('\\', '.')))
            .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
            .map(method -> method.getDeclaringClass().getSimpleName() + "#" + method.getName())
            .forEach(methods::add);
      }
    }
    return methods;
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, FaultTableTest.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }
}
