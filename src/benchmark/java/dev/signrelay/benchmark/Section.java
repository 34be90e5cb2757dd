package dev.signrelay.benchmark;

import java.util.List;

/**
 * Figures that belong together.
 *
 * @param note what has to be known to read them: a sentence, or nothing
 */
record Section(String title, String note, List<Figure> figures) {

  Section {
    figures = List.copyOf(figures);
  }
}
