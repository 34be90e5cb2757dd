package dev.signrelay.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import dev.signrelay.local.console.ApiReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.Stream;

/**
 * A node of {@code openapi.yaml}.
 *
 * @param root the whole document, in which references are resolved
 * @param path the names on the way to the node, for messages
 */
public record OpenApi(JsonNode root, JsonNode node, String path) {

  /** An example in the document, with the violations of its schema. */
  public record Example(String path, List<String> violations) {}

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12,
          registry ->
              registry.schemaRegistryConfig(
                  SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));

  /** The root of {@code openapi.yaml}. */
  public static OpenApi read() {
    return of(ApiReference.openApi());
  }

  /** The root of a document. */
  public static OpenApi of(JsonNode root) {
    return new OpenApi(root, root, "openapi.yaml");
  }

  /**
   * Returns a descendant. References are resolved.
   *
   * @throws NoSuchElementException if it does not exist
   */
  public OpenApi at(String... names) {
    OpenApi result = this;
    for (String name : names) {
      JsonNode child = result.node.path(name);
      if (child.isMissingNode()) {
        throw new NoSuchElementException("%s has no %s".formatted(result.path, name));
      }
      result = new OpenApi(root, resolved(child), result.path + " " + name);
    }
    return result;
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

  /** Validates a value against the schema at this node, and returns the violations. */
  public List<String> violations(JsonNode value) {
    ObjectNode schema = node.deepCopy();
    schema.set("components", root.path("components"));
    return SCHEMAS.getSchema(schema).validate(value).stream()
        .map(error -> "%s: %s in %s".formatted(path, error, value))
        .toList();
  }

  /** Validates a header or query parameter. Digits are a number if the schema requires one. */
  public List<String> violations(String value) {
    boolean number = node.path("type").asText().equals("integer") && value.matches("\\d+");
    return violations(MAPPER.valueToTree(number ? (Object) Long.valueOf(value) : value));
  }

  /** The examples of every parameter, header and body below. A missing example is a violation. */
  public List<Example> examples() {
    var found = new ArrayList<Example>();
    if (node.has("schema")) {
      List<JsonNode> values =
          Stream.concat(
                  Stream.of(node.path("example")),
                  node.path("examples")
                      .valueStream()
                      .map(example -> resolved(example).path("value")))
              .filter(value -> !value.isMissingNode())
              .toList();
      // Swagger UI would send the example of an optional header with each request.
      if (values.isEmpty() && !node.path("in").asText().equals("header")) {
        found.add(new Example(path, List.of("no example")));
      }
      values.forEach(value -> found.add(new Example(path, at("schema").violations(value))));
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
