package dev.signrelay.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.json.Json;
import dev.signrelay.testing.Night;
import dev.signrelay.testing.RuntimeJars;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The SBOM of the deployed package. */
@Night
final class SbomIT {

  private static final Path SBOM = Path.of("target/bom.json");

  private JsonNode sbom;

  @BeforeEach
  void read() throws Exception {
    sbom = Json.read(Files.readString(SBOM));
  }

  @Test
  void theSbomListsExactlyTheDeployedJarsWithTheirHashes() throws Exception {
    List<String> components =
        sbom.path("components")
            .valueStream()
            .map(c -> "%s-%s.jar %s".formatted(text(c, "name"), text(c, "version"), sha256(c)))
            .toList();

    var jars = new ArrayList<String>();
    for (Path jar : RuntimeJars.read().files()) {
      jars.add(jar.getFileName() + " " + RuntimeJars.sha256(jar));
    }
    assertThat(components).containsExactlyInAnyOrderElementsOf(jars);
  }

  @Test
  void theSbomIsReproducible() {
    assertThat(sbom.path("metadata").has("timestamp")).isFalse();
    // A UUID of version 3 is derived from a name and not random.
    assertThat(text(sbom, "serialNumber")).matches("urn:uuid:.{8}-.{4}-3.*");
  }

  private static String sha256(JsonNode component) {
    return component
        .path("hashes")
        .valueStream()
        .filter(hash -> text(hash, "alg").equals("SHA-256"))
        .map(hash -> text(hash, "content"))
        .findFirst()
        .orElse("none");
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asText();
  }
}
