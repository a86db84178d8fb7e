package io.lockstep.app;

import io.lockstep.config.Origins;
import io.lockstep.data.InputException;
import io.lockstep.ingest.DataRequest;
import io.lockstep.ingest.IngestionWatch;
import io.lockstep.plan.Plan;
import io.lockstep.plan.PlanParser;
import io.lockstep.plan.ResolvedPlan;
import io.lockstep.plan.RunPlan.EngineKind;
import io.lockstep.run.LedgerCheck;
import io.lockstep.run.RunDirectory;
import io.lockstep.spark.Engines;
import io.lockstep.train.Comparison;
import io.lockstep.train.Engine;
import io.lockstep.train.InProcessPlace;
import io.lockstep.train.LoadedData;
import io.lockstep.train.Place;
import io.lockstep.train.PreparedRun;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * Proof of exactness: the first rounds of a plan in one process and on Spark, compared bit by bit;
 * or a run's ledger, compared with what its plan says must be trained.
 *
 * <p>Not thread-safe.
 */
public final class Verification {
  private static final int DEFAULT_ROUNDS = 5;

  private final ResolvedPlan plan;
  private SparkChoice spark = SparkChoice.OWN;
  private int rounds = DEFAULT_ROUNDS;

  private Verification(ResolvedPlan plan) {
    this.plan = plan;
  }

  /** A comparison of the engines on {@code plan}. */
  public static Verification of(Plan plan) {
    return of(new ResolvedPlan(plan, Origins.NONE));
  }

  /** A comparison of the engines on {@code plan}. */
  public static Verification of(ResolvedPlan plan) {
    return new Verification(plan);
  }

  /** Runs {@code rounds} on each engine, at least 1. */
  public Verification rounds(int rounds) {
    if (rounds < 1) {
      throw new InputException("rounds must be at least 1, not " + rounds);
    }
    this.rounds = rounds;
    return this;
  }

  /** Compares with {@code session}, which stays open. */
  public Verification spark(SparkSession session) {
    return spark(JavaSparkContext.fromSparkContext(session.sparkContext()));
  }

  /** Compares with {@code context}, which stays open. */
  public Verification spark(JavaSparkContext context) {
    spark = new SparkChoice(Optional.of(context));
    return this;
  }

  /**
   * Runs the rounds on both engines and compares the states.
   *
   * @throws InputException if plan or data must be mended
   * @throws IOException if a file system fails
   */
  public Comparison run() throws IOException {
    Configuration settings = spark.hadoop();
    Plan onSpark = plan.plan().withRun(plan.plan().run().withEngine(EngineKind.SPARK));
    spark.check(onSpark);
    DataRequest request = PreparedRun.request(onSpark);
    try (Place here = Engines.inProcess(settings);
        LoadedData data = here.load(request)) {
      PreparedRun run = PreparedRun.of(plan.with(onSpark), data.dealt(), settings);
      try (Place there = spark.open(onSpark, settings);
          LoadedData same = there.load(request);
          Engine inProcess = data.open(run.workload());
          Engine engine = same.open(run.workload())) {
        return Comparison.of(rounds, inProcess, engine, System::nanoTime);
      }
    } catch (InputException e) {
      throw plan.origins().located(e);
    }
  }

  /**
   * Checks that a run trained each example exactly once per epoch.
   *
   * @param directory of the run, also while it goes on
   */
  public static LedgerCheck.Report ledger(String directory) throws IOException {
    Configuration settings = SparkChoice.OWN.hadoop();
    RunDirectory run = RunDirectory.open(settings, directory);
    String file = directory + "/plan.yaml";
    ResolvedPlan plan = PlanParser.resolve(run.plan().yaml(), file, List.of());
    try (InProcessPlace here = Engines.inProcess(settings);
        InProcessPlace.InProcessData data =
            here.load(PreparedRun.request(plan.plan()), IngestionWatch.NONE)) {
      PreparedRun planned = PreparedRun.of(plan, data.dealt(), settings);
      var expected =
          new LedgerCheck.Expectation(plan.plan().training().epochs(), Circumstances.data(planned));
      return LedgerCheck.verify(run, planned.order(data::trained), expected);
    }
  }
}
