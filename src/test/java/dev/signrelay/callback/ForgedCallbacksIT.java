package dev.signrelay.callback;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.signrelay.callback.ExampleReceiver.Language;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The receivers of {@code examples/}, as processes, refuse forged callbacks. */
@ParameterizedClass
@EnumSource(Language.class)
@Timeout(120)
final class ForgedCallbacksIT {

  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final int MORE_THAN_ANY_CALLBACK = 128 * 1024 + 1;

  private static ExampleReceiver receiver;

  private final String job = UUID.randomUUID().toString();
  private CapturedCallback genuine;

  @Parameter Language language;

  @BeforeParameterizedClassInvocation
  static void start(Language language) throws IOException {
    receiver = new ExampleReceiver(language, SECRET);
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    receiver.close();
  }

  @BeforeEach
  void capture() throws IOException {
    assumeThat(receiver).as("%s", language).matches(ExampleReceiver::isInstalled, "is installed");
    genuine =
        CapturedCallback.of(job, "signature", CallbackSigningKeys.parse(SECRET).orElseThrow());
  }

  /** Proves that the other callbacks are refused because of their changes. */
  @Test
  void anUnchangedCallbackIsAccepted() throws IOException {
    receiver.request(job);

    assertThat(genuine.sendTo(receiver.url())).isEqualTo(204);
    assertThat(receiver.printed()).contains(job + ": signed");
  }

  @Test
  void aChangedBodyIsRefused() throws IOException {
    String body = new String(genuine.body(), UTF_8);
    assertRefused(genuine.withBody(body.replace("signature", "forged it").getBytes(UTF_8)));
    assertRefused(genuine.withBody((body + "\n").getBytes(UTF_8)));
    assertRefused(genuine.withBody("{\"success\":false,\"data\":null}".getBytes(UTF_8)));
    assertRefused(genuine.withBody(new byte[0]));
  }

  @ParameterizedTest
  @ValueSource(strings = {"webhook-id", "webhook-timestamp", "webhook-signature"})
  void aMissingOrMalformedHeaderIsRefused(String header) throws IOException {
    assertRefused(genuine.without(header));
    for (String value : List.of("", " ", "é, v1,", "../../x", "-1", "1e9", "9".repeat(5_000))) {
      assertRefused(genuine.with(header, value));
    }
  }

  @Test
  void theHeadersOfAnotherCallbackAreRefused() throws IOException {
    long sent = Long.parseLong(genuine.headers().get("webhook-timestamp"));

    assertRefused(genuine.with("webhook-id", job + "-failed"));
    assertRefused(genuine.with("webhook-id", UUID.randomUUID().toString()));
    assertRefused(genuine.with("webhook-timestamp", Long.toString(sent - 1)));
    assertRefused(genuine.with("webhook-timestamp", "0" + sent));
  }

  @Test
  void aPartOfASignatureIsRefused() throws IOException {
    String signature = genuine.headers().get("webhook-signature");

    assertRefused(
        genuine.with("webhook-signature", signature.substring(0, signature.length() - 1)));
    assertRefused(genuine.with("webhook-signature", signature + "="));
    assertRefused(genuine.with("webhook-signature", signature.substring("v1,".length())));
    assertRefused(genuine.with("webhook-signature", signature.replace("v1,", "v1a,")));
    assertRefused(genuine.with("webhook-signature", "v1,"));
  }

  @Test
  void aBodyLongerThanAnyCallbackIsRefused() throws IOException {
    CapturedCallback flood = genuine.withBody(new byte[MORE_THAN_ANY_CALLBACK]);

    assertThat(flood.sendTo(receiver.url())).isEqualTo(413);
  }

  private void assertRefused(CapturedCallback forged) throws IOException {
    assertThat(forged.sendTo(receiver.url())).as("%s", forged).isEqualTo(401);
    assertThat(receiver.printed()).noneMatch(line -> line.startsWith(job));
  }
}
