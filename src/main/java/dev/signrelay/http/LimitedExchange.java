package dev.signrelay.http;

import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpConnection;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.Http1StreamListener;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.protocol.HttpContext;

/**
 * Sends a request on an established connection, if it may still be sent, and fails if the reply
 * follows too many interim (1xx) responses. A client that reads these without pause never blocks,
 * and would occupy a processor until its deadline.
 */
final class LimitedExchange extends HttpRequestExecutor {

  private static final int MAX_INTERIM_RESPONSES = 16;
  private static final String MAY_SEND = "dev.signrelay.may-send";

  /** The connection was established too late; the request was not sent. */
  static final class SendDeadlineException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  static HttpClientContext context(BooleanSupplier maySend) {
    HttpClientContext context = HttpClientContext.create();
    context.setAttribute(MAY_SEND, maySend);
    return context;
  }

  @Override
  public ClassicHttpResponse execute(
      ClassicHttpRequest request,
      HttpClientConnection connection,
      HttpResponseInformationCallback informationCallback,
      HttpContext context)
      throws IOException, HttpException {
    var maySend = (BooleanSupplier) context.getAttribute(MAY_SEND);
    if (!maySend.getAsBoolean()) {
      throw new SendDeadlineException();
    }
    return new HttpRequestExecutor(Http1Config.DEFAULT, null, new Counter())
        .execute(request, connection, informationCallback, context);
  }

  /** Counts the interim responses of one exchange. */
  private static final class Counter implements Http1StreamListener {
    private int interimResponses;

    @Override
    public void onResponseHead(HttpConnection connection, HttpResponse response) {
      if (response.getCode() < 200 && ++interimResponses > MAX_INTERIM_RESPONSES) {
        throw new IllegalStateException(
            "more than " + MAX_INTERIM_RESPONSES + " interim responses");
      }
    }

    @Override
    public void onRequestHead(HttpConnection connection, HttpRequest request) {}

    @Override
    public void onExchangeComplete(HttpConnection connection, boolean keepAlive) {}
  }
}
