package dev.signrelay.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;

/**
 * DynamoDB Local, in memory, with the template's tables. Its handlers run in a separate Jetty
 * server, because the library's server binds to all addresses, prints to standard output and sends
 * telemetry.
 */
public final class DynamoDbServer implements AutoCloseable {

  public static final String TABLE = "RateLimitTable";

  /** The records of jobs. */
  public static final String JOB_TABLE = "JobTable";

  /** A strong reference, because a garbage-collected logger loses its level. */
  private static final Logger SQLITE = Logger.getLogger("com.almworks.sqlite4java");

  static {
    SQLITE.setLevel(Level.WARNING);
  }

  /** Refuses what {@link IsolationPolicy} refuses. */
  private static final class IsolatingHandler extends Handler.Wrapper {

    IsolatingHandler(Handler handler) {
      super(handler);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      var here = (InetSocketAddress) request.getConnectionMetaData().getLocalSocketAddress();
      Optional<String> refusal =
          IsolationPolicy.refusal(request.getHeaders()::get, here.getAddress(), true);
      if (refusal.isEmpty()) {
        return super.handle(request, response, callback);
      }
      response.setStatus(403);
      response.getHeaders().put("Content-Type", "application/json");
      Content.Sink.write(response, true, IsolationPolicy.body(refusal.get()), callback);
      return true;
    }
  }

  private final LocalDynamoDBServerHandler handler;
  private final Server server;
  private final URI endpoint;
  private final DynamoDbClient client;

  /**
   * @param port 0: any free port
   * @throws PortInUseException if the port is already in use
   */
  public DynamoDbServer(String bind, int port, Template template) throws IOException {
    handler =
        new LocalDynamoDBServerHandler(
            new LocalDynamoDBRequestHandler(port, true, null, true, false), "");
    server = new Server(new InetSocketAddress(bind, port));
    server.setHandler(new IsolatingHandler(handler));
    start(port);
    endpoint = LocalServer.url(InetAddress.getByName(bind), server.getURI().getPort());
    client = client(endpoint);
    create(TABLE, template.properties(TABLE));
    create(JOB_TABLE, template.properties(JOB_TABLE));
  }

  private void start(int port) throws PortInUseException {
    try {
      server.start();
    } catch (IOException _) {
      stop();
      throw new PortInUseException(port);
    } catch (Exception e) {
      stop();
      throw new IllegalStateException("DynamoDB Local failed to start", e);
    }
  }

  /** A client of a DynamoDB server that does not check credentials. */
  public static DynamoDbClient client(URI endpoint) {
    return LocalAwsClient.of(DynamoDbClient.builder(), endpoint);
  }

  private void create(String name, Map<String, Object> table) {
    List<AttributeDefinition> attributes =
        maps(table.get("AttributeDefinitions"))
            .map(
                a ->
                    AttributeDefinition.builder()
                        .attributeName(a.get("AttributeName"))
                        .attributeType(a.get("AttributeType"))
                        .build())
            .toList();
    List<KeySchemaElement> key =
        maps(table.get("KeySchema"))
            .map(
                k ->
                    KeySchemaElement.builder()
                        .attributeName(k.get("AttributeName"))
                        .keyType(k.get("KeyType"))
                        .build())
            .toList();
    client.createTable(
        t ->
            t.tableName(name)
                .billingMode((String) table.get("BillingMode"))
                .attributeDefinitions(attributes)
                .keySchema(key));
  }

  @SuppressWarnings("unchecked") // these lists of the template contain mappings of strings
  private static Stream<Map<String, String>> maps(Object list) {
    return ((List<Map<String, String>>) list).stream();
  }

  public URI endpoint() {
    return endpoint;
  }

  public DynamoDbClient client() {
    return client;
  }

  /** The table of the rate limit. */
  public String tableName() {
    return TABLE;
  }

  @Override
  public void close() {
    client.close();
    stop();
  }

  private void stop() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("DynamoDB Local failed to stop", e);
    } finally {
      handler.close();
    }
  }
}
