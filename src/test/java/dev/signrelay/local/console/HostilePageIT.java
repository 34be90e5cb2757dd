package dev.signrelay.local.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.signrelay.local.DynamoDbServer;
import dev.signrelay.local.LocalSystem;
import dev.signrelay.local.TemplateQueues;
import dev.signrelay.testing.Night;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
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
@EnabledIf(
    value = "dev.signrelay.local.console.Browser#isInstalled",
    disabledReason = Browser.NEEDS_CHROMIUM)
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
      const [url, type, fields, target] = arguments;
      const form = document.body.appendChild(document.createElement("form"));
      Object.assign(form, { action: url, method: "POST", enctype: type, target });
      for (const [name, value] of Object.entries(fields)) {
        Object.assign(form.appendChild(document.createElement("input")), { name, value });
      }
      form.submit();
      """;

  private static final String ADD_FRAME =
      """
      document.body.appendChild(document.createElement("iframe")).name = arguments[0];
      """;

  private final String message = UUID.randomUUID().toString();
  private ConsoleRun run;
  private LocalSystem system;
  private Browser browser;
  private HttpServer attacker;

  @BeforeAll
  void start() throws IOException {
    run = ConsoleRun.start(0);
    system = run.system();
    browser =
        Browser.start(
            "--host-resolver-rules=MAP %s 127.0.0.1, MAP %s 127.0.0.1"
                .formatted(EVIL, CONTAINER_HOST));
    attacker = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    attacker.createContext("/", e -> respond(e, 200, "<!doctype html><body>hostile</body>"));
    attacker.createContext(
        "/redirect",
        e -> {
          e.getResponseHeaders().set("Location", e.getRequestURI().getQuery());
          respond(e, 302, "");
        });
    attacker.start();
  }

  /** Not a server of the local run, which would refuse the attacker's name. */
  private static void respond(HttpExchange exchange, int status, String html) throws IOException {
    byte[] body = html.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/html");
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @AfterAll
  void stop() throws IOException {
    browser.close();
    attacker.stop(0);
    run.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {EVIL, "localhost"})
  void aPageOfAnotherOriginCannotHaveAMessageSigned(String host) {
    openPageOn(host);
    URI sign = run.url("/crypto/sign?message=" + message);

    script(FETCH, sign.toString(), Map.of("mode", "no-cors"));
    script(LOAD_IMAGE, sign.toString());
    script(
        FETCH,
        run.url("/crypto/sign").toString(),
        Map.of("mode", "no-cors", "method", "POST", "body", "{\"message\":\"" + message + "\"}"));
    browser.driver().executeScript("location = arguments[0]", sign.toString());
    awaitUrl(sign.toString());

    assertThat(browser.driver().getPageSource()).contains("page of another origin");
    assertThat(system.signer().calls(message)).isZero();
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
    String sqs = system.queues().endpoint().toString() + "/";

    browser.driver().executeScript(SUBMIT_FORM, sqs, type, sendMessage(), "_top");
    awaitUrl(sqs);
    assertThat(browser.driver().getPageSource()).contains("page of another origin");
    openPageOn(host);
    script(LOAD_IMAGE, sqs + "?" + query(sendMessage()));

    assertThat(queued()).isZero();
  }

  /** A page cannot see whether its frame has an answer. */
  @Night
  @ParameterizedTest
  @CsvSource({
    EVIL + ", application/x-www-form-urlencoded",
    EVIL + ", multipart/form-data",
    EVIL + ", text/plain",
    "localhost, application/x-www-form-urlencoded"
  })
  void aFormInAHiddenFrameQueuesNothing(String host, String type) {
    openPageOn(host);
    String sqs = system.queues().endpoint().toString() + "/";

    browser.driver().executeScript(ADD_FRAME, "hidden");
    browser.driver().executeScript(SUBMIT_FORM, sqs, type, sendMessage(), "hidden");

    await("nothing in the queue")
        .during(Duration.ofSeconds(5))
        .atMost(TIMEOUT)
        .until(() -> queued() == 0);
  }

  /** Nobody wrote the second URL, and Chromium says that no page made the request. */
  @Test
  void aRedirectAfterATypedUrlHasNoEffect() {
    String redirect = "http://%s:%d/redirect?".formatted(EVIL, attacker.getAddress().getPort());

    browser.driver().get(redirect + encoded(run.url("/crypto/sign?message=" + message).toString()));
    assertThat(browser.driver().getPageSource()).contains("page of another origin");
    browser
        .driver()
        .get(redirect + encoded(system.queues().endpoint() + "/?" + query(sendMessage())));

    assertThat(system.signer().calls(message)).isZero();
    assertThat(queued()).isZero();
  }

  @Test
  void aPageUnderTheNameForContainersIsRefused() {
    browser.driver().get("http://%s:%d/".formatted(CONTAINER_HOST, run.url("/").getPort()));

    assertThat(browser.driver().getPageSource()).contains("use localhost in a browser");
    assertThat(script(FETCH, "/crypto/sign?message=" + message, Map.of("method", "GET")))
        .startsWith("403");
    assertThat(system.signer().calls(message)).isZero();
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

  @Test
  void aReboundNameCannotHaveAMessageSigned() {
    openRebound(system.front().url());

    assertThat(script(FETCH, "/crypto/sign?message=" + message, Map.of())).startsWith("403 ");
    assertThat(system.signer().calls(message)).isZero();
  }

  @Test
  void aReboundNameReadsNeitherConsoleNorInbox() {
    openRebound(system.front().url());
    assertThat(script(FETCH, "/", Map.of())).startsWith("403 ");
    assertThat(script(FETCH, "/console/main.js", Map.of())).startsWith("403 ");

    openRebound(system.inbox().server().url());
    assertThat(script(FETCH, "/inbox", Map.of())).startsWith("403 ");
  }

  @Test
  void aReboundNameQueuesNothing() {
    openRebound(system.queues().endpoint());

    String answer = script(FETCH, "/?" + query(sendMessage()), Map.of("method", "POST"));

    assertThat(answer).startsWith("403 ");
    assertThat(queued()).isZero();
  }

  @Test
  void aReboundNameWritesNoRecord() {
    openRebound(system.limits().endpoint());

    String answer =
        script(
            FETCH,
            "/",
            Map.of(
                "method",
                "POST",
                "headers",
                Map.of(
                    "X-Amz-Target", "DynamoDB_20120810.PutItem",
                    "Content-Type", "application/x-amz-json-1.0",
                    "Authorization",
                        "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request,"
                            + " SignedHeaders=host, Signature=x"),
                "body",
                "{\"TableName\":\"JobTable\",\"Item\":{\"id\":{\"S\":\"" + message + "\"}}}"));

    assertThat(answer).startsWith("403 ");
    var id = Map.of("id", AttributeValue.fromS(message));
    assertThat(
            system
                .limits()
                .client()
                .getItem(g -> g.tableName(DynamoDbServer.JOB_TABLE).key(id))
                .hasItem())
        .isFalse();
  }

  private void openPageOn(String host) {
    browser.driver().get("http://%s:%d/".formatted(host, attacker.getAddress().getPort()));
    assertThat(browser.driver().getPageSource()).contains("hostile");
  }

  private void awaitUrl(String url) {
    await(url).atMost(TIMEOUT).until(() -> browser.driver().getCurrentUrl().equals(url));
  }

  /** Opens a page whose origin is a foreign name on the server's port. */
  private void openRebound(URI server) {
    browser.driver().get("http://%s:%d/x".formatted(EVIL, server.getPort()));
  }

  private String script(String script, Object... arguments) {
    return (String) browser.driver().executeAsyncScript(script, arguments);
  }

  private Map<String, String> sendMessage() {
    return Map.of(
        "Action",
        "SendMessage",
        "MessageBody",
        message,
        "QueueUrl",
        system.queues().deadLetterQueueUrl());
  }

  private static String encoded(String url) {
    return URLEncoder.encode(url, StandardCharsets.UTF_8);
  }

  private static String query(Map<String, String> fields) {
    var query = new StringBuilder();
    fields.forEach((name, value) -> query.append(name).append('=').append(value).append('&'));
    return query.toString();
  }

  private int queued() {
    return TemplateQueues.messages(system.queues().client(), system.queues().deadLetterQueueUrl());
  }
}
