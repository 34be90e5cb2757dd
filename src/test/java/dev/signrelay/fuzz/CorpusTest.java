package dev.signrelay.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The inputs that fuzzing found interesting, or that once failed, keep every property. */
final class CorpusTest {

  @ParameterizedTest
  @EnumSource
  void everyKeptInputPasses(FuzzTarget target) throws IOException {
    List<Path> inputs = files(target.corpus());
    assertThat(inputs).isNotEmpty();
    for (Path input : inputs) {
      byte[] bytes = Files.readAllBytes(input);
      assertThatCode(() -> target.check(bytes)).as(input.toString()).doesNotThrowAnyException();
    }
  }

  @Test
  void everyDirectoryBelongsToATarget() throws IOException {
    assertThat(files(Path.of("src/test/resources/fuzz")))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(FuzzTarget.values()).map(FuzzTarget::corpus).toList());
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }
}
