package dev.signrelay.simulation;

import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import java.net.URI;
import java.util.function.UnaryOperator;

/**
 * Appends to the callback URL and to the message or signature of a job the index of its record in
 * the batch. The records of an invocation share its services; the tag identifies the record that
 * calls them. The id of the job does not, because a batch can contain several copies of a job.
 */
final class RecordTag {

  private static final char MARK = '#';

  private RecordTag() {}

  static Job add(int index, Job job) {
    return changed(job, text -> text + MARK + index);
  }

  static Job remove(Job job) {
    return changed(job, RecordTag::remove);
  }

  /** A text with the tag of another. */
  static String like(String tagged, String text) {
    int mark = tagged.indexOf(MARK);
    return mark < 0 ? text : text + tagged.substring(mark);
  }

  static String remove(String text) {
    int mark = text.indexOf(MARK);
    return mark < 0 ? text : text.substring(0, mark);
  }

  /** The index of the record; 0 without a tag, as for the only job of a request. */
  static int index(String text) {
    int mark = text.indexOf(MARK);
    return mark < 0 ? 0 : Integer.parseInt(text.substring(mark + 1));
  }

  private static Job changed(Job job, UnaryOperator<String> change) {
    Acceptance old = job.acceptance();
    URI oldUrl = old.callbackUrl();
    URI url = oldUrl == null ? null : URI.create(change.apply(oldUrl.toString()));
    var acceptance = new Acceptance(old.id(), url, old.at(), old.validUntil(), old.client());
    return switch (job) {
      case NeedsSignature j ->
          new NeedsSignature(
              acceptance, change.apply(j.message()), j.attemptNumber(), j.notBefore(), j.since());
      case NeedsCallback j ->
          new NeedsCallback(
              acceptance,
              change.apply(j.signature()),
              j.attemptNumber(),
              j.notBefore(),
              j.since(),
              j.calls());
    };
  }
}
