package dev.signrelay.simulation;

import dev.signrelay.app.Services;
import dev.signrelay.upstream.Signer;
import java.lang.reflect.RecordComponent;

/** Services of which one is flawed. */
final class FlawedServices {

  private FlawedServices() {}

  static Services with(Services services, Signer signer) {
    return with(services, (Object) signer);
  }

  static Services withoutRestart(Services services) {
    Runnable nothing = () -> {};
    return with(services, nothing);
  }

  /**
   * @param flawed replaces the service of its type
   */
  static Services with(Services services, Object flawed) {
    RecordComponent[] all = Services.class.getRecordComponents();
    var values = new Object[all.length];
    try {
      for (int i = 0; i < all.length; i++) {
        values[i] =
            all[i].getType().isInstance(flawed) ? flawed : all[i].getAccessor().invoke(services);
      }
      return (Services) Services.class.getConstructors()[0].newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
