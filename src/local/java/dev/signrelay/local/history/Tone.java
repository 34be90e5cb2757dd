package dev.signrelay.local.history;

import java.util.Locale;

/** How a state or a step is displayed. */
enum Tone {
  PLAIN,
  GOOD,
  BAD,
  WAIT,
  INFO;

  /** The name of the class in the console's style sheets. */
  String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}
