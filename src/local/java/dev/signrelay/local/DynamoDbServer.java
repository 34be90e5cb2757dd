package dev.signrelay.local;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
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

  /**
   * Each new handler of DynamoDB Local 3.3.1 fills a map of the operations that all handlers of the
   * process share, without synchronization. In the meantime, operations are unknown, and if two
   * handlers fill the map at once, they can remain so.
   */
  private static final ReadWriteLock OPERATIONS = new ReentrantReadWriteLock();

  private final LocalDynamoDBServerHandler handler;
  private final LocalServer server;
  private final URI endpoint;
  private final DynamoDbClient client;

  /**
   * @param port 0: any free port
   * @throws IOException if the port is already in use
   */
  public DynamoDbServer(String bind, int port, Template template) throws IOException {
    handler = handler(new LocalDynamoDBRequestHandler(port, true, null, true, false));
    server = LocalServer.listening(bind, port, reading(handler));
    server.start();
    endpoint = server.url();
    client = client(endpoint);
    create(TABLE, template.properties(TABLE));
    create(JOB_TABLE, template.properties(JOB_TABLE));
  }

  static LocalDynamoDBServerHandler handler(LocalDynamoDBRequestHandler requests) {
    OPERATIONS.writeLock().lock();
    try {
      return new LocalDynamoDBServerHandler(requests, "");
    } finally {
      OPERATIONS.writeLock().unlock();
    }
  }

  private static Handler reading(Handler handler) {
    return new Handler.Wrapper(handler) {
      @Override
      public boolean handle(Request request, Response response, Callback callback)
          throws Exception {
        OPERATIONS.readLock().lock();
        try {
          return super.handle(request, response, callback);
        } finally {
          OPERATIONS.readLock().unlock();
        }
      }
    };
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

  public String tableName() {
    return TABLE;
  }

  @Override
  public void close() {
    client.close();
    server.close();
    handler.close();
  }
}
