package dev.signrelay.http;

import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;

/** Checks, once the connection is established, that the request may still be sent. */
final class SendDeadlineInterceptor implements ExecChainHandler {

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
      ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
      throws IOException, HttpException {
    var maySend = (BooleanSupplier) scope.clientContext.getAttribute(MAY_SEND);
    if (!maySend.getAsBoolean()) {
      throw new SendDeadlineException();
    }
    return chain.proceed(request, scope);
  }
}
