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
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The JSON format of jobs in the queue, version {@value #VERSION}. Unknown fields are ignored, such
 * as the grants that release 0.2.0 writes, so that two releases can share a queue during a
 * deployment.
 *
 * <p>The text is ASCII: SQS refuses characters that XML does not allow, such as U+0001 (Amazon SQS
 * API reference, SendMessage); everything outside ASCII is escaped as well. A message of 4,096
 * bytes then takes at most 24 KiB, and a signature of 16 KiB, which has no control characters, at
 * most 48 KiB. With its URL, a job takes less than a tenth of 1 MiB, the longest message of SQS.
 */
public final class JobCodec {

  private static final int VERSION = 1;
  private static final String SIGNATURE_STAGE = "needs-signature";
  private static final String CALLBACK_STAGE = "needs-callback";

  /** The latest time that is read: adding to an Instant near its maximum would overflow. */
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  private JobCodec() {}

  /** A text is not a job. The exception's message states the defect without quoting the text. */
  public static final class MalformedJobException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MalformedJobException(String message) {
      super(message);
    }
  }

  public static String encode(Job job) {
    Acceptance acceptance = job.acceptance();
    ObjectNode fields = Json.object().put("version", VERSION);
    switch (job) {
      case NeedsSignature j -> fields.put("stage", SIGNATURE_STAGE).put("message", j.message());
      case NeedsCallback j ->
          fields
              .put("stage", CALLBACK_STAGE)
              .put("signature", j.signature())
              .put("calls", j.calls());
    }
    fields
        .put("id", acceptance.id())
        .put("callbackUrl", text(acceptance.callbackUrl()))
        .put("acceptedAt", acceptance.at().toString())
        .put("validUntil", text(acceptance.validUntil()))
        .put("client", acceptance.client().isEmpty() ? null : acceptance.client())
        .put("attempt", job.attemptNumber())
        .put("since", job.since().toString())
        .put("notBefore", text(job.notBefore()))
        .removeIf(JsonNode::isNull);
    return Json.writeAscii(fields);
  }

  private static @Nullable String text(@Nullable Object value) {
    return Objects.toString(value, null);
  }

  /**
   * @throws MalformedJobException if the text is not a job of this version
   */
  public static Job decode(String text) {
    try {
      JsonNode fields = Json.readObject(text);
      if (integer(fields, "version") != VERSION) {
        throw new MalformedJobException("its version is not " + VERSION);
      }
      var acceptance =
          new Acceptance(
              string(fields, "id"),
              fields.has("callbackUrl") ? URI.create(string(fields, "callbackUrl")) : null,
              time(fields, "acceptedAt"),
              fields.has("validUntil") ? time(fields, "validUntil") : null,
              fields.has("client") ? string(fields, "client") : "");
      int attempt = integer(fields, "attempt");
      Instant notBefore = fields.has("notBefore") ? time(fields, "notBefore") : null;
      Instant since = time(fields, "since");
      return switch (string(fields, "stage")) {
        case SIGNATURE_STAGE ->
            new NeedsSignature(acceptance, string(fields, "message"), attempt, notBefore, since);
        case CALLBACK_STAGE ->
            new NeedsCallback(
                acceptance,
                string(fields, "signature"),
                attempt,
                notBefore,
                since,
                integer(fields, "calls"));
        default -> throw new MalformedJobException("its stage is unknown");
      };
    } catch (Json.MalformedJsonException _) {
      throw new MalformedJobException("it is not a JSON object");
    } catch (DateTimeException _) {
      throw new MalformedJobException("a time is not ISO 8601");
    } catch (IllegalArgumentException _) {
      throw new MalformedJobException("a field is out of its bounds");
    }
  }

  private static String string(JsonNode fields, String name) {
    JsonNode field = field(fields, name);
    if (!field.isTextual()) {
      throw new MalformedJobException(name + " is not a string");
    }
    return field.textValue();
  }

  private static Instant time(JsonNode fields, String name) {
    Instant time = Instant.parse(string(fields, name));
    if (time.isBefore(Instant.EPOCH) || time.isAfter(LATEST)) {
      throw new MalformedJobException(name + " is out of range");
    }
    return time;
  }

  private static int integer(JsonNode fields, String name) {
    JsonNode field = field(fields, name);
    if (!field.isInt()) {
      throw new MalformedJobException(name + " is not a whole number");
    }
    return field.intValue();
  }

  private static JsonNode field(JsonNode fields, String name) {
    return fields.optional(name).orElseThrow(() -> new MalformedJobException(name + " is missing"));
  }
}
