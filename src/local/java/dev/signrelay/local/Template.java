package dev.signrelay.local;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * The SAM template, {@code template.yaml}, from which the local run and the tests read the deployed
 * configuration. Short forms of intrinsic functions are read as their long forms: {@code !Ref X} is
 * {@code {Ref: X}}.
 */
public record Template(Map<String, Object> root) {

  /** Reads the tags of intrinsic functions. */
  private static final class IntrinsicFunctions extends SafeConstructor {

    IntrinsicFunctions() {
      super(new LoaderOptions());
      yamlMultiConstructors.put(
          "!",
          new AbstractConstruct() {
            @Override
            public Object construct(Node node) {
              String tag = node.getTag().getValue().substring(1);
              String name = tag.equals("Ref") ? tag : "Fn::" + tag;
              Object argument =
                  switch (node) {
                    case ScalarNode scalar -> constructScalar(scalar);
                    case SequenceNode sequence -> constructSequence(sequence);
                    default ->
                        throw new IllegalArgumentException(
                            "unsupported argument of an intrinsic function: " + node);
                  };
              return Map.of(name, argument);
            }
          });
    }
  }

  /**
   * Reads the file in the current directory.
   *
   * @throws UncheckedIOException if it cannot be read
   */
  public static Template read() {
    try (var reader = Files.newBufferedReader(Path.of("template.yaml"))) {
      return parse(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot read template.yaml; run from the project directory", e);
    }
  }

  static Template parse(Reader yaml) {
    return new Template(new Yaml(new IntrinsicFunctions()).load(yaml));
  }

  public Map<String, Object> resources() {
    return map(root.get("Resources"));
  }

  /**
   * The properties of a resource.
   *
   * @param resource its logical ID, which must exist
   */
  public Map<String, Object> properties(String resource) {
    return map(map(resources().get(resource)).get("Properties"));
  }

  /**
   * The properties of a function's events, in their order.
   *
   * @param function its logical ID, which must exist
   * @param type of the events, such as {@code SQS}
   */
  public List<Map<String, Object>> events(String function, String type) {
    Object events = properties(function).get("Events");
    return events == null
        ? List.of()
        : map(events).values().stream()
            .map(Template::map)
            .filter(event -> type.equals(event.get("Type")))
            .map(event -> map(event.get("Properties")))
            .toList();
  }

  public boolean isQueue(String resource) {
    return "AWS::SQS::Queue".equals(map(resources().get(resource)).get("Type"));
  }

  /** The logical ID in {@code !GetAtt ID.Arn}. */
  public static String logicalId(Object getAtt) {
    return String.valueOf(map(getAtt).get("Fn::GetAtt")).replaceFirst("\\..*", "");
  }

  /** The environment of every function, with unresolved intrinsic functions. */
  public Map<String, Object> environment() {
    var function = map(map(root.get("Globals")).get("Function"));
    return map(map(function.get("Environment")).get("Variables"));
  }

  /**
   * The environment of every function, with parameters at their defaults. Variables that cannot be
   * resolved are omitted.
   *
   * @param references the values of {@code Ref}s to resources and to parameters without a default
   */
  public Map<String, String> environment(Map<String, String> references) {
    var environment = new LinkedHashMap<String, String>();
    environment()
        .forEach(
            (name, value) -> {
              Object resolved = resolve(value, references);
              if (resolved != null && !(resolved instanceof Map)) {
                environment.put(name, resolved.toString());
              }
            });
    return environment;
  }

  /**
   * Resolves an integer, with parameters at their defaults.
   *
   * @throws NumberFormatException if the value is not an integer
   */
  public int integer(Object value) {
    return Integer.parseInt(String.valueOf(resolve(value, Map.of())));
  }

  private Object resolve(Object value, Map<String, String> references) {
    if (!(value instanceof Map)) {
      return value;
    }
    Map<String, Object> intrinsic = map(value);
    if (intrinsic.get("Ref") instanceof String name) {
      return references.getOrDefault(name, parameterDefault(name));
    }
    if (intrinsic.get("Fn::If") instanceof List<?> choice) {
      Object condition = map(root.get("Conditions")).get(choice.getFirst());
      return resolve(choice.get(holds(condition, references) ? 1 : 2), references);
    }
    if (intrinsic.get("Fn::FindInMap") instanceof List<?> path) {
      Map<String, Object> mapping = map(map(root.get("Mappings")).get(path.getFirst()));
      String key = String.valueOf(resolve(path.get(1), references));
      return map(mapping.get(key)).get(path.get(2));
    }
    return value;
  }

  private boolean holds(Object condition, Map<String, String> references) {
    Map<String, Object> intrinsic = map(condition);
    if (intrinsic.get("Fn::Not") instanceof List<?> inner) {
      return !holds(inner.getFirst(), references);
    }
    List<?> equal = (List<?>) intrinsic.get("Fn::Equals");
    return String.valueOf(resolve(equal.get(0), references))
        .equals(String.valueOf(resolve(equal.get(1), references)));
  }

  private String parameterDefault(String name) {
    Object parameter = map(root.get("Parameters")).get(name);
    Object byDefault = parameter == null ? null : map(parameter).get("Default");
    return byDefault == null ? null : byDefault.toString();
  }

  @SuppressWarnings("unchecked") // YAML mappings of a template have string keys
  public static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }
}
