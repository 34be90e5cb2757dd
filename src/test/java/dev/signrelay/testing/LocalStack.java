package dev.signrelay.testing;

import org.testcontainers.DockerClientFactory;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;

/** LocalStack in a container, for tests that then also run against another server than ours. */
public final class LocalStack {

  public static final String NEEDS_DOCKER = "needs a Docker engine";

  /** The last community release: later images want a token. */
  private static final DockerImageName IMAGE =
      DockerImageName.parse("localstack/localstack:4.14.0");

  private LocalStack() {}

  public static boolean dockerRuns() {
    boolean runs = DockerClientFactory.instance().isDockerAvailable();
    if (!runs) {
      System.out.println("Skipped on LocalStack: it needs a Docker engine, and none runs here.");
    }
    return runs;
  }

  public static LocalStackContainer start(String service) {
    LocalStackContainer container = new LocalStackContainer(IMAGE).withServices(service);
    container.start();
    return container;
  }
}
