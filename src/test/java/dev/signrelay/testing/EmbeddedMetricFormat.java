package dev.signrelay.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks log lines against CloudWatch's embedded metric format (Amazon CloudWatch user guide,
 * "Specification: Embedded metric format").
 */
public final class EmbeddedMetricFormat {

  private static final int MAX_DIMENSION_VALUE = 1_024;
  private static final Schema SCHEMA = schema();

  private EmbeddedMetricFormat() {}

  private static Schema schema() {
    try (InputStream file = EmbeddedMetricFormat.class.getResourceAsStream("emf.schema.json")) {
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(new String(file.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether CloudWatch looks for metrics in this line. */
  public static boolean claims(JsonNode line) {
    return line.has("_aws");
  }

  /** The violations of the schema, and of the rules on target members, which it cannot state. */
  public static List<String> violations(JsonNode line) {
    var violations = new ArrayList<String>();
    SCHEMA.validate(line).forEach(error -> violations.add(error.toString()));
    for (JsonNode directive : line.path("_aws").path("CloudWatchMetrics")) {
      for (JsonNode metric : directive.path("Metrics")) {
        String name = metric.path("Name").asText();
        if (!line.path(name).isNumber()) {
          violations.add("the metric " + name + " has no number");
        }
      }
      for (JsonNode set : directive.path("Dimensions")) {
        for (JsonNode dimension : set) {
          JsonNode value = line.path(dimension.asText());
          if (!value.isTextual() || value.textValue().length() > MAX_DIMENSION_VALUE) {
            violations.add("the dimension " + dimension.asText() + " has no text as its value");
          }
        }
      }
    }
    return violations;
  }
}
