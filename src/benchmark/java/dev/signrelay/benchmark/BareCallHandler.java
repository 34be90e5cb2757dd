package dev.signrelay.benchmark;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/** One upstream call with a minimal Apache HttpClient, on a new connection as in SignFunction. */
public final class BareCallHandler implements RequestStreamHandler {

  private final CloseableHttpClient client = HttpClients.createMinimal();

  private final String url =
      System.getenv("CRYPTO_CLIENT_BASE_URL") + "/crypto/sign?message=sign-0";

  @Override
  public void handleRequest(InputStream event, OutputStream response, Context context)
      throws IOException {
    event.transferTo(OutputStream.nullOutputStream());
    var request = new HttpGet(url);
    request.setHeader(HttpHeaders.CONNECTION, "close");
    byte[] signature = client.execute(request, reply -> EntityUtils.toByteArray(reply.getEntity()));
    response.write('"');
    response.write(signature);
    response.write('"');
  }
}
