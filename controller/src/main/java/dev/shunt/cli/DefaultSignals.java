package dev.shunt.cli;

/**
 * What SIGINT and SIGTERM do without the JVM: they end the process at once. The JVM itself only
 * waits for its shutdown hooks when a second one comes. Stateless.
 */
final class DefaultSignals {
  private DefaultSignals() {}

  /** From now on; where the JVM offers no way (module jdk.unsupported), nothing changes. */
  static void restore() {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object byDefault = handler.getField("SIG_DFL").get(null);
      for (String name : new String[] {"INT", "TERM"}) {
        signal
            .getMethod("handle", signal, handler)
            .invoke(null, signal.getConstructor(String.class).newInstance(name), byDefault);
      }
    } catch (ReflectiveOperationException unsupported) {
      return; // the hooks wait for some seconds at most
    }
  }
}
