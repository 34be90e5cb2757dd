package dev.signrelay.dispatch;

import static dev.signrelay.dispatch.LineJobs.join;
import static org.assertj.core.api.Assertions.assertThat;

import com.standardwebhooks.Webhook;
import dev.signrelay.callback.CallbackKeys;
import dev.signrelay.callback.HttpCallbackSender;
import dev.signrelay.callback.PublicKeys;
import dev.signrelay.callback.WebhookSecrets;
import dev.signrelay.http.HttpTransport;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.secret.Secret;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.SimulatedTime;
import dev.signrelay.time.SystemTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.ParseException;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.junit.jupiter.api.Test;

/** The failure notice of a job that ends in line is signed like a callback. */
final class SignedFailureNoticeTest {

  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  /** RFC 8032, 7.1, test 1. */
  private static final String PRIVATE_KEY = "whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=";

  private static final String PUBLIC_KEY =
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

  private final SimulatedTime time = new SimulatedTime();
  private final FakeServices fakes = new FakeServices(time).with("CALLBACK_ON_FAILURE", "true");
  private final Receiver receiver = new Receiver();

  @Test
  void aReceiverVerifiesTheNoticeOfARejectedJobWithTheSecretAndWithThePublicKey() throws Exception {
    fakes.upstream = _ -> new Rejected("http-400");
    fakes.callbacks =
        new HttpCallbackSender(
            new HttpTransport(receiver, new SystemTime()),
            new SystemTime(),
            new CallbackKeys(
                Secret.fixed(WebhookSecrets.parse(SECRET).orElseThrow()),
                Secret.fixed(
                    WebhookSecrets.parsePrivate(PRIVATE_KEY, PublicKeys.NONE).orElseThrow()),
                false,
                new SystemTime()));
    join(fakes, 1);

    var _ = time.run(() -> new DispatchWorkflow(fakes.services(), Duration.ofSeconds(119)).run());

    Notice notice = receiver.received.getFirst();
    assertThat(receiver.received).hasSize(1);
    assertThat(notice.body())
        .isEqualTo("{\"success\":false,\"data\":null,\"error\":\"message-rejected\"}");
    assertThat(notice.headers()).containsEntry("webhook-id", List.of("id-1-failed"));
    new Webhook(SECRET).verify(notice.body(), notice.headers());
    assertThat(isVerifiedWithThePublicKey(notice)).isTrue();
  }

  private static boolean isVerifiedWithThePublicKey(Notice notice) throws Exception {
    byte[] key = HexFormat.of().parseHex("302a300506032b6570032100" + PUBLIC_KEY);
    Signature verifier = Signature.getInstance("Ed25519");
    verifier.initVerify(
        KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(key)));
    String signed =
        notice.first("webhook-id") + "." + notice.first("webhook-timestamp") + "." + notice.body();
    verifier.update(signed.getBytes(StandardCharsets.UTF_8));
    String signature = notice.first("webhook-signature").replaceFirst(".*v1a,", "");
    return verifier.verify(Base64.getDecoder().decode(signature));
  }

  private record Notice(Map<String, List<String>> headers, String body) {

    String first(String header) {
      return headers.get(header).getFirst();
    }
  }

  /** A receiver without a network, which accepts everything. */
  private static final class Receiver extends CloseableHttpClient {

    private final List<Notice> received = new CopyOnWriteArrayList<>();

    @Override
    public ClassicHttpResponse executeOpen(
        HttpHost target, ClassicHttpRequest request, HttpContext context) throws IOException {
      Map<String, List<String>> headers =
          Arrays.stream(request.getHeaders())
              .collect(Collectors.toMap(Header::getName, header -> List.of(header.getValue())));
      try {
        received.add(new Notice(headers, EntityUtils.toString(request.getEntity())));
      } catch (ParseException e) {
        throw new IOException(e);
      }
      return new BasicClassicHttpResponse(204);
    }

    @Override
    protected CloseableHttpResponse doExecute(
        HttpHost target, ClassicHttpRequest request, HttpContext context) throws IOException {
      throw new IOException("HttpTransport calls executeOpen");
    }

    @Override
    public void close() {}

    @Override
    public void close(CloseMode mode) {}
  }
}
