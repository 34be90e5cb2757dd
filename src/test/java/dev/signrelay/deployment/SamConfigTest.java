package dev.signrelay.deployment;

import static dev.signrelay.local.Template.map;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.local.Template;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The defaults of the SAM CLI's commands, and the architecture of what it deploys. */
final class SamConfigTest {

  @ParameterizedTest
  @ValueSource(strings = {"local_invoke", "local_start_api"})
  void containersRunOnX86Machines(String command) throws IOException {
    assertThat(section(command))
        .contains(
            "parameter_overrides = \"Architecture=x86_64\"",
            "add_host = [\"host.docker.internal:host-gateway\"]",
            "env_vars = \"events/local-env.json\"");
  }

  @Test
  void everyDeployedFunctionHasTheArchitectureOfTheParameterWhichIsArm64() throws IOException {
    Template template = Template.read();
    List<Map<String, String>> architecture = List.of(Map.of("Ref", "Architecture"));

    assertThat(section("deploy")).doesNotContain("parameter_overrides");
    assertThat(map(map(template.root().get("Parameters")).get("Architecture")))
        .containsEntry("Default", "arm64");
    assertThat(map(map(template.root().get("Globals")).get("Function")))
        .containsEntry("Architectures", architecture);
    assertThat(template.properties("DeploymentCheckFunction"))
        .containsEntry("Architectures", architecture);
  }

  private static String section(String command) throws IOException {
    Matcher section =
        Pattern.compile("\\[default\\." + command + "\\.parameters]\\n((?:[^\\n\\[].*\\n)+)")
            .matcher(Files.readString(Path.of("samconfig.toml")));
    assertThat(section.find()).as(command).isTrue();
    return section.group(1);
  }
}
