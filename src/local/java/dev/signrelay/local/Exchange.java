package dev.signrelay.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** A request to a {@link LocalServer} and its response. All methods may block. */
public final class Exchange {

  /** API Gateway's quota for the payload of an HTTP API. */
  static final int MAX_BODY_BYTES = 10 * 1024 * 1024;

  /** Responds to each request of a server. */
  @FunctionalInterface
  public interface Handler {
    void handle(Exchange exchange) throws IOException, InterruptedException;
  }

  /** Responds to a request, or passes it on. */
  @FunctionalInterface
  public interface Filter {
    void handle(Exchange exchange, Handler next) throws IOException, InterruptedException;
  }

  private final Request request;
  private final Response response;
  private byte @Nullable [] body;
  private byte[] responseBody = {};

  Exchange(Request request, Response response) {
    this.request = request;
    this.response = response;
  }

  /**
   * A handler of Jetty. An unexpected exception is answered with 500, and printed unless the server
   * is being closed.
   */
  static org.eclipse.jetty.server.Handler handler(Handler handler) {
    return new org.eclipse.jetty.server.Handler.Abstract() {
      @Override
      public boolean handle(Request request, Response response, Callback callback) {
        try {
          handler.handle(new Exchange(request, response));
          callback.succeeded();
        } catch (IOException | InterruptedException e) {
          callback.failed(e); // the client has closed the connection, or the server is closed
        } catch (RuntimeException e) {
          if (request.getConnectionMetaData().getConnector().isRunning()) {
            e.printStackTrace();
          }
          Response.writeError(request, response, callback, e);
        }
        return true;
      }
    };
  }

  static InetAddress address(SocketAddress address) {
    return ((InetSocketAddress) address).getAddress();
  }

  public String method() {
    return request.getMethod();
  }

  /** Whether this is a {@code GET}, or a {@code HEAD}, whose response is sent without its body. */
  public boolean reads() {
    return method().equals("GET") || method().equals("HEAD");
  }

  /** Percent-encoded, as it was sent. */
  public String path() {
    return Objects.requireNonNullElse(request.getHttpURI().getPath(), "");
  }

  /** Percent-encoded, as it was sent; empty: absent. */
  public String query() {
    return Objects.requireNonNullElse(request.getHttpURI().getQuery(), "");
  }

  /** The path and the query, as they were sent. */
  public String target() {
    return request.getHttpURI().getPathQuery();
  }

  /** The first value of a query parameter, decoded; empty if it is missing. */
  public String parameter(String name) {
    for (String pair : query().split("&")) {
      if (pair.startsWith(name + "=")) {
        return decoded(pair.substring(name.length() + 1));
      }
    }
    return "";
  }

  /** Returns text with invalid percent-encoding unchanged; the functions refuse it. */
  static String decoded(String encoded) {
    try {
      return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      return encoded;
    }
  }

  /** Null: absent. */
  public @Nullable String header(String name) {
    return request.getHeaders().get(name);
  }

  /** Names in lower case; the values of duplicate headers are joined with commas. */
  public Map<String, String> headers() {
    return map(request.getHeaders());
  }

  private static Map<String, String> map(HttpFields fields) {
    var headers = new LinkedHashMap<String, String>();
    for (HttpField field : fields) {
      headers.merge(
          field.getName().toLowerCase(Locale.ROOT),
          Objects.requireNonNullElse(field.getValue(), ""),
          (first, second) -> first + "," + second);
    }
    return headers;
  }

  InetAddress client() {
    return address(request.getConnectionMetaData().getRemoteSocketAddress());
  }

  /** The body. Of one above {@link #MAX_BODY_BYTES}, one byte more than these. */
  public byte[] body() throws IOException {
    if (body == null) {
      try (InputStream in = Content.Source.asInputStream(request)) {
        body = in.readNBytes(MAX_BODY_BYTES + 1);
        // A response before the end of the request would be a reset for the client.
        in.transferTo(OutputStream.nullOutputStream());
      }
    }
    return body;
  }

  /** Sets a header of the response. */
  public void set(String name, String value) {
    response.getHeaders().put(name, value);
  }

  public void respond(int status, @Nullable String contentType, String text) throws IOException {
    respond(status, contentType, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * @param contentType null: none
   * @param bytes the body
   */
  public void respond(int status, @Nullable String contentType, byte[] bytes) throws IOException {
    var _ = body();
    response.setStatus(status);
    if (contentType != null) {
      set("Content-Type", contentType);
    }
    responseBody = bytes;
    Content.Sink.write(response, true, ByteBuffer.wrap(bytes));
  }

  /** Begins a response whose body is sent as it is written. Writing fails for a closed client. */
  public OutputStream stream(String contentType) {
    response.setStatus(200);
    set("Content-Type", contentType);
    return Content.Sink.asOutputStream(response);
  }

  public int status() {
    return response.getStatus();
  }

  /** The headers of the response, as {@link #headers()}. */
  public Map<String, String> responseHeaders() {
    return map(response.getHeaders());
  }

  /** What {@link #respond} sent; otherwise empty. */
  public byte[] responseBody() {
    return responseBody;
  }

  /** Closes the connection without a response. */
  public void abort() {
    request.getConnectionMetaData().getConnection().getEndPoint().close();
  }
}
