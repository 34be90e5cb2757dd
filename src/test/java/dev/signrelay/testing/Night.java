package dev.signrelay.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * A test that {@code mvn verify} leaves out and {@code mvn -Pnight verify} runs, because it takes
 * long and repeats at greater length what a quick test proves. CONTRIBUTING.md says which tests
 * belong there.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Tag("night")
public @interface Night {}
