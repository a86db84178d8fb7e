package io.lockstep.app;

import io.lockstep.config.Origins;
import io.lockstep.data.InputException;
import io.lockstep.data.order.Part;
import io.lockstep.plan.Plan;
import io.lockstep.plan.ResolvedPlan;
import io.lockstep.plan.TrainingPlan.Mode;
import io.lockstep.spark.Memory;
import io.lockstep.spark.SparkRoundsEngine;
import io.lockstep.train.EpochSchedule;
import io.lockstep.train.LoadedData;
import io.lockstep.train.Place;
import io.lockstep.train.PreparedRun;
import io.lockstep.train.RoundCost;
import io.lockstep.train.RunSize;
import io.lockstep.train.StepTime;
import io.lockstep.train.Workers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/**
 * What a plan needs and how long it will take, before it is trained: from its network, its data and
 * some steps on this machine. Nothing is written. Not thread-safe.
 */
public final class Sizing {
  private static final int MOST_EXECUTORS = 64;

  private final ResolvedPlan plan;
  private RoundCost cost = RoundCost.USUAL;
  private double seconds = 3;
  private int cores = 1;
  private int machineCores = Runtime.getRuntime().availableProcessors();

  private Sizing(ResolvedPlan plan) {
    this.plan = plan;
  }

  /** The sizing of {@code plan}. */
  public static Sizing of(Plan plan) {
    return of(new ResolvedPlan(plan, Origins.NONE));
  }

  /** The sizing of {@code plan}. */
  public static Sizing of(ResolvedPlan plan) {
    return new Sizing(plan);
  }

  /** What a round costs between the JVMs of the cluster. */
  public Sizing cost(RoundCost roundCost) {
    this.cost = roundCost;
    return this;
  }

  /** Measures steps for so long; 3 s by default. */
  public Sizing seconds(double measuring) {
    if (!(measuring > 0)) {
      throw new InputException("the measurement needs more than 0 seconds, not " + measuring);
    }
    this.seconds = measuring;
    return this;
  }

  /** Cores of an executor, 1 by default. */
  public Sizing executorCores(int number) {
    if (number < 1) {
      throw new InputException("an executor has at least 1 core, not " + number);
    }
    this.cores = number;
    return this;
  }

  /** Cores of the one machine that executors are compared with; by default those of this one. */
  public Sizing machineCores(int number) {
    this.machineCores = Math.max(1, number);
    return this;
  }

  /**
   * Reads the data and measures.
   *
   * @throws InputException if plan or data must be mended
   * @throws IOException if a file system fails
   */
  public Report run() throws IOException {
    Configuration settings = SparkChoice.OWN.hadoop();
    SparkChoice.OWN.check(plan.plan());
    try (Place place = SparkChoice.OWN.open(plan.plan(), settings);
        LoadedData data = place.load(PreparedRun.request(plan.plan()))) {
      PreparedRun run = PreparedRun.of(plan, data.dealt(), settings);
      return report(run, StepTime.measure(run, seconds, System::nanoTime));
    } catch (InputException e) {
      throw plan.origins().located(e);
    }
  }

  private Report report(PreparedRun run, StepTime step) {
    RunSize size = run.size();
    EpochSchedule schedule = run.workload().steps().schedule();
    var forecast = new Forecast(size, schedule, step.seconds(), cost);
    var clusters = new ArrayList<Row>();
    for (int executors = 1; executors <= MOST_EXECUTORS; executors *= 2) {
      clusters.add(forecast.cluster(executors, cores));
      if (executors >= 8 && executors * cores >= size.replicas()) {
        break;
      }
    }
    int all = (size.replicas() + cores - 1) / cores;
    boolean free = run.plan().training().mode() == Mode.AVERAGING;
    int localSteps = free ? forecast.localSteps(all, cores) : 1;
    return new Report(
        run.plan(),
        size,
        run.data().count(Part.TRAINING),
        schedule,
        step,
        cost,
        cores,
        forecast.cluster(all, cores),
        forecast.machine(machineCores),
        clusters,
        localSteps,
        forecast.share(localSteps, all, cores),
        Memory.line(size, all, cores));
  }

  /**
   * How a plan would be trained somewhere.
   *
   * @param executors number of them; 0 for one machine
   * @param cores that are at work
   * @param epochSeconds of an epoch, without evaluation
   * @param roundSeconds of a round beside its steps
   * @param share of the time that rounds cost
   */
  public record Row(
      int executors, int cores, double epochSeconds, double roundSeconds, double share) {}

  /**
   * All of it.
   *
   * @param plan with what it left to the data
   * @param size of the run
   * @param examples of an epoch
   * @param schedule of an epoch
   * @param step as measured
   * @param cost of a round between JVMs, as assumed
   * @param executorCores of each executor
   * @param fitting executors, as many as have a core for each replica
   * @param machine one machine with all in one JVM
   * @param clusters of 1, 2, 4 ... executors
   * @param localSteps with which rounds cost no more than a tenth there, if an epoch has as many
   *     steps; 1 in gradient mode
   * @param shareThen of the time that rounds then cost
   * @param memory what to add to spark-submit
   */
  public record Report(
      Plan plan,
      RunSize size,
      long examples,
      EpochSchedule schedule,
      StepTime step,
      RoundCost cost,
      int executorCores,
      Row fitting,
      Row machine,
      List<Row> clusters,
      int localSteps,
      double shareThen,
      String memory) {
    public Report {
      clusters = List.copyOf(clusters);
    }

    /** The fastest number of executors. */
    public Row best() {
      return clusters.stream().min(Comparator.comparingDouble(Row::epochSeconds)).orElseThrow();
    }

    /** Whether no number of executors is faster than the one machine. */
    public boolean oneMachineIsFaster() {
      return machine.epochSeconds() <= best().epochSeconds();
    }
  }

  /** Predicts from the figures alone. */
  record Forecast(RunSize size, EpochSchedule schedule, double stepSeconds, RoundCost cost) {
    private boolean large() {
      return size.travellingBytes() >= SparkRoundsEngine.LARGE_BYTES;
    }

    Row cluster(int executors, int cores) {
      return row(executors, executors * cores, cost.seconds(size, executors, large()));
    }

    Row machine(int cores) {
      return row(0, cores, RoundCost.local(size));
    }

    Row at(Workers workers) {
      if (workers.executors() > 0) {
        return cluster(workers.executors(), workers.cores());
      }
      return workers.spark()
          ? machine(workers.cores())
          : row(0, workers.cores(), RoundCost.copies(size));
    }

    private Row row(int executors, int cores, double roundSeconds) {
      int used = Math.min(cores, size.replicas());
      int turns = turns(size, used);
      double computing = schedule.minibatches(0) * turns * stepSeconds;
      double rounds = schedule.rounds() * roundSeconds;
      return new Row(
          executors, used, computing + rounds, roundSeconds, rounds / (computing + rounds));
    }

    /** Replicas that one core has to train one after the other. */
    static int turns(RunSize size, int cores) {
      int used = Math.min(cores, size.replicas());
      return (size.replicas() + used - 1) / used;
    }

    double share(int localSteps, int executors, int cores) {
      double round = cost.seconds(size, executors, large());
      int used = Math.min(executors * cores, size.replicas());
      return round / (round + localSteps * turns(size, used) * stepSeconds);
    }

    int localSteps(int executors, int cores) {
      int used = Math.min(executors * cores, size.replicas());
      return RoundCost.localSteps(
          cost.seconds(size, executors, large()),
          turns(size, used) * stepSeconds,
          schedule.minibatches(0));
    }
  }
}
