package dev.signrelay.local;

import java.util.Optional;
import java.util.function.Predicate;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers what {@link IsolationPolicy} refuses with 403 and the reason. */
final class IsolationHandler extends Handler.Wrapper {

  private final Predicate<Exchange> acts;

  /**
   * @param acts whether a request can have an effect, even if its response is never read
   */
  IsolationHandler(Handler handler, Predicate<Exchange> acts) {
    super(handler);
    this.acts = acts;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    Optional<String> refusal =
        IsolationPolicy.refusal(
            request.getHeaders()::get,
            Exchange.address(request.getConnectionMetaData().getLocalSocketAddress()),
            acts.test(new Exchange(request, response)));
    if (refusal.isEmpty()) {
      return super.handle(request, response, callback);
    }
    response.setStatus(403);
    response.getHeaders().put("X-Content-Type-Options", "nosniff");
    String body = IsolationPolicy.body(refusal.get());
    // A response before the end of the request would be a reset for the client.
    Content.Source.consumeAll(
        request, Callback.from(() -> respond(response, body, callback), callback::failed));
    return true;
  }

  static void respond(Response response, String json, Callback callback) {
    response.getHeaders().put("Content-Type", "application/json");
    Content.Sink.write(response, true, json, callback);
  }
}
