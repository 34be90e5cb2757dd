package dev.signrelay.deployment;

import static dev.signrelay.local.Template.map;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.local.Template;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** CloudFormation refuses combinations of parameters that cannot work. */
final class ParameterRulesTest {

  private static final Template TEMPLATE = Template.read();

  /** Beside the parameters of a row, a deployment has client keys and signed callbacks. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ClientApiKeysSecret=keys |
          ClientApiKeysSecret= | ClientApiKeysSecret AllowAnonymousClients
          ClientApiKeysSecret= AllowAnonymousClients=true |
          CallbackSigningSecret= | CallbackSigningSecret CallbackSigningKeySecret AllowUnsignedCallbacks
          CallbackSigningSecret= AllowUnsignedCallbacks=true |
          CallbackSigningSecret= CallbackEnabled=false |
          CallbackSigningSecret= CallbackSigningKeySecret=key CallbackPublicKey=public |
          CallbackSigningKeySecret=key | CallbackSigningKeySecret CallbackPublicKey
          CallbackSigningKeySecret=key CallbackPublicKey=public |
          CallbackSecretPerHost=true |
          CallbackSecretPerHost=true CallbackSigningSecret= AllowUnsignedCallbacks=true | CallbackSigningSecret CallbackSecretPerHost
          ClientJobsPerHour=100 |
          ClientJobsPerHour=100 JobRecords=false | JobRecords ClientJobsPerHour
          ClientJobsPerHour=100 ClientApiKeysSecret= AllowAnonymousClients=true | ClientApiKeysSecret ClientJobsPerHour
          SignatureCacheSeconds=60 |
          SignatureCacheSeconds=60 JobRecords=false | JobRecords SignatureCacheSeconds
          JobRecords=false |
          """)
  void parametersAreAcceptedOrOneRuleNamesThoseThatCannotBeTogether(
      String parameters, @Nullable String named) {
    List<String> broken = broken(parameters);

    if (named == null) {
      assertThat(broken).isEmpty();
    } else {
      assertThat(broken).singleElement().asString().contains(named.split(" "));
    }
  }

  /** The descriptions of the assertions that do not hold. */
  private static List<String> broken(String parameters) {
    var all = new HashMap<String, String>();
    map(TEMPLATE.root().get("Parameters"))
        .forEach((name, parameter) -> all.put(name, "" + map(parameter).get("Default")));
    all.put("ClientApiKeysSecret", "keys");
    all.put("CallbackSigningSecret", "secret");
    for (String parameter : parameters.split(" ")) {
      String[] nameAndValue = parameter.split("=", 2);
      all.put(nameAndValue[0], nameAndValue[1]);
    }
    Map<String, Object> rules = map(TEMPLATE.root().get("Rules"));
    assertThat(rules.values())
        .allSatisfy(rule -> assertThat(map(rule)).containsOnlyKeys("Assertions"));
    return rules.values().stream()
        .flatMap(rule -> ((List<?>) map(rule).get("Assertions")).stream())
        .map(Template::map)
        .filter(assertion -> !holds(assertion.get("Assert"), all))
        .map(assertion -> (String) assertion.get("AssertDescription"))
        .toList();
  }

  /** As far as they are used here (CloudFormation template reference, "Rule functions"). */
  private static boolean holds(Object condition, Map<String, String> parameters) {
    Map.Entry<String, Object> function = map(condition).entrySet().iterator().next();
    List<?> arguments = (List<?>) function.getValue();
    return switch (function.getKey()) {
      case "Fn::Or" -> arguments.stream().anyMatch(inner -> holds(inner, parameters));
      case "Fn::Not" -> !holds(arguments.getFirst(), parameters);
      case "Fn::Equals" -> {
        String name = (String) map(arguments.getFirst()).get("Ref");
        assertThat(parameters).containsKey(name);
        yield parameters.get(name).equals(arguments.get(1));
      }
      default -> throw new AssertionError("not a rule function that is used here: " + function);
    };
  }
}
