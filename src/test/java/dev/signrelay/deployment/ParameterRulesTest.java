package dev.signrelay.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.local.Template;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** CloudFormation refuses combinations of parameters that cannot work. */
final class ParameterRulesTest {

  /** A deployment with client keys and signed callbacks. */
  private static final Map<String, String> PROTECTED =
      Map.of("ClientApiKeysSecret", "keys", "CallbackSigningSecret", "secret");

  private final ParameterRules rules = new ParameterRules(Template.read());

  @Test
  void theDefaultsWithBothSecretsAreAccepted() {
    assertThat(rules.broken(PROTECTED)).isEmpty();
  }

  @Test
  void withoutClientKeysAnonymityHasToBeChosen() {
    assertThat(broken("ClientApiKeysSecret", ""))
        .singleElement()
        .asString()
        .contains("ClientApiKeysSecret", "AllowAnonymousClients");
    assertThat(broken("ClientApiKeysSecret", "", "AllowAnonymousClients", "true")).isEmpty();
  }

  @Test
  void withoutASigningSecretUnsignedCallbacksHaveToBeChosen() {
    assertThat(broken("CallbackSigningSecret", ""))
        .singleElement()
        .asString()
        .contains("CallbackSigningSecret", "CallbackSigningKeySecret", "AllowUnsignedCallbacks");
    assertThat(broken("CallbackSigningSecret", "", "AllowUnsignedCallbacks", "true")).isEmpty();
    assertThat(broken("CallbackSigningSecret", "", "CallbackEnabled", "false")).isEmpty();
    assertThat(
            broken(
                "CallbackSigningSecret", "",
                "CallbackSigningKeySecret", "key",
                "CallbackPublicKey", "public"))
        .isEmpty();
  }

  @Test
  void aPrivateKeyNeedsItsPublicKey() {
    assertThat(broken("CallbackSigningKeySecret", "key"))
        .singleElement()
        .asString()
        .contains("CallbackSigningKeySecret", "CallbackPublicKey");
    assertThat(broken("CallbackSigningKeySecret", "key", "CallbackPublicKey", "public")).isEmpty();
  }

  @Test
  void aSecretForEachHostNeedsASecretToDeriveItFrom() {
    assertThat(
            broken(
                "CallbackSigningSecret", "",
                "CallbackSecretPerHost", "true",
                "AllowUnsignedCallbacks", "true"))
        .singleElement()
        .asString()
        .contains("CallbackSigningSecret", "CallbackSecretPerHost");
    assertThat(broken("CallbackSecretPerHost", "true")).isEmpty();
  }

  @Test
  void theWaitingJobsOfAClientAreCountedOnlyWithATableAndWithKeys() {
    assertThat(broken("JobRecords", "false", "ClientJobsPerHour", "100"))
        .singleElement()
        .asString()
        .contains("JobRecords", "ClientJobsPerHour");
    assertThat(
            broken(
                "ClientApiKeysSecret", "",
                "AllowAnonymousClients", "true",
                "ClientJobsPerHour", "100"))
        .singleElement()
        .asString()
        .contains("ClientApiKeysSecret", "ClientJobsPerHour");
    assertThat(broken("ClientJobsPerHour", "100")).isEmpty();
  }

  @Test
  void signaturesAreReusedOnlyWithATableThatKeepsThem() {
    assertThat(broken("JobRecords", "false", "SignatureCacheSeconds", "60"))
        .singleElement()
        .asString()
        .contains("JobRecords", "SignatureCacheSeconds");
    assertThat(broken("JobRecords", "false")).isEmpty();
    assertThat(broken("SignatureCacheSeconds", "60")).isEmpty();
  }

  private List<String> broken(String... namesAndValues) {
    var parameters = new HashMap<>(PROTECTED);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      parameters.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return rules.broken(parameters);
  }
}
