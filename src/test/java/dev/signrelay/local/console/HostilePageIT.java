package dev.signrelay.local.console;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okForContentType;
import static com.github.tomakehurst.wiremock.client.WireMock.temporaryRedirect;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.tomakehurst.wiremock.WireMockServer;
import dev.signrelay.local.DynamoDbServer;
import dev.signrelay.local.LocalSystem;
import dev.signrelay.ops.QueueCounts;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What a hostile page in the developer's browser can do to the local run: nothing. The page is on
 * another site, on another port of {@code localhost}, or on a name that has come to resolve to this
 * machine (DNS rebinding).
 */
@EnabledIf(value = "dev.signrelay.local.console.Page#canOpen", disabledReason = Page.NEEDS_CHROMIUM)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HostilePageIT {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final String EVIL = "evil.example";

  /** A name that the network's DNS may resolve to this machine. */
  private static final String CONTAINER_HOST = "host.docker.internal";

  /** Ends when the browser has an answer, or none. */
  private static final String FETCH =
      """
      const [url, options, done] = arguments;
      fetch(url, options).then(async r => done(r.status + " " + await r.text()), e => done("" + e));
      """;

  private static final String LOAD_IMAGE =
      """
      const [url, done] = arguments;
      const image = new Image();
      image.onload = image.onerror = () => done("");
      image.src = url;
      """;

  private static final String SUBMIT_FORM =
      """
      const [url, type, fields] = arguments;
      const form = document.body.appendChild(document.createElement("form"));
      Object.assign(form, { action: url, method: "POST", enctype: type });
      for (const [name, value] of Object.entries(fields)) {
        Object.assign(form.appendChild(document.createElement("input")), { name, value });
      }
      form.submit();
      """;

  private final String message = UUID.randomUUID().toString();

  @AutoClose private final ConsoleRun run = ConsoleRun.start();

  @AutoClose
  private final Page page =
      new Page(
          "--host-resolver-rules=MAP %s 127.0.0.1, MAP %s 127.0.0.1"
              .formatted(EVIL, CONTAINER_HOST));

  /** Not a server of the local run, which would refuse the attacker's name. */
  private final WireMockServer attacker =
      new WireMockServer(options().bindAddress("127.0.0.1").dynamicPort());

  private final LocalSystem system = run.system();
  private final String sqs = system.queues().endpoint() + "/";
  private final Map<String, String> sendMessage =
      Map.of(
          "Action",
          "SendMessage",
          "MessageBody",
          message,
          "QueueUrl",
          system.queues().deadLetterQueueUrl());

  HostilePageIT() throws IOException {}

  @BeforeAll
  void start() {
    attacker.start();
    attacker.stubFor(
        get(anyUrl())
            .willReturn(okForContentType("text/html", "<!doctype html><body>hostile</body>")));
  }

  @AfterAll
  void stop() {
    attacker.stop();
  }

  @AfterEach
  void requireNoEffect() {
    assertThat(system.signer().calls(message)).isZero();
    assertThat(
            QueueCounts.of(system.queues().client(), system.queues().deadLetterQueueUrl()).total())
        .isZero();
    var id = Map.of("id", AttributeValue.fromS(message));
    var stored =
        system.limits().client().getItem(g -> g.tableName(DynamoDbServer.JOB_TABLE).key(id));
    assertThat(stored.hasItem()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {EVIL, "localhost"})
  void aPageOfAnotherOriginCannotHaveAMessageSigned(String host) {
    openPageOn(host);
    URI sign = run.url("/crypto/sign?message=" + message);
    String body = "{\"message\":\"" + message + "\"}";

    script(FETCH, sign.toString(), Map.of("mode", "no-cors"));
    script(LOAD_IMAGE, sign.toString());
    script(
        FETCH,
        run.url("/crypto/sign").toString(),
        Map.of("mode", "no-cors", "method", "POST", "body", body));
    page.driver().executeScript("location = arguments[0]", sign.toString());

    awaitRefusalAt(sign.toString());
  }

  @ParameterizedTest
  @CsvSource({
    EVIL + ", application/x-www-form-urlencoded",
    EVIL + ", multipart/form-data",
    EVIL + ", text/plain",
    "localhost, application/x-www-form-urlencoded"
  })
  void aFormOfAnotherOriginQueuesNothing(String host, String type) {
    openPageOn(host);
    script(LOAD_IMAGE, sqs + "?" + query(sendMessage));

    page.driver().executeScript(SUBMIT_FORM, sqs, type, sendMessage);

    awaitRefusalAt(sqs);
  }

  /** Nobody wrote the second URL, and Chromium says that no page made the request. */
  @Test
  void aRedirectAfterATypedUrlHasNoEffect() {
    String sign = run.url("/crypto/sign?message=" + message).toString();
    for (String target : new String[] {sign, sqs + "?" + query(sendMessage)}) {
      attacker.stubFor(get("/redirect").willReturn(temporaryRedirect(target)));

      page.driver().get(attackerOn(EVIL) + "redirect");

      assertThat(page.driver().getPageSource()).contains("page of another origin");
    }
  }

  @Test
  void aPageUnderTheNameForContainersIsRefused() {
    page.driver().get("http://%s:%d/".formatted(CONTAINER_HOST, run.url("/").getPort()));

    assertThat(page.driver().getPageSource()).contains("use localhost in a browser");
    assertThat(script(FETCH, "/crypto/sign?message=" + message, Map.of())).startsWith("403");
  }

  @ParameterizedTest
  @ValueSource(strings = {EVIL, "localhost"})
  void aPageOfAnotherOriginReadsNothing(String host) {
    openPageOn(host);

    for (URI url :
        new URI[] {URI.create(system.inbox().url()), run.url("/"), run.url("/console/events")}) {
      assertThat(script(FETCH, url.toString(), Map.of())).isEqualTo("TypeError: Failed to fetch");
    }
  }

  /** The name and the port are the page's own origin. */
  @Test
  void aPageWhoseNameIsReboundIsRefusedByEveryServer() {
    openRebound(system.front().url());
    requireRefusal("/crypto/sign?message=" + message, Map.of());
    requireRefusal("/", Map.of());
    requireRefusal("/console/main.js", Map.of());
    openRebound(system.inbox().server().url());
    requireRefusal("/inbox", Map.of());
    openRebound(system.queues().endpoint());
    requireRefusal("/?" + query(sendMessage), Map.of("method", "POST"));
    openRebound(system.limits().endpoint());
    var headers =
        Map.of(
            "X-Amz-Target", "DynamoDB_20120810.PutItem",
            "Content-Type", "application/x-amz-json-1.0",
            "Authorization",
                "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request,"
                    + " SignedHeaders=host, Signature=x");
    String item = "{\"TableName\":\"JobTable\",\"Item\":{\"id\":{\"S\":\"" + message + "\"}}}";
    requireRefusal("/", Map.of("method", "POST", "headers", headers, "body", item));
  }

  private void openRebound(URI server) {
    page.driver().get("http://%s:%d/x".formatted(EVIL, server.getPort()));
  }

  private void requireRefusal(String path, Map<String, Object> options) {
    assertThat(script(FETCH, path, options)).startsWith("403 ");
  }

  private void openPageOn(String host) {
    page.driver().get(attackerOn(host));
    assertThat(page.driver().getPageSource()).contains("hostile");
  }

  private String attackerOn(String host) {
    return "http://%s:%d/".formatted(host, attacker.port());
  }

  private void awaitRefusalAt(String url) {
    await(url).atMost(TIMEOUT).until(() -> page.driver().getCurrentUrl().equals(url));
    assertThat(page.driver().getPageSource()).contains("page of another origin");
  }

  private String script(String script, Object... arguments) {
    return (String) page.driver().executeAsyncScript(script, arguments);
  }

  private static String query(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(field -> field.getKey() + "=" + field.getValue())
        .collect(Collectors.joining("&"));
  }
}
