package dev.signrelay.testing.http;

import static com.github.tomakehurst.wiremock.client.WireMock.proxyAllTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.extension.ResponseTransformerV2;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.http.Request;
import com.github.tomakehurst.wiremock.http.Response;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Passes requests on to an AWS server, whose answers it loses. */
public final class FaultyProxy implements ResponseTransformerV2, AutoCloseable {

  private final AtomicInteger losses = new AtomicInteger();
  private volatile String losing = "";
  private final WireMockServer proxy =
      new WireMockServer(options().bindAddress("127.0.0.1").dynamicPort().extensions(this));

  public FaultyProxy(URI server) {
    proxy.start();
    proxy.stubFor(proxyAllTo(server.toString()));
  }

  public URI url() {
    return URI.create(proxy.baseUrl());
  }

  /** Loses the next answers to an operation. The requests reach the server. */
  public void loseAnswers(String operation, int count) {
    losing = operation;
    losses.set(count);
  }

  /** The operations of all requests, in their order. */
  public List<String> operations() {
    return proxy.getAllServeEvents().reversed().stream()
        .map(event -> operation(event.getRequest()))
        .toList();
  }

  /** Forgets the requests. */
  public void clear() {
    proxy.resetRequests();
  }

  private static String operation(Request request) {
    return request.getHeader("X-Amz-Target").replaceFirst(".*\\.", "");
  }

  @Override
  public String getName() {
    return "loses answers";
  }

  @Override
  public Response transform(Response response, ServeEvent event) {
    boolean isLost =
        operation(event.getRequest()).equals(losing)
            && losses.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    return isLost ? Response.Builder.like(response).fault(Fault.EMPTY_RESPONSE).build() : response;
  }

  @Override
  public void close() {
    proxy.stop();
  }
}
