package dev.signrelay.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.local.Template;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The defaults of the SAM CLI's commands, and the architecture of what it deploys. */
final class SamConfigTest {

  private static String samconfig;

  @BeforeAll
  static void read() throws IOException {
    samconfig = Files.readString(Path.of("samconfig.toml"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"local_invoke", "local_start_api"})
  void containersRunOnX86Machines(String command) {
    assertThat(section(command))
        .contains(
            "parameter_overrides = \"Architecture=x86_64\"",
            "add_host = [\"host.docker.internal:host-gateway\"]",
            "env_vars = \"events/local-env.json\"");
  }

  @Test
  void aContainerServesSeveralRequests() {
    assertThat(section("local_start_api")).contains("warm_containers = \"LAZY\"");
  }

  @Test
  void deploymentsUseTheArchitectureOfTheTemplateWhichIsArm64() {
    Map<String, Object> parameters = Template.map(Template.read().root().get("Parameters"));

    assertThat(section("deploy")).doesNotContain("parameter_overrides");
    assertThat(Template.map(parameters.get("Architecture")))
        .containsEntry("Default", "arm64")
        .containsEntry("AllowedValues", List.of("arm64", "x86_64"));
  }

  @Test
  void everyFunctionHasTheArchitectureOfTheParameter() {
    Template template = Template.read();
    List<Map<String, String>> architecture = List.of(Map.of("Ref", "Architecture"));

    assertThat(template.properties("DeploymentCheckFunction"))
        .containsEntry("Architectures", architecture);
    assertThat(Template.map(Template.map(template.root().get("Globals")).get("Function")))
        .containsEntry("Architectures", architecture);
  }

  private static String section(String command) {
    Matcher section =
        Pattern.compile("\\[default\\." + command + "\\.parameters]\\n((?:[^\\n\\[].*\\n)+)")
            .matcher(samconfig);
    assertThat(section.find()).as(command).isTrue();
    return section.group(1);
  }
}
