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

/**
 * One call of the upstream with Apache HttpClient in its smallest form, one connection for each as
 * in SignFunction, and nothing around it.
 */
public final class BareCallHandler implements RequestStreamHandler {

  private final CloseableHttpClient client = HttpClients.createMinimal();

  private final String url =
      System.getenv("CRYPTO_CLIENT_BASE_URL") + "/crypto/sign?message=sign-0";

  @Override
  public void handleRequest(InputStream event, OutputStream answer, Context context)
      throws IOException {
    event.transferTo(OutputStream.nullOutputStream());
    var request = new HttpGet(url);
    request.setHeader(HttpHeaders.CONNECTION, "close");
    byte[] signature = client.execute(request, reply -> EntityUtils.toByteArray(reply.getEntity()));
    answer.write('"');
    answer.write(signature);
    answer.write('"');
  }
}
