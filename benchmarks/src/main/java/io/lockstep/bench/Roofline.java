package io.lockstep.bench;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bytedeco.javacpp.FloatPointer;

/** What the cores can do at best: OpenBLAS's sgemm on square matrices that fit the cache. */
final class Roofline {
  private static final int SIZE = 512;
  private static final int CALLS = 40;

  private Roofline() {}

  /** GFLOP/s of {@code threads} independent multiplications, one thread each. */
  static double measure(int threads) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      CyclicBarrier barrier = new CyclicBarrier(threads);
      List<Future<Double>> figures = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        figures.add(pool.submit(() -> multiply(barrier)));
      }
      double sum = 0;
      for (Future<Double> figure : figures) {
        sum += figure.get();
      }
      return sum;
    } finally {
      pool.shutdown();
    }
  }

  private static double multiply(CyclicBarrier barrier) throws Exception {
    try (FloatPointer a = filled();
        FloatPointer b = filled();
        FloatPointer c = filled()) {
      multiply(a, b, c, 4);
      barrier.await();
      // Of CPU time: a core's speed, whatever else the machine is doing.
      ThreadMXBean threads = ManagementFactory.getThreadMXBean();
      long start = threads.getCurrentThreadCpuTime();
      multiply(a, b, c, CALLS);
      long nanos = threads.getCurrentThreadCpuTime() - start;
      return CALLS * 2.0 * SIZE * SIZE * SIZE / nanos;
    }
  }

  private static void multiply(FloatPointer a, FloatPointer b, FloatPointer c, int calls) {
    for (int i = 0; i < calls; i++) {
      cblas_sgemm(
          CblasRowMajor,
          CblasNoTrans,
          CblasNoTrans,
          SIZE,
          SIZE,
          SIZE,
          1,
          a,
          SIZE,
          b,
          SIZE,
          0,
          c,
          SIZE);
    }
  }

  private static FloatPointer filled() {
    float[] values = new float[SIZE * SIZE];
    for (int i = 0; i < values.length; i++) {
      values[i] = 1f / (1 + i % 97);
    }
    return new FloatPointer(values);
  }
}
