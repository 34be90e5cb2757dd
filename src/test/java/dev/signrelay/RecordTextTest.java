package dev.signrelay;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.lang.reflect.Constructor;
import java.lang.reflect.Proxy;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Finds records that hold what must not reach a log, and do not omit it from their text. Each
 * record is created with a marker in every component whose name says that it holds such a thing.
 */
final class RecordTextTest {

  private static final String MARKER = "SECRET0123456789";

  /** The names of components for messages, signatures, keys, and what a client or receiver sent. */
  private static final Pattern SENSITIVE =
      Pattern.compile(
          "message|signature|secret|value|key|body|text|url|callbackUrl|query|authorization",
          Pattern.CASE_INSENSITIVE);

  @Test
  void theTextOfARecordOmitsWhatItHolds() throws Exception {
    var found = new TreeSet<String>();
    for (Class<?> type : records().toList()) {
      for (RecordComponent component : type.getRecordComponents()) {
        if (isSensitive(component) && text(type, component).contains(MARKER)) {
          found.add(type.getName() + "." + component.getName());
        }
      }
    }

    assertThat(found).isEmpty();
  }

  @Test
  void recordsThatHoldSuchThingsAreFound() {
    Stream<String> sensitive =
        records()
            .filter(t -> Stream.of(t.getRecordComponents()).anyMatch(RecordTextTest::isSensitive))
            .map(Class::getSimpleName);

    assertThat(sensitive)
        .contains("ApiKey", "NeedsSignature", "NeedsCallback", "Acceptance", "Signed", "JobRecord");
  }

  private static boolean isSensitive(RecordComponent component) {
    return SENSITIVE.matcher(component.getName()).matches()
        && Set.of(String.class, URI.class).contains(component.getType());
  }

  private static Stream<Class<?>> records() {
    return new ClassFileImporter()
        .importPath("target/classes").stream()
            .<Class<?>>map(JavaClass::reflect)
            .filter(Class::isRecord);
  }

  private static String text(Class<?> type, RecordComponent marked) throws Exception {
    return create(type, component -> component.equals(marked)).toString();
  }

  private static Object create(Class<?> type, Predicate<RecordComponent> isMarked)
      throws Exception {
    RecordComponent[] components = type.getRecordComponents();
    var types = new Class<?>[components.length];
    var values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      values[i] = sample(types[i], isMarked.test(components[i]) ? MARKER : "x");
    }
    Constructor<?> constructor = type.getDeclaredConstructor(types);
    constructor.setAccessible(true);
    return constructor.newInstance(values);
  }

  /** A value of a type that its record accepts. */
  private static @Nullable Object sample(Class<?> type, String text) throws Exception {
    if (type == String.class) {
      return text;
    }
    if (type == URI.class) {
      return URI.create("https://host.example/" + text);
    }
    Object simple = SIMPLE.get(type);
    if (simple != null) {
      return simple;
    }
    if (type.isEnum()) {
      return type.getEnumConstants()[0];
    }
    if (type.isRecord()) {
      return create(type, _ -> false);
    }
    if (type.isSealed()) {
      return sample(type.getPermittedSubclasses()[0], text);
    }
    return type.isInterface()
        ? Proxy.newProxyInstance(
            RecordTextTest.class.getClassLoader(), new Class<?>[] {type}, (_, _, _) -> null)
        : null;
  }

  private static final Map<Class<?>, Object> SIMPLE =
      Map.ofEntries(
          Map.entry(int.class, 1),
          Map.entry(long.class, 1L),
          Map.entry(boolean.class, true),
          Map.entry(byte[].class, new byte[0]),
          Map.entry(Instant.class, Instant.EPOCH),
          Map.entry(Duration.class, Duration.ofSeconds(1)),
          Map.entry(List.class, List.of()),
          Map.entry(Map.class, Map.of()),
          Map.entry(Optional.class, Optional.empty()));
}
