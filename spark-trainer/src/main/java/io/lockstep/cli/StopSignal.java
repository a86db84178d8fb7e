package io.lockstep.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ctrl-C and kill. While there is nothing to save, a signal ends the process at once; once rounds
 * are under way, the first asks the run to stop after its round, with a checkpoint, and the second
 * ends the process.
 *
 * <p>What fails while the process ends, such as Spark's jobs when its context closes, is not worth
 * a word: see {@link #isEnding}.
 *
 * <p>Through sun.misc.Signal of module jdk.unsupported, by reflection: a shutdown hook would come
 * too late, since Spark's own hook then has stopped the context already. Where it is missing, a
 * signal ends the process as usual and the run goes on from its newest checkpoint.
 */
final class StopSignal implements BooleanSupplier {
  /** What a shell expects of a process that ended by Ctrl-C. */
  static final int EXIT_CODE = 130;

  private static final Logger LOG = LoggerFactory.getLogger(StopSignal.class);

  private static final AtomicBoolean ENDING = new AtomicBoolean();

  private final AtomicBoolean requested = new AtomicBoolean();
  private final Runnable notice;
  private final String nothingSaved;
  private volatile boolean saving;

  private StopSignal(Runnable notice, String nothingSaved) {
    this.notice = notice;
    this.nothingSaved = nothingSaved;
  }

  /**
   * Begins to listen.
   *
   * @param notice called once, at the first signal that does not end the process, by a thread of
   *     its own
   * @param nothingSaved what is said by a signal that ends the process
   */
  static StopSignal listen(Runnable notice, String nothingSaved) {
    StopSignal signal = new StopSignal(notice, nothingSaved);
    signal.handle("INT");
    signal.handle("TERM");
    return signal;
  }

  /** Whether a signal is ending the process. */
  static boolean isEnding() {
    return ENDING.get();
  }

  /** From now on there is something to save before the process ends. */
  void saveFirst() {
    saving = true;
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
    if (!saving) {
      ENDING.set(true);
      System.err.println(nothingSaved);
      System.exit(EXIT_CODE); // with Spark's hooks, which delete what it left on disk
    }
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
