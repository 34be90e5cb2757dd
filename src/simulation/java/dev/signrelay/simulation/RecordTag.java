package dev.signrelay.simulation;

import dev.signrelay.job.Job;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import java.util.function.UnaryOperator;

/**
 * Appends to a job's message or signature the index of its record in the batch. The fakes are
 * shared by all records of an invocation; the tag tells them which record an effect belongs to. The
 * id of the job does not: a batch can contain several copies of a job.
 */
final class RecordTag {

  private static final char MARK = '#';

  private RecordTag() {}

  static Job add(int index, Job job) {
    return withText(job, text -> text + MARK + index);
  }

  static Job remove(Job job) {
    return withText(job, RecordTag::remove);
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

  static int index(Job job) {
    return index(
        switch (job) {
          case NeedsSignature unsigned -> unsigned.message();
          case NeedsCallback signed -> signed.signature();
        });
  }

  private static Job withText(Job job, UnaryOperator<String> change) {
    return switch (job) {
      case NeedsSignature j ->
          new NeedsSignature(
              j.acceptance(), change.apply(j.message()), j.attempt(), j.notBefore(), j.grant());
      case NeedsCallback j ->
          new NeedsCallback(
              j.acceptance(), change.apply(j.signature()), j.attempt(), j.notBefore());
    };
  }
}
