package io.lockstep.spark;

import io.lockstep.data.InputException;
import io.lockstep.train.RunSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.network.util.JavaUtils;

/**
 * The memory that a Spark application has: its driver, and each of its executors.
 *
 * @param master as Spark names it
 * @param driverHeap bytes of the driver's Java heap
 * @param executorHeap bytes of the heap of an executor; the driver's own under a local master
 * @param executorOutside bytes that a container leaves an executor beside its heap; the largest
 *     number where nothing limits it
 * @param executors at work, 1 if none is known
 * @param tasks that an executor runs at once
 * @param fraction of a heap that Spark may fill with blocks
 */
public record Memory(
    String master,
    long driverHeap,
    long executorHeap,
    long executorOutside,
    int executors,
    int tasks,
    double fraction) {
  private static final long GIGA = 1L << 30;
  private static final long MEGA = 1L << 20;

  /** With less than this share of what is estimated a run cannot work; below 1 it may. */
  private static final double CERTAIN = 0.7;

  /** What a JVM takes outside of its heap, without networks. */
  private static final long JVM_BYTES = 300 * MEGA;

  /** Spark's own default of what a container has beside the heap. */
  private static final double OVERHEAD_FACTOR = 0.1;

  /** Spark's own default. */
  private static final double MEMORY_FRACTION = 0.6;

  private static final long LEAST_OVERHEAD = 384 * MEGA;

  /** The memory of a context that is open. */
  static Memory of(JavaSparkContext spark) {
    SparkConf conf = spark.getConf();
    int cores = Math.max(1, conf.getInt("spark.executor.cores", 0));
    int executors = 0;
    for (var each : ScalaCollections.list(spark.sc().statusStore().executorList(true))) {
      if (!each.id().equals("driver") || spark.sc().isLocal()) {
        executors++;
        cores = Math.max(cores, each.totalCores());
      }
    }
    return of(conf, Runtime.getRuntime().maxMemory(), Math.max(1, executors), cores);
  }

  /** The memory that {@code conf} asks for. */
  static Memory of(SparkConf conf, long driverHeap, int executors, int cores) {
    String master = conf.get("spark.master");
    boolean local = isLocal(master);
    long heap = local ? driverHeap : bytes(conf, "spark.executor.memory", GIGA);
    long overhead =
        bytes(
            conf,
            "spark.executor.memoryOverhead",
            Math.max(LEAST_OVERHEAD, (long) (OVERHEAD_FACTOR * heap)));
    boolean contained = master.equals("yarn") || master.startsWith("k8s");
    return new Memory(
        master,
        driverHeap,
        heap,
        contained ? overhead : Long.MAX_VALUE,
        executors,
        Math.max(1, cores / conf.getInt(TaskCores.KEY, 1)),
        conf.getDouble("spark.memory.fraction", MEMORY_FRACTION));
  }

  private static boolean isLocal(String master) {
    return master.equals("local") || master.startsWith("local[");
  }

  private static long bytes(SparkConf conf, String key, long otherwise) {
    return conf.contains(key) ? JavaUtils.byteStringAsMb(conf.get(key)) * MEGA : otherwise;
  }

  /** What a run needs of each, in bytes; the executor's are 0 under a local master. */
  public record Need(long driver, long executor, long outside) {
    /** What to add to spark-submit. */
    public String line() {
      return executor == 0
          ? "--driver-memory %s (scripts/lockstep: LOCKSTEP_MEMORY=%s)"
              .formatted(rounded(driver), rounded(driver))
          : "--driver-memory %s --executor-memory %s --conf spark.executor.memoryOverhead=%s"
              .formatted(rounded(driver), rounded(executor), rounded(outside));
    }
  }

  /**
   * What to add to spark-submit for a run on executors of a cluster.
   *
   * @param executors that share its replicas
   * @param tasks that an executor runs at once
   */
  public static String line(RunSize run, int executors, int tasks) {
    var any = new Memory("any", 0, 0, 0, executors, tasks, MEMORY_FRACTION);
    return any.need(run).line();
  }

  /** What {@code run} needs here. */
  public Need need(RunSize run) {
    var heap = new HeapNeed(run, fraction);
    if (isLocal(master)) {
      return new Need(heap.single(tasks), 0, 0);
    }
    int busy = Math.min(tasks, (run.replicas() + executors - 1) / executors);
    // As much again for what flows between the layers.
    return new Need(heap.driver(), heap.executor(busy), JVM_BYTES + 2L * busy * run.nativeBytes());
  }

  /** See {@link io.lockstep.train.Place#fit}. */
  List<String> fit(RunSize run) {
    Need need = need(run);
    boolean local = need.executor() == 0;
    var tight = new ArrayList<String>();
    boolean certain =
        lack(local ? "the Java heap" : "the driver's Java heap", driverHeap, need.driver(), tight);
    if (!local) {
      certain |= lack("the Java heap of an executor", executorHeap, need.executor(), tight);
      if (executorOutside < need.outside()) {
        boolean vectors = executorOutside < CERTAIN * (need.outside() - JVM_BYTES) / 2;
        tight.add(
            lacking("the memory of an executor beside its heap", executorOutside, need.outside()));
        certain |= vectors;
      }
    }
    if (tight.isEmpty()) {
      return List.of();
    }
    String said =
        String.format(
            Locale.ROOT,
            "%s, with %,d parameters, %s of state and %d replicas. Add %s",
            String.join("; ", tight),
            run.parameters(),
            words(run.stateBytes()),
            run.replicas(),
            need.line());
    if (certain) {
      throw new InputException(said + ", or take a smaller network or training.shuffleWindow");
    }
    return List.of(said + " if it runs out of memory");
  }

  private static boolean lack(String what, long has, long needs, List<String> to) {
    if (has < needs) {
      to.add(lacking(what, has, needs));
    }
    return has < CERTAIN * needs;
  }

  private static String lacking(String what, long has, long needs) {
    return "%s is %s, but the run needs about %s".formatted(what, words(has), words(needs));
  }

  private static String words(long bytes) {
    return bytes < GIGA
        ? String.format(Locale.ROOT, "%,d MB", bytes / MEGA)
        : String.format(Locale.ROOT, "%.1f GB", bytes / (double) GIGA);
  }

  /** As Spark reads it, rounded up. */
  private static String rounded(long bytes) {
    return bytes <= GIGA ? "1g" : (bytes + GIGA - 1) / GIGA + "g";
  }
}
