package dev.signrelay.deployment;

import static dev.signrelay.local.Template.map;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.local.Template;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A resource with a condition is referred to only where the condition holds. */
final class ConditionsTest {

  private static final Template TEMPLATE = Template.read();
  private static final String GRADUAL = "DeploymentsAreGradual";
  private static final Pattern SUBSTITUTED = Pattern.compile("\\$\\{(\\w+)[.}]");

  static Stream<String> resourcesAndOutputs() {
    return Stream.concat(
        TEMPLATE.resources().keySet().stream(),
        map(TEMPLATE.root().get("Outputs")).keySet().stream());
  }

  @ParameterizedTest
  @MethodSource("resourcesAndOutputs")
  void whatAResourceOrAnOutputRefersToExistsWithIt(String name) {
    Object node =
        TEMPLATE.resources().getOrDefault(name, map(TEMPLATE.root().get("Outputs")).get(name));

    assertThat(references(node, conditionOf(node))).as(name).isEmpty();
  }

  /** Without gradual deployments, nothing of them is created. */
  @Test
  void whatServesGradualDeploymentsExistsOnlyWithThem() {
    assertThat(TEMPLATE.resources().keySet())
        .filteredOn(resource -> conditionOf(TEMPLATE.resources().get(resource)).contains(GRADUAL))
        .containsExactlyInAnyOrder(
            "DeploymentCheckFunction",
            "DeploymentCheckLogs",
            "DeploymentCheckRole",
            "DeploymentRole",
            "SignVersionAlarm",
            "RetryVersionAlarm");
    assertThat(map(TEMPLATE.root().get("Conditions")).get(GRADUAL))
        .isEqualTo(Map.of("Fn::Equals", List.of(Map.of("Ref", "GradualDeployment"), "true")));
  }

  /** The resources that a node refers to and that need not exist under these conditions. */
  private static Stream<String> references(Object node, Set<Object> conditions) {
    return switch (node) {
      case List<?> list -> list.stream().flatMap(item -> references(item, conditions));
      case Map<?, ?> object ->
          object.entrySet().stream()
              .flatMap(entry -> references((String) entry.getKey(), entry.getValue(), conditions));
      default -> Stream.empty();
    };
  }

  private static Stream<String> references(String key, Object value, Set<Object> conditions) {
    return switch (key) {
      case "Ref", "DependsOn", "Fn::GetAtt" ->
          Stream.of(value.toString().replaceFirst("\\..*", ""))
              .filter(name -> isMissing(name, conditions));
      case "Fn::Sub" -> {
        String text = (String) (value instanceof List<?> list ? list.getFirst() : value);
        yield Stream.concat(
            SUBSTITUTED
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .filter(name -> isMissing(name, conditions)),
            references(value, conditions));
      }
      case "Fn::If" -> {
        List<?> choice = (List<?>) value;
        yield Stream.concat(
            references(choice.get(1), with(choice.get(0), conditions)),
            references(choice.get(2), conditions));
      }
      // SAM reads it only if it is enabled, which is the same condition.
      case "DeploymentPreference" -> references(value, with(GRADUAL, conditions));
      default -> references(value, conditions);
    };
  }

  private static boolean isMissing(String name, Set<Object> conditions) {
    return TEMPLATE.resources().containsKey(name)
        && !conditions.containsAll(conditionOf(TEMPLATE.resources().get(name)));
  }

  private static Set<Object> conditionOf(Object resourceOrOutput) {
    Object condition = map(resourceOrOutput).get("Condition");
    return condition == null ? Set.of() : Set.of(condition);
  }

  private static Set<Object> with(Object condition, Set<Object> conditions) {
    var all = new HashSet<>(conditions);
    all.add(condition);
    return all;
  }
}
