package dev.signrelay.system;

import dev.signrelay.local.CallbackInbox;
import dev.signrelay.local.LocalEnvironment;
import dev.signrelay.local.QueueServer;
import dev.signrelay.local.Template;
import dev.signrelay.local.TemplateQueues;
import dev.signrelay.local.UnreliableSigner;
import dev.signrelay.testing.ChildJvm;
import dev.signrelay.time.SystemTime;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * The system with processes of SignFunction and of RetryFunction, one of DispatchFunction and one
 * of the queue server, which stores its messages on disk. The upstream and the receiver run in this
 * process and are never killed. Each SignFunction has half of the API's throttle limits. Upstream
 * calls are not limited unless the settings contain a limit. The output of the processes is written
 * to {@code target/processes}.
 */
final class SystemOfProcesses implements AutoCloseable {

  /** An eighth of SignFunction's memory in the template, where it handles one request at a time. */
  private static final int FUNCTION_MEGABYTES = 128;

  private static final int QUEUE_SERVER_MEGABYTES = 256;

  /** Used only if the settings contain a limit, and then they contain the server's URL. */
  private static final URI NO_DYNAMO_DB = URI.create("http://127.0.0.1:1");

  final UnreliableSigner signer;
  final CallbackInbox inbox;
  final ChildJvm queueServer;
  final SqsClient sqs;
  final TemplateQueues queues;

  /** While one of two restarts, clients can use the other. */
  final List<ChildJvm> signFunctions;

  final List<ChildJvm> retryFunctions;
  final ChildJvm dispatchFunction;

  /**
   * @param signProcesses of SignFunction, at most 2
   * @param retryProcesses of RetryFunction
   * @param settings that override the template's
   * @param visibilityTimeout of the queues that invoke RetryFunction, after which a job whose
   *     function was killed is handled. DispatchFunction holds a job for 45 s and an upstream call.
   * @param signerCallsPerMinute 0: no limit
   */
  SystemOfProcesses(
      int signProcesses,
      int retryProcesses,
      Map<String, String> settings,
      Duration visibilityTimeout,
      int signerCallsPerMinute,
      UnreliableSigner.Behaviour behaviour)
      throws IOException {
    Path folder =
        Files.createDirectories(Path.of("target", "processes", UUID.randomUUID().toString()))
            .toAbsolutePath();
    Template template = Template.read();
    int port = ChildJvm.freePort();
    queueServer =
        new ChildJvm(
            "queue-server",
            DurableQueueMain.class,
            port,
            QUEUE_SERVER_MEGABYTES,
            List.of(Integer.toString(port), folder.resolve("queues").toString()),
            folder.resolve("queue-server.log"),
            Map.of());
    signer =
        new UnreliableSigner(
            "127.0.0.1",
            0,
            LocalEnvironment.UPSTREAM_KEY,
            signerCallsPerMinute,
            behaviour,
            new SystemTime());
    inbox = new CallbackInbox("127.0.0.1", 0, _ -> {});
    queueServer.awaitReady();
    URI endpoint = URI.create("http://localhost:" + port);
    sqs = QueueServer.client(endpoint);
    queues = TemplateQueues.create(sqs, template, visibilityTimeout);
    Map<String, String> environment = environment(template, endpoint);
    environment.putAll(settings);
    signFunctions = functions("sign", signProcesses, folder, environment);
    retryFunctions = functions("retry", retryProcesses, folder, environment);
    dispatchFunction = function("dispatch", 1, folder, environment);
    signFunctions.forEach(ChildJvm::awaitReady);
    retryFunctions.forEach(ChildJvm::awaitReady);
    dispatchFunction.awaitReady();
  }

  private Map<String, String> environment(Template template, URI sqsEndpoint) {
    var references = new HashMap<>(queues.references());
    references.put("CryptoClientBaseUrl", signer.server().url().toString());
    Map<String, String> environment =
        LocalEnvironment.of(template, references, sqsEndpoint, NO_DYNAMO_DB);
    environment.put("CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", "0");
    return environment;
  }

  private static List<ChildJvm> functions(
      String kind, int count, Path folder, Map<String, String> environment) throws IOException {
    var functions = new ArrayList<ChildJvm>();
    for (int number = 1; number <= count; number++) {
      functions.add(function(kind, number, folder, environment));
    }
    return List.copyOf(functions);
  }

  private static ChildJvm function(
      String kind, int number, Path folder, Map<String, String> environment) throws IOException {
    String name = kind + "-function-" + number;
    int port = ChildJvm.freePort();
    return new ChildJvm(
        name,
        FunctionMain.class,
        port,
        FUNCTION_MEGABYTES,
        List.of(kind, Integer.toString(port)),
        folder.resolve(name + ".log"),
        environment);
  }

  @Override
  public void close() {
    dispatchFunction.close();
    retryFunctions.forEach(ChildJvm::close);
    signFunctions.forEach(ChildJvm::close);
    queueServer.close();
    sqs.close();
    inbox.close();
    signer.close();
  }
}
