package dev.signrelay.benchmark;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandlers;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.signrelay.local.DynamoDbServer;
import dev.signrelay.local.QueueServer;
import dev.signrelay.local.Template;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/**
 * Upstream, callback receiver, ElasticMQ and DynamoDB Local. Prints their {@link Addresses} as one
 * line of JSON and ends when its input does. The TLS key comes from {@code javax.net.ssl.keyStore}.
 */
final class BackendMain {

  private static final String BIND = "127.0.0.1";
  private static final int BACKLOG = 1_000;
  private static final Duration VISIBILITY_TIMEOUT = Duration.ofMinutes(15);
  private static final String SIGNATURE =
      "c2lnbmF0dXJlIG9mIGEgbWVzc2FnZSwgc2l4dHktZm91ciBjaGFyYWN0ZXJzLi4u";

  /**
   * Where the backends are.
   *
   * @param https upstream and callback receiver
   * @param http the same over plain HTTP
   * @param table the name of the limiter's table
   */
  record Addresses(
      URI https,
      URI http,
      URI sqs,
      String retryQueue,
      String deadLetterQueue,
      URI dynamoDb,
      String table) {}

  private BackendMain() {}

  static void main() throws IOException, GeneralSecurityException {
    Template template = Template.read();
    var queues = new QueueServer(BIND, 0, template, VISIBILITY_TIMEOUT);
    var dynamoDb = new DynamoDbServer(BIND, 0, template);
    HttpServer http = HttpServer.create(new InetSocketAddress(BIND, 0), BACKLOG);
    HttpsServer https = HttpsServer.create(new InetSocketAddress(BIND, 0), BACKLOG);
    https.setHttpsConfigurator(new HttpsConfigurator(SSLContext.getDefault()));
    for (HttpServer server : List.of(http, https)) {
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext("/crypto/sign", BackendMain::sign);
      server.createContext("/callback", HttpHandlers.of(204, Headers.of(), ""));
      server.start();
    }
    var addresses =
        new Addresses(
            URI.create("https://localhost:" + https.getAddress().getPort()),
            URI.create("http://localhost:" + http.getAddress().getPort()),
            queues.endpoint(),
            queues.retryQueueUrl(),
            queues.deadLetterQueueUrl(),
            dynamoDb.endpoint(),
            dynamoDb.tableName());
    System.out.println(new JsonMapper().writeValueAsString(addresses));
    System.in.transferTo(OutputStream.nullOutputStream());
    System.exit(0);
  }

  /**
   * The upstream. The message selects the response: {@code sign-N} returns a signature and {@code
   * fail-N} status 503, both after N ms. A suffix makes messages unique.
   */
  private static void sign(HttpExchange exchange) throws IOException {
    String[] words = exchange.getRequestURI().getQuery().split("[=-]");
    try {
      Thread.sleep(Long.parseLong(words[2]));
    } catch (InterruptedException _) {
      exchange.close();
      return;
    }
    var response =
        words[1].equals("fail")
            ? HttpHandlers.of(503, Headers.of(), "unavailable")
            : HttpHandlers.of(200, Headers.of("Content-Type", "text/plain"), SIGNATURE);
    response.handle(exchange);
  }
}
