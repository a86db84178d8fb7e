package io.lockstep.app;

import io.lockstep.data.InputException;
import io.lockstep.spark.Fault;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What {@link Chaos} lets happen to a run. */
public enum ChaosFault {
  /** An executor is killed in mid-round. */
  KILL("an executor is killed, as by kill -9", Fault.DEATH, Where.CLUSTER),

  /** A task fails. */
  FAIL("a task fails", Fault.FAILURE, Where.ANYWHERE),

  /** A task is slow. */
  SLOW("a task takes three rounds longer", Fault.DELAY, Where.ANYWHERE),

  /** Cached data is lost. */
  CACHE("an executor loses its cached data", Fault.LOST_BLOCKS, Where.ANYWHERE),

  /**
   * Cached data and shuffle files are lost. Within one JVM Spark does not survive that: it strikes
   * the only executor off its list, and to list it again asks a scheduler that clusters alone have.
   */
  FILES("an executor loses its cached data and its shuffle files", Fault.LOST_FILES, Where.CLUSTER),

  /** An executor runs out of memory. */
  MEMORY("an executor runs out of memory", Fault.MEMORY, Where.CLUSTER),

  /** The driver is killed in mid-round, and the run resumed. */
  DRIVER("the driver is killed, as by kill -9, and the run resumed", Fault.DEATH, Where.ONE_JVM);

  private enum Where {
    /** Wherever tasks run. */
    ANYWHERE,
    /** Where executors are JVMs of their own. */
    CLUSTER,
    /** Where tasks run in the driver's JVM, so that another one can be started like it. */
    ONE_JVM
  }

  private final String meaning;
  private final Fault fault;
  private final Where where;

  ChaosFault(String meaning, Fault fault, Where where) {
    this.meaning = meaning;
    this.fault = fault;
    this.where = where;
  }

  /** The word by which it is asked for, such as {@code kill}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What it is, in a few words. */
  public String meaning() {
    return meaning;
  }

  Fault fault() {
    return fault;
  }

  /**
   * The fault of a word.
   *
   * @throws InputException with all words, if there is none
   */
  public static ChaosFault of(String word) {
    return Arrays.stream(values())
        .filter(it -> it.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new InputException(
                    "there is no fault '%s'; there are %s"
                        .formatted(
                            word,
                            Arrays.stream(values())
                                .map(ChaosFault::word)
                                .collect(Collectors.joining(", ")))));
  }

  /**
   * All that can happen where {@code master} runs tasks; but not {@link #MEMORY}, which is slow.
   */
  static List<ChaosFault> usual(String master) {
    return Stream.of(values())
        .filter(it -> it != MEMORY && it.hindrance(master).isEmpty())
        .toList();
  }

  /** Why it cannot happen where {@code master} runs tasks; empty if it can. */
  Optional<String> hindrance(String master) {
    boolean oneJvm = master.matches("local(\\[.*)?");
    if (where == Where.CLUSTER && oneJvm) {
      return Optional.of(
          """
          fault '%s' needs executors in JVMs of their own, and under %s tasks run in the driver's \
          JVM: use --master 'local-cluster[2,1,1024]', scripts/cluster or spark-submit; '%s' kills \
          this JVM\
          """
              .formatted(word(), master, DRIVER.word()));
    }
    if (where == Where.ONE_JVM && !oneJvm) {
      return Optional.of(
          """
          fault '%s' needs a driver that is started anew with the same words, which is done under a \
          local master only, not under %s: use --master 'local[2]'\
          """
              .formatted(word(), master));
    }
    return Optional.empty();
  }
}
