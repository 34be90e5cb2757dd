package dev.signrelay.request;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ClientKeysTest {

  private static final String FIRST = "first-key-of-a-client";
  private static final String SECOND = "second~key!0123456789+/=";

  private final ClientKeys keys = keys(FIRST + " " + SECOND);

  @ParameterizedTest
  @ValueSource(strings = {FIRST, SECOND})
  void eachKeyIsAcceptedInEitherHeader(String key) {
    assertThat(keys.admit("Bearer " + key, "")).isPresent();
    assertThat(keys.admit("", key)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bearer ", "BEARER ", "bEaReR ", "Bearer    ", "  Bearer "})
  void theCaseOfTheSchemeAndSpacesAreIgnored(String scheme) {
    assertThat(keys.admit(scheme + FIRST + " ", "")).isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "'', ''",
    "first-key-of-a-client, ''", // no scheme
    "Basic first-key-of-a-client, ''",
    "Bearerfirst-key-of-a-client, ''",
    "Bearer, ''",
    "'Bearer ', ''",
    "'', Bearer first-key-of-a-client", // an unexpected scheme
    "'', First-Key-Of-A-Client",
    "'', first-key-of-a-clien",
    "'', first-key-of-a-client0",
    "'', 'first-key-of-a-client,first-key-of-a-client'",
    "'', first-key-of-a-client second~key!0123456789+/=",
    "Bearer another-key-of-16, another-key-of-16",
  })
  void aRequestWithoutAValidKeyIsNotAdmitted(String authorization, String apiKey) {
    assertThat(keys.admit(authorization, apiKey)).isEmpty();
  }

  /** The id, which is stored with each job, is not the key. */
  @Test
  void aClientIsIdentifiedByTheBeginningOfItsKeysHash() {
    assertThat(keys.admit("Bearer " + FIRST, "")).contains("key-f4dbc510f3e45815");
    assertThat(keys.admit("", SECOND)).contains("key-d01139c4447d518d");
    assertThat(keys.admit("Bearer " + FIRST, SECOND)).contains("key-f4dbc510f3e45815");
  }

  @Test
  void aClientWithANameIsIdentifiedByItWhicheverOfItsKeysItUses() {
    ClientKeys named = keys("shop:" + FIRST + ",Web_2-x:" + SECOND + " shop:0123456789abcdef");

    assertThat(named.admit("", FIRST)).contains("shop");
    assertThat(named.admit("", "0123456789abcdef")).contains("shop");
    assertThat(named.admit("", SECOND)).contains("Web_2-x");
    assertThat(named.admit("", "shop:" + FIRST)).isEmpty();
    assertThat(named.toString()).contains("shop").doesNotContain(FIRST, SECOND);
  }

  @Test
  void oneHeaderWithAValidKeyIsEnough() {
    assertThat(keys.admit("Bearer of-somebody-elses", FIRST)).isPresent();
    assertThat(keys.admit("Bearer " + FIRST, "not-a-key")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Bearer", "Bearer anything", "Basic YTpi"})
  void withoutConfiguredKeysEveryRequestIsAdmitted(String authorization) {
    assertThat(ClientKeys.NONE.admit(authorization, "")).contains("");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%s %s",
        "%s,%s",
        "%s, %s",
        "%s\n%s\n",
        " ,%s ,, %s, ",
      })
  void keysAreSeparatedBySpacesOrCommas(String format) {
    assertThat(keys(format.formatted(FIRST, SECOND))).isEqualTo(keys);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0123456789abcdef",
        "!\"#$%&'()*+-./;<=>?@[\\]^_`{|}~",
        "a2345678901234567890123456789012:0123456789abcdef",
        "a:0123456789abcdef a:0123456789abcdef"
      })
  void aKeyHasAtLeast16VisibleCharactersOfAsciiAndANameUpTo32(String text) {
    assertThat(ClientKeys.parse(text)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " ",
        ",",
        "  , ",
        "\n",
        "\t,\t",
        "0123456789abcde",
        FIRST + " 0123456789abcde",
        "0123456789abcdefé",
        "0123456789abcdef\u007f",
        "0123456789\0abcdef",
        ":0123456789abcdef",
        "shop:0123456789abcde",
        "shop:0123456789abcdef:x",
        "shöp:0123456789abcdef",
        "a.shop:0123456789abcdef",
        "a234567890123456789012345678901234:0123456789abcdef",
        "key-1:0123456789abcdef", // the form of a client without a name
        "a:0123456789abcdef b:0123456789abcdef" // a key belongs to one client
      })
  void aListThatIsBlankOrHasAnotherKeyIsRefused(String text) {
    assertThat(ClientKeys.parse(text)).isEmpty();
  }

  private static ClientKeys keys(String text) {
    return ClientKeys.parse(text).orElseThrow();
  }
}
