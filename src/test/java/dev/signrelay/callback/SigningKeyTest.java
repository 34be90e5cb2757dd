package dev.signrelay.callback;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Private keys. Signatures are verified with the JDK, and compared with the specification's. */
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
    assertThat(key(seed).publicKey()).isEqualTo(HexFormat.of().parseHex(publicKey));
  }

  @Test
  void theSignatureOfTheSpecificationsExampleIsTheSame() {
    assertThat(key(SEED).sign("", new byte[0]))
        .isEqualTo(
            "v1a,"
                + Base64.getEncoder()
                    .encodeToString(
                        HexFormat.of()
                            .parseHex(
                                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                                    + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")));
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
    byte[] pair = HexFormat.of().parseHex(SEED + PUBLIC);

    assertThat(keys("whsk_" + Base64.getEncoder().encodeToString(pair))).isEqualTo(keys(WHSK));
    assertThat(keys(WHSK).publicKeys()).isEqualTo(PublicKeys.parse(WHPK));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 31, 33, 63, 65})
  void aKeyOfAnotherLengthIsRefused(int bytes) {
    String text = "whsk_" + Base64.getEncoder().encodeToString(new byte[bytes]);

    assertThat(CallbackSigningKeys.parsePrivate(text, PublicKeys.NONE)).isEmpty();
  }

  @Test
  void aPairWhosePublicKeyBelongsToAnotherKeyIsRefused() {
    byte[] pair = HexFormat.of().parseHex(SEED + SEED);

    assertThat(
            CallbackSigningKeys.parsePrivate(
                "whsk_" + Base64.getEncoder().encodeToString(pair), PublicKeys.NONE))
        .isEmpty();
  }

  @Test
  void aKeyThatReceiversCannotVerifyIsRefused() {
    assertThat(CallbackSigningKeys.parsePrivate(WHSK, PublicKeys.parse(WHPK))).isPresent();
    assertThat(CallbackSigningKeys.parsePrivate(WHSK, PublicKeys.parse(OTHER_WHPK + " " + WHPK)))
        .isPresent();
    assertThat(CallbackSigningKeys.parsePrivate(WHSK, PublicKeys.parse(OTHER_WHPK))).isEmpty();
  }

  @Test
  void sharedSecretsAndPrivateKeysAreNotTakenForEachOther() {
    assertThat(CallbackSigningKeys.parse(WHSK)).isEmpty();
    assertThat(CallbackSigningKeys.parsePrivate("whsec_" + WHSK.substring(5), PublicKeys.NONE))
        .isEmpty();
  }

  @Test
  void theTextOfAKeyOmitsIt() {
    assertThat(key(SEED)).hasToString("Private");
    assertThat(new SigningKey.Shared(new byte[24])).hasToString("Shared");
  }

  /** A value that is computed once would make them equal. */
  @Test
  void differentSeedsHaveDifferentPublicKeys() {
    assertThat(
            IntStream.range(0, 100)
                .mapToObj(i -> HexFormat.of().formatHex(key("%064x".formatted(i)).publicKey())))
        .doesNotHaveDuplicates();
  }

  private static SigningKey.Private key(String seed) {
    return SigningKey.Private.ofSeed(HexFormat.of().parseHex(seed));
  }

  private static CallbackSigningKeys keys(String text) {
    return CallbackSigningKeys.parsePrivate(text, PublicKeys.NONE).orElseThrow();
  }
}
