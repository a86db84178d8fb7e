package io.lockstep.compute;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import org.nd4j.linalg.api.blas.Blas;
import org.nd4j.linalg.factory.Environment;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * How many native threads compute for a Java thread.
 *
 * <p>The count is part of a plan, since sums split over another number of threads round otherwise.
 * It must not hang on the environment variable {@code OMP_NUM_THREADS} either: executors of a
 * cluster seldom have it, and without it each of them would start a thread per core for every
 * replica. Four places decide, and all are set here:
 *
 * <ul>
 *   <li>OpenMP's count, from which libnd4j's loops and oneDNN take theirs. It belongs to the
 *       calling thread; a new Java thread starts with the environment's, or one per core. ND4J
 *       itself sets it only for the thread that loads it.
 *   <li>libnd4j's own limits, which override OpenMP's in its parallel loops; one for the JVM.
 *   <li>OpenBLAS's count; one for the JVM. It keeps a thread per further core, started as it is
 *       loaded, which sleeps for ever when the count is 1.
 * </ul>
 *
 * <p>Two of these belong to the JVM. So work with different counts excludes each other: a piece of
 * work, such as a step, begins when it is first in line and nothing with another count is running
 * ({@link #with}). Work with equal counts, and so all of one plan, runs at the same time as ever;
 * two plans with different counts in one JVM take turns, step by step, and neither changes the
 * other's bits. {@code 1} is right whenever replicas fill the cores: several networks scale far
 * better than several threads of one. Thread-safe.
 */
public final class NativeThreads {
  private static final Object LOCK = new Object();

  /** Who waits to begin, in the order in which they came; guarded by LOCK. */
  private static final Deque<Thread> LINE = new ArrayDeque<>();

  /** Pieces of work that are running, all with the count {@link #ofJvm}; guarded by LOCK. */
  private static int running;

  /** Count last set for the JVM; 0 before the first; guarded by LOCK. */
  private static int ofJvm;

  private static final ThreadLocal<State> OF_THREAD = ThreadLocal.withInitial(State::new);

  /** What is known of one Java thread. */
  private static final class State {
    private int set; // count last set for it, 0 before the first
    private int depth; // pieces of work that it is within
  }

  private NativeThreads() {}

  /**
   * Does {@code work} with {@code threads} native threads, while nothing in this JVM works with
   * another number. May be nested, with the same number.
   *
   * @return what {@code work} returned
   */
  public static <T> T with(int threads, Supplier<T> work) {
    enter(threads);
    try {
      return work.get();
    } finally {
      leave();
    }
  }

  /** As {@link #with}, for work that has no result. */
  public static void run(int threads, Runnable work) {
    enter(threads);
    try {
      work.run();
    } finally {
      leave();
    }
  }

  /**
   * Lets the calling thread compute with {@code threads} native threads from now on; for programs
   * that never have two counts at once, such as benchmarks.
   */
  public static void use(int threads) {
    run(threads, () -> {});
  }

  private static void enter(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("native threads must be 1 or more, not " + threads);
    }
    State state = OF_THREAD.get();
    if (state.depth > 0) {
      if (state.set != threads) {
        throw new IllegalStateException(
            "work with %d native threads within work with %d".formatted(threads, state.set));
      }
      state.depth++;
      return;
    }
    begin(threads);
    if (state.set != threads) {
      NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
      state.set = threads;
    }
    state.depth = 1;
  }

  /** Waits for its turn; an interrupt is kept for the work, which is short. */
  private static void begin(int threads) {
    boolean interrupted = false;
    synchronized (LOCK) {
      LINE.add(Thread.currentThread());
      try {
        while (LINE.peek() != Thread.currentThread() || (running > 0 && ofJvm != threads)) {
          try {
            LOCK.wait();
          } catch (InterruptedException e) {
            interrupted = true;
          }
        }
        if (ofJvm != threads) {
          setInJvm(threads);
        }
        running++;
      } finally {
        LINE.remove();
        LOCK.notifyAll();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void setInJvm(int threads) {
    Environment limits = Nd4j.getEnvironment();
    limits.setMaxThreads(threads);
    limits.setMaxMasterThreads(threads);
    Blas blas = Nd4j.factory().blas();
    blas.setMaxThreads(threads);
    ofJvm = threads;
  }

  private static void leave() {
    State state = OF_THREAD.get();
    state.depth--;
    if (state.depth > 0) {
      return;
    }
    synchronized (LOCK) {
      running--;
      if (running == 0) {
        LOCK.notifyAll();
      }
    }
  }
}
