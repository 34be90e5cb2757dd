package dev.signrelay.http;

import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;

/** Between connecting, which takes its time, and sending: whether that may still be done. */
final class LastCheck implements ExecChainHandler {

  private static final String MAY_BE_SENT = "dev.signrelay.may-be-sent";

  /** The request was not sent. */
  static final class TooLateException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  static HttpClientContext context(BooleanSupplier mayBeSent) {
    HttpClientContext context = HttpClientContext.create();
    context.setAttribute(MAY_BE_SENT, mayBeSent);
    return context;
  }

  @Override
  public ClassicHttpResponse execute(
      ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
      throws IOException, HttpException {
    var mayBeSent = (BooleanSupplier) scope.clientContext.getAttribute(MAY_BE_SENT);
    if (!mayBeSent.getAsBoolean()) {
      throw new TooLateException();
    }
    return chain.proceed(request, scope);
  }
}
