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
 * Gives up on a server that sends one interim (1xx) reply after the other. Reading them, the client
 * would never wait, and so a few such calls would keep the processors from all other virtual
 * threads, those that look after the deadlines included.
 */
final class FewInterimReplies extends HttpRequestExecutor {

  private static final int MAX_INTERIM_REPLIES = 16;

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

  /** For one exchange. */
  private static final class Counter implements Http1StreamListener {
    private int interimReplies;

    @Override
    public void onResponseHead(HttpConnection connection, HttpResponse response) {
      if (response.getCode() < 200 && ++interimReplies > MAX_INTERIM_REPLIES) {
        throw new IllegalStateException("more than " + MAX_INTERIM_REPLIES + " interim replies");
      }
    }

    @Override
    public void onRequestHead(HttpConnection connection, HttpRequest request) {}

    @Override
    public void onExchangeComplete(HttpConnection connection, boolean keepAlive) {}
  }
}
