package dev.signrelay.queue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.json.Json;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * The JSON format of jobs in the queue, version {@value #VERSION}. Unknown fields are ignored, so
 * that two releases can share a queue during a deployment: release 0.2.0 writes the grant that a
 * job waits for, which is left unused.
 *
 * <p>The text is ASCII: SQS refuses characters that XML does not allow, such as U+0001 (Amazon SQS
 * API reference, SendMessage); everything outside ASCII is escaped as well. A message of 4,096
 * bytes then takes at most 24 KiB, and a signature of 16 KiB, which has no control characters, at
 * most 48 KiB. With its URL, a job takes less than a tenth of the 1 MiB that SQS accepts.
 */
public final class JobCodec {

  private static final int VERSION = 1;
  private static final String SIGNATURE_STAGE = "needs-signature";
  private static final String CALLBACK_STAGE = "needs-callback";

  /** Adding to an Instant near its limits would overflow. */
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  private JobCodec() {}

  /** A queue message is not a job. The message states the defect without quoting the text. */
  public static final class MalformedJobException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MalformedJobException(String message) {
      super(message);
    }
  }

  /** Writes a job. */
  public static String encode(Job job) {
    Acceptance acceptance = job.acceptance();
    ObjectNode node = Json.object().put("version", VERSION);
    switch (job) {
      case NeedsSignature j -> node.put("stage", SIGNATURE_STAGE).put("message", j.message());
      case NeedsCallback j ->
          node.put("stage", CALLBACK_STAGE).put("signature", j.signature()).put("calls", j.calls());
    }
    node.put("id", acceptance.id());
    if (acceptance.callbackUrl() != null) {
      node.put("callbackUrl", acceptance.callbackUrl().toString());
    }
    node.put("acceptedAt", acceptance.at().toString());
    if (acceptance.validUntil() != null) {
      node.put("validUntil", acceptance.validUntil().toString());
    }
    if (!acceptance.client().isEmpty()) {
      node.put("client", acceptance.client());
    }
    node.put("attempt", job.attempt()).put("since", job.since().toString());
    if (job.notBefore() != null) {
      node.put("notBefore", job.notBefore().toString());
    }
    return Json.writeAscii(node);
  }

  /**
   * Reads a job.
   *
   * @throws MalformedJobException if the text is not a job of this version
   */
  public static Job decode(String text) {
    try {
      JsonNode node = Json.read(text);
      if (integer(node, "version") != VERSION) {
        throw new MalformedJobException("its version is not " + VERSION);
      }
      var acceptance =
          new Acceptance(
              string(node, "id"),
              node.has("callbackUrl") ? URI.create(string(node, "callbackUrl")) : null,
              time(node, "acceptedAt"),
              node.has("validUntil") ? time(node, "validUntil") : null,
              node.has("client") ? string(node, "client") : "");
      int attempt = integer(node, "attempt");
      Instant notBefore = node.has("notBefore") ? time(node, "notBefore") : null;
      Instant since = time(node, "since");
      return switch (string(node, "stage")) {
        case SIGNATURE_STAGE ->
            new NeedsSignature(acceptance, string(node, "message"), attempt, notBefore, since);
        case CALLBACK_STAGE ->
            new NeedsCallback(
                acceptance,
                string(node, "signature"),
                attempt,
                notBefore,
                since,
                integer(node, "calls"));
        default -> throw new MalformedJobException("its stage is unknown");
      };
    } catch (Json.MalformedJsonException _) {
      throw new MalformedJobException("it is not JSON");
    } catch (DateTimeException _) {
      throw new MalformedJobException("a time is not ISO 8601");
    } catch (IllegalArgumentException _) {
      throw new MalformedJobException("a field is out of its bounds");
    }
  }

  private static String string(JsonNode node, String name) {
    JsonNode field = field(node, name);
    if (!field.isTextual()) {
      throw new MalformedJobException(name + " is not a string");
    }
    return field.textValue();
  }

  private static Instant time(JsonNode node, String name) {
    Instant time = Instant.parse(string(node, name));
    if (time.isBefore(Instant.EPOCH) || time.isAfter(LATEST)) {
      throw new MalformedJobException(name + " is out of range");
    }
    return time;
  }

  private static int integer(JsonNode node, String name) {
    JsonNode field = field(node, name);
    if (!field.isInt()) {
      throw new MalformedJobException(name + " is not a whole number");
    }
    return field.intValue();
  }

  private static JsonNode field(JsonNode node, String name) {
    JsonNode field = node.get(name);
    if (field == null) {
      throw new MalformedJobException(name + " is missing");
    }
    return field;
  }
}
