package dev.signrelay.local.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * A place in {@code openapi.yaml}.
 *
 * @param root the whole document, which references start from
 * @param path how the place was reached, for messages
 */
public record OpenApi(JsonNode root, JsonNode node, String path) {

  /** A value in the document with the mistakes its own schema finds in it. */
  public record Example(String path, List<String> mistakes) {}

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12,
          registry ->
              registry.schemaRegistryConfig(
                  SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));

  public static OpenApi read() {
    return of(tree());
  }

  /**
   * @param root a whole document
   */
  public static OpenApi of(JsonNode root) {
    return new OpenApi(root, root, "openapi.yaml");
  }

  /** The document, each time as a tree of its own. */
  public static ObjectNode tree() {
    var options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    try (var text = Files.newBufferedReader(Path.of("openapi.yaml"))) {
      Object tree = new Yaml(new SafeConstructor(options)).load(text);
      return MAPPER.valueToTree(tree);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Steps down, through references as well.
   *
   * @throws NoSuchElementException if there is no such place
   */
  public OpenApi at(String... names) {
    OpenApi place = this;
    for (String name : names) {
      JsonNode child = place.node.path(name);
      if (child.isMissingNode()) {
        throw new NoSuchElementException("%s has no %s".formatted(place.path, name));
      }
      place = new OpenApi(root, resolved(child), place.path + " " + name);
    }
    return place;
  }

  public boolean has(String name) {
    return node.has(name);
  }

  public List<String> names() {
    return node.propertyStream().map(Map.Entry::getKey).toList();
  }

  public String text() {
    return node.asText();
  }

  /** The operation's parameter of this name. */
  public OpenApi parameter(String name) {
    for (JsonNode parameter : node.path("parameters")) {
      if (parameter.path("name").asText().equals(name)) {
        return new OpenApi(root, parameter, path + " parameter " + name);
      }
    }
    throw new NoSuchElementException("%s has no parameter %s".formatted(path, name));
  }

  /** What the schema here finds wrong with a value; with its references it is one of its own. */
  public List<String> mistakes(JsonNode value) {
    ObjectNode schema = node.deepCopy();
    schema.set("components", root.path("components"));
    return SCHEMAS.getSchema(schema).validate(value).stream()
        .map(error -> "%s: %s in %s".formatted(path, error, value))
        .toList();
  }

  /** The same of a value of a header or a query: digits are a number where one is asked for. */
  public List<String> mistakes(String value) {
    boolean number = node.path("type").asText().equals("integer") && value.matches("\\d+");
    return mistakes(MAPPER.valueToTree(number ? (Object) Long.valueOf(value) : value));
  }

  /** Of every parameter, header and body below; one that has none counts as a mistake. */
  public List<Example> examples() {
    var found = new ArrayList<Example>();
    if (node.has("schema")) {
      List<JsonNode> values =
          Stream.concat(
                  Stream.of(node.path("example")),
                  node.path("examples").valueStream().map(example -> example.path("value")))
              .filter(value -> !value.isMissingNode())
              .toList();
      if (values.isEmpty()) {
        found.add(new Example(path, List.of("no example")));
      }
      values.forEach(value -> found.add(new Example(path, at("schema").mistakes(value))));
    }
    if (node.isArray()) {
      node.forEach(child -> found.addAll(new OpenApi(root, child, path + "[]").examples()));
    }
    names().forEach(name -> found.addAll(at(name).examples()));
    return found;
  }

  private JsonNode resolved(JsonNode child) {
    return child.size() == 1 && child.has("$ref")
        ? root.at(child.path("$ref").asText().substring(1))
        : child;
  }
}
