package dev.signrelay.testing;

/** Reads constants of the production code that are private to their classes. */
public final class Constant {

  private Constant() {}

  /** The value of {@code package.Class.CONSTANT}. */
  @SuppressWarnings("unchecked") // The caller knows its type.
  public static <T> T of(String name) {
    int dot = name.lastIndexOf('.');
    try {
      var field =
          Class.forName("dev.signrelay." + name.substring(0, dot))
              .getDeclaredField(name.substring(dot + 1));
      field.setAccessible(true);
      return (T) field.get(null);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }
}
