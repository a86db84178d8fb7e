package io.lockstep.compute;

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
 * replica. Four places decide, and {@link #use} sets them all:
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
 * <p>Two of these belong to the JVM, so networks that compute at the same time in one JVM must have
 * the same count; those of one plan have. {@code 1} is right whenever replicas fill the cores:
 * several networks scale far better than several threads of one. Thread-safe.
 */
public final class NativeThreads {
  /** Count last set for this Java thread. */
  private static final ThreadLocal<Integer> OF_THREAD = new ThreadLocal<>();

  /** Count last set for the JVM; 0 before the first. */
  private static volatile int ofJvm;

  private NativeThreads() {}

  /**
   * Lets the calling thread compute with {@code threads} native threads; costs nothing when it does
   * so already. To be called by every thread before it computes.
   */
  public static void use(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("native threads must be 1 or more, not " + threads);
    }
    if (ofJvm != threads) {
      useInJvm(threads);
    }
    Integer before = OF_THREAD.get();
    if (before == null || before != threads) {
      NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
      OF_THREAD.set(threads);
    }
  }

  private static synchronized void useInJvm(int threads) {
    Environment limits = Nd4j.getEnvironment();
    limits.setMaxThreads(threads);
    limits.setMaxMasterThreads(threads);
    Blas blas = Nd4j.factory().blas();
    blas.setMaxThreads(threads);
    ofJvm = threads;
  }
}
