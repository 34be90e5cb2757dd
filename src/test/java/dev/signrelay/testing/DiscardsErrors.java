package dev.signrelay.testing;

import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/**
 * Tests that cause errors which the local run prints. What is written to {@code System.err} during
 * the class is discarded.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ResourceLock(Resources.SYSTEM_ERR)
@ExtendWith(DiscardsErrors.Discard.class)
public @interface DiscardsErrors {

  /** Replaces the stream, and puts it back. */
  final class Discard implements BeforeAllCallback, AfterAllCallback {

    private final PrintStream original = System.err;

    @Override
    public void beforeAll(ExtensionContext context) {
      System.setErr(new PrintStream(OutputStream.nullOutputStream()));
    }

    @Override
    public void afterAll(ExtensionContext context) {
      System.setErr(original);
    }
  }
}
