package dev.signrelay.http;

import java.io.IOException;
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
 * Fails an exchange with too many interim (1xx) responses. A client that reads them without pause
 * never blocks, and would occupy a processor until its deadline.
 */
final class InterimResponseLimit extends HttpRequestExecutor {

  private static final int MAX_INTERIM_RESPONSES = 16;

  @Override
  public ClassicHttpResponse execute(
      ClassicHttpRequest request,
      HttpClientConnection connection,
      HttpResponseInformationCallback informationCallback,
      HttpContext context)
      throws IOException, HttpException {
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
