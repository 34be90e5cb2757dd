package dev.signrelay.testing;

import org.testcontainers.DockerClientFactory;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;

/** LocalStack in a container, as a second backend of the contract tests. */
public final class LocalStack {

  public static final String NEEDS_DOCKER = "LocalStack requires Docker";

  /** 4.14.0, the last community release; later images require a token. */
  private static final DockerImageName IMAGE =
      DockerImageName.parse(
          "localstack/localstack@sha256:"
              + "3ebc37595918b8accb852f8048fef2aff047d465167edd655528065b07bc364a");

  private LocalStack() {}

  public static boolean dockerRuns() {
    return DockerClientFactory.instance().isDockerAvailable();
  }

  public static LocalStackContainer start(String service) {
    LocalStackContainer container = new LocalStackContainer(IMAGE).withServices(service);
    try {
      container.start();
      return container;
    } catch (RuntimeException e) {
      // It may exist without having become ready.
      container.close();
      throw e;
    }
  }
}
