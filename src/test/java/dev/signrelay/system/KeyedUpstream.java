package dev.signrelay.system;

import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.unauthorized;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import java.util.List;

/** An upstream that accepts certain keys. */
final class KeyedUpstream implements AutoCloseable {

  /** A call that was answered. */
  record Call(String message, String key, int status) {}

  private final WireMockServer server =
      new WireMockServer(options().bindAddress("127.0.0.1").dynamicPort());

  KeyedUpstream() {
    server.start();
  }

  String url() {
    return server.baseUrl();
  }

  /** Signs with a key from now on. */
  void accept(String key) {
    answer(key, ok("signature").withHeader("Content-Type", "text/plain"));
  }

  /** Refuses a key from now on. */
  void refuse(String key) {
    answer(key, unauthorized());
  }

  private void answer(String key, ResponseDefinitionBuilder response) {
    server.stubFor(
        get(urlPathEqualTo("/crypto/sign"))
            .withHeader("Authorization", equalTo(key))
            .willReturn(response));
  }

  List<Call> calls() {
    return server.getAllServeEvents().stream()
        .map(
            event ->
                new Call(
                    event.getRequest().queryParameter("message").firstValue(),
                    event.getRequest().getHeader("Authorization"),
                    event.getResponse().getStatus()))
        .toList();
  }

  @Override
  public void close() {
    server.stop();
  }
}
