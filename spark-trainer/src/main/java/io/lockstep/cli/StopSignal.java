package io.lockstep.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ctrl-C and kill: the first asks the run to stop after its round, with a checkpoint; the second
 * ends the process at once.
 *
 * <p>Through sun.misc.Signal of module jdk.unsupported, by reflection: a shutdown hook would come
 * too late, since Spark's own hook then has stopped the context already. Where it is missing, a
 * signal ends the process as usual and the run goes on from its newest checkpoint.
 */
final class StopSignal implements BooleanSupplier {
  /** What a shell expects of a process that ended by Ctrl-C. */
  static final int EXIT_CODE = 130;

  private static final Logger LOG = LoggerFactory.getLogger(StopSignal.class);

  private final AtomicBoolean requested = new AtomicBoolean();
  private final Runnable notice;

  private StopSignal(Runnable notice) {
    this.notice = notice;
  }

  /**
   * Begins to listen.
   *
   * @param notice called once, at the first signal, by a thread of its own
   */
  static StopSignal listen(Runnable notice) {
    StopSignal signal = new StopSignal(notice);
    signal.handle("INT");
    signal.handle("TERM");
    return signal;
  }

  private void handle(String name) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler react =
          (proxy, method, args) ->
              switch (method.getName()) {
                case "handle" -> {
                  received();
                  yield null;
                }
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> proxy == args[0];
                default -> "Lockstep's handler of " + name;
              };
      Object proxy =
          Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, react);
      Object instance = signal.getConstructor(String.class).newInstance(name);
      signal.getMethod("handle", signal, handler).invoke(null, instance, proxy);
    } catch (ReflectiveOperationException | RuntimeException e) {
      LOG.info("Signal {} cannot be handled: it will end the process at once", name, e);
    }
  }

  private void received() {
    if (requested.getAndSet(true)) {
      Runtime.getRuntime().halt(EXIT_CODE);
    }
    notice.run();
  }

  @Override
  public boolean getAsBoolean() {
    return requested.get();
  }
}
