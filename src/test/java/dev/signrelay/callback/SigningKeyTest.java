package dev.signrelay.callback;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Private keys. The JDK verifies their signatures with the specification's public key. */
final class SigningKeyTest {

  /** RFC 8032, 7.1, test 1. */
  private static final String SEED =
      "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";

  private static final String PUBLIC =
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

  private static final String WHSK = "whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=";
  private static final String WHPK = "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
  private static final String OTHER_WHPK = "whpk_PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=";

  /** RFC 8032, 7.1, tests 1 to 3. */
  @ParameterizedTest
  @CsvSource({
    SEED + "," + PUBLIC,
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb,"
        + "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7,"
        + "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
  })
  void aSeedHasThePublicKeyOfTheSpecification(String seed, String publicKey) {
    assertThat(keys(whsk(HexFormat.of().parseHex(seed))).publicKeys())
        .containsExactly(
            "whpk_" + Base64.getEncoder().encodeToString(HexFormat.of().parseHex(publicKey)));
  }

  @Test
  void theJdkVerifiesASignatureOfIdTimestampAndBody() throws Exception {
    byte[] body = "{\"success\":true,\"data\":\"größe\"}".getBytes(StandardCharsets.UTF_8);
    String signature = keys(WHSK).sign("job-1", "1795428000", body).orElseThrow();

    Signature verifier = Signature.getInstance("Ed25519");
    verifier.initVerify(
        KeyFactory.getInstance("Ed25519")
            .generatePublic(
                new X509EncodedKeySpec(
                    HexFormat.of().parseHex("302a300506032b6570032100" + PUBLIC))));
    verifier.update("job-1.1795428000.".getBytes(StandardCharsets.UTF_8));
    verifier.update(body);
    assertThat(signature).startsWith("v1a,");
    assertThat(verifier.verify(Base64.getDecoder().decode(signature.substring(4)))).isTrue();
  }

  @Test
  void aKeyWithItsPublicKeyIsTheSameKey() {
    assertThat(keys(whsk(HexFormat.of().parseHex(SEED + PUBLIC)))).isEqualTo(keys(WHSK));
    assertThat(keys(WHSK).publicKeys()).containsExactly(WHPK);
  }

  static Stream<String> malformedKeys() {
    return Stream.concat(
        IntStream.of(0, 31, 33, 63, 65).mapToObj(bytes -> whsk(new byte[bytes])),
        Stream.of(
            whsk(HexFormat.of().parseHex(SEED + SEED)), // the public key of another key
            "whsec_" + WHSK.substring(5)));
  }

  @ParameterizedTest
  @MethodSource("malformedKeys")
  void aKeyOfAnotherLengthOrKindOrWithAnotherPublicKeyIsRefused(String text) {
    assertThat(CallbackSigningKeys.parsePrivate(text, List.of())).isEmpty();
  }

  @Test
  void aKeyThatReceiversCannotVerifyIsRefused() {
    assertThat(CallbackSigningKeys.parsePrivate(WHSK, List.of(WHPK))).isPresent();
    assertThat(CallbackSigningKeys.parsePrivate(WHSK, List.of(OTHER_WHPK, WHPK))).isPresent();
    assertThat(CallbackSigningKeys.parsePrivate(WHSK, List.of(OTHER_WHPK))).isEmpty();
  }

  @Test
  void theTextOfAKeyOmitsIt() {
    assertThat(keys(WHSK).keys()).hasToString("[Private]");
    assertThat(SigningKey.Shared.parse("whsec_" + "A".repeat(32)).orElseThrow())
        .hasToString("Shared");
  }

  private static String whsk(byte[] key) {
    return "whsk_" + Base64.getEncoder().encodeToString(key);
  }

  private static CallbackSigningKeys keys(String text) {
    return CallbackSigningKeys.parsePrivate(text, List.of()).orElseThrow();
  }
}
