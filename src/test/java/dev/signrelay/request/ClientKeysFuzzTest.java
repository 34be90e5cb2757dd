package dev.signrelay.request;

import static dev.signrelay.testing.Fuzz.FUNCTION_CASES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.testing.Fuzz;
import dev.signrelay.testing.HostileText;
import org.junit.jupiter.api.Test;

/** Any text is a list of keys, each of which admits its client, or is refused. */
public final class ClientKeysFuzzTest {

  @Test
  void anyTextIsAListOfKeysOrRefused() {
    Fuzz.check(
        FUNCTION_CASES,
        in -> HostileText.damaged(in, "billing:0123456789abcdef,\n fedcba9876543210"),
        ClientKeysFuzzTest::check);
  }

  /** The text is a list of keys, each of which admits its client, or is refused. */
  public static void check(String text) {
    ClientKeys.parse(text).ifPresent(ClientKeysFuzzTest::keepsTheRule);
  }

  private static void keepsTheRule(ClientKeys keys) {
    assertThat(keys.clients()).isNotEmpty();
    keys.clients()
        .forEach(
            (key, client) -> {
              assertThat(key).matches("[!-~]{16,}").doesNotContain(":", ",");
              assertThat(client).matches("[A-Za-z0-9_-]{1,32}");
              assertThat(keys.admit("Bearer " + key, "")).contains(client);
              assertThat(keys.admit("", key)).contains(client);
              assertThat(keys.admit("", client + ":" + key)).isEmpty();
            });
    assertThat(keys.admit("", "")).isEmpty();
  }
}
