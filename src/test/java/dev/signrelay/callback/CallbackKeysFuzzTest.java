package dev.signrelay.callback;

import static dev.signrelay.testing.Fuzz.FUNCTION_CASES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.testing.Fuzz;
import dev.signrelay.testing.HostileText;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Any text is a list of secrets, of private keys or of public keys, or is refused. */
public final class CallbackKeysFuzzTest {

  private static final String KEYS =
      "whsec_%1$s whsec_%1$s%1$s|whsk_%1$sAAAAAAAAAAA= whsk_%1$sAAAAAAAAAAA=|whpk_%1$sAAAAAAAAAAA="
          .formatted("A".repeat(32));

  @Test
  void anyTextIsAListOfKeysOrRefused() {
    Fuzz.check(
        FUNCTION_CASES,
        in -> HostileText.damaged(in, in.oneOf(KEYS.split("\\|"))),
        CallbackKeysFuzzTest::check);
  }

  /** The text is read by its rule, whichever kind of keys it is. */
  public static void check(String text) {
    CallbackSigningKeys.parse(text).ifPresent(CallbackKeysFuzzTest::areSecrets);
    CallbackSigningKeys.parsePrivate(text, List.of()).ifPresent(keys -> arePrivateKeys(text, keys));
    List<String> keys;
    try {
      keys = CallbackSigningKeys.parsePublic(text);
    } catch (IllegalArgumentException e) {
      assertThat(e).hasNoCause().hasMessage("must be " + CallbackSigningKeys.PUBLIC_RULE);
      return;
    }
    assertThat(keys).allMatch(key -> key.matches("whpk_[A-Za-z0-9+/]{43}="));
    assertThat(CallbackSigningKeys.parsePublic(String.join("\n", keys))).isEqualTo(keys);
  }

  private static void areSecrets(CallbackSigningKeys secrets) {
    areSigned(secrets, "v1,[A-Za-z0-9+/]{43}=");
    String derived = String.join(" ", secrets.textsFor("receiver.example"));
    assertThat(CallbackSigningKeys.parse(derived)).contains(secrets.of("receiver.example"));
    assertThat(secrets.publicKeys()).isEmpty();
  }

  private static void arePrivateKeys(String text, CallbackSigningKeys keys) {
    areSigned(keys, "v1a,[A-Za-z0-9+/]{86}==");
    List<String> told = keys.publicKeys();
    assertThat(CallbackSigningKeys.parsePublic(String.join(" ", told))).isEqualTo(told);
    assertThat(CallbackSigningKeys.parsePrivate(text, told)).contains(keys);
    assertThat(keys.textsFor("receiver.example")).isEmpty();
  }

  private static void areSigned(CallbackSigningKeys keys, String signature) {
    assertThat(keys.keys()).isNotEmpty();
    Optional<String> header = keys.sign("id", "1795435200", new byte[] {1});
    assertThat(header.orElseThrow().split(" "))
        .hasSameSizeAs(keys.keys())
        .allMatch(s -> s.matches(signature));
  }
}
