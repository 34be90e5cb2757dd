package dev.signrelay.local.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signrelay.json.Json;
import dev.signrelay.local.Exchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Serves {@code openapi.yaml} in Swagger UI. Requests are sent to the local API. */
public final class ApiReference {

  static final String PATH = "/api/docs";

  /** Swagger UI sets inline styles and embeds icons in its style sheet. */
  static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self'"
          + " data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors"
          + " 'none'";

  private static final String LENIENT =
      "The local run also accepts `http`, private addresses and every port. Once deployed:";

  private final StaticFiles swaggerUi =
      new StaticFiles("/META-INF/resources/webjars/swagger-ui/" + version() + "/");
  private final String document;

  /**
   * @param inboxUrl the example callback URL, which works in the local run
   */
  ApiReference(String inboxUrl) {
    this.document = Json.write(document(inboxUrl));
  }

  /** The document adapted to the local run: its server URL, and callbacks to this machine. */
  static ObjectNode document(String inboxUrl) {
    ObjectNode document = openApi();
    document.putArray("servers").addObject().put("url", "/").put("description", "The local run");
    for (JsonNode parameter : document.at("/paths/~1crypto~1sign/get/parameters")) {
      if (parameter.path("name").asText().equals("callback_url")) {
        ((ObjectNode) parameter).put("example", inboxUrl);
      }
    }
    document
        .withObject("/paths/~1crypto~1sign/post/requestBody/content/application~1json")
        .withObject("/examples/callback/value")
        .put("callback_url", inboxUrl);
    ObjectNode url = document.withObject("/components/schemas/CallbackUrl");
    url.put("pattern", "^https?://[^/?#@]+([/?][^#]*)?$");
    url.put("description", LENIENT + "\n\n" + url.path("description").asText());
    return document;
  }

  /** A copy of {@code openapi.yaml}. */
  public static ObjectNode openApi() {
    var options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    try (var text = Files.newBufferedReader(Path.of("openapi.yaml"))) {
      return Json.tree(new Yaml(new SafeConstructor(options)).load(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void serve(Exchange exchange) throws IOException {
    switch (exchange.path().substring(PATH.length())) {
      case "", "/" -> StaticFiles.CONSOLE.serve(exchange, "reference.html");
      case "/openapi.json" -> exchange.respond(200, "application/json", document);
      case "/swagger-ui.css" -> swaggerUi.serve(exchange, "swagger-ui.css");
      case "/swagger-ui-bundle.js" -> swaggerUi.serve(exchange, "swagger-ui-bundle.js");
      case String _ -> exchange.respond(404, "text/plain", "Page not found.");
    }
  }

  private static String version() {
    var properties = new Properties();
    String name = "/META-INF/maven/org.webjars/swagger-ui/pom.properties";
    try (InputStream file = ApiReference.class.getResourceAsStream(name)) {
      properties.load(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version");
  }
}
