package io.lockstep.app;

import io.lockstep.app.ChaosReport.Run;
import io.lockstep.app.ChaosSchedule.Placed;
import io.lockstep.config.Origins;
import io.lockstep.data.InputException;
import io.lockstep.plan.Plan;
import io.lockstep.plan.ResolvedPlan;
import io.lockstep.plan.RunPlan.EngineKind;
import io.lockstep.plan.TrainingPlan;
import io.lockstep.run.Position;
import io.lockstep.run.RunDirectory;
import io.lockstep.run.RunDirectory.IfExists;
import io.lockstep.run.RunDirectory.IfOwned;
import io.lockstep.spark.Engines;
import io.lockstep.spark.FaultOrder;
import io.lockstep.spark.FaultPlugin;
import io.lockstep.spark.Faults;
import io.lockstep.train.EpochSchedule;
import io.lockstep.train.LostWorkException;
import io.lockstep.train.RoundRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Trial of a plan and of the cluster that it runs on: trains it twice, once undisturbed and once
 * with faults, and compares bits and ledgers. Which fault happens when, and to whom, is drawn from
 * a seed. Not thread-safe.
 */
public final class Chaos {
  private static final int DEFAULT_FAULTS = 5;
  private static final Duration DEFAULT_PATIENCE = Duration.ofMinutes(10);

  /** How long a slow task sleeps: so many rounds, within these limits. */
  private static final int SLOW_ROUNDS = 3;

  private static final long SHORTEST_MILLIS = 1_000;
  private static final long LONGEST_MILLIS = 30_000;

  /** For the events of a run that is over; they are for the table only. */
  private static final long EVENTS_MILLIS = 10_000;

  private final ResolvedPlan plan;
  private Optional<JavaSparkContext> given = Optional.empty();
  private Optional<List<ChaosFault>> faults = Optional.empty();
  private int count = DEFAULT_FAULTS;
  private long seed;
  private String output;
  private boolean overwrite;
  private Duration patience = DEFAULT_PATIENCE;
  private ChaosListener listener = new ChaosListener() {};

  private Chaos(ResolvedPlan plan) {
    this.plan = plan;
    this.output = plan.plan().run().directory() + "-chaos";
  }

  /** A trial of {@code plan}. */
  public static Chaos of(Plan plan) {
    return of(new ResolvedPlan(plan, Origins.NONE));
  }

  /** A trial of {@code plan}. */
  public static Chaos of(ResolvedPlan plan) {
    return new Chaos(plan);
  }

  /** Draws rounds and replicas, and faults unless they are given, from this seed; 0 by default. */
  public Chaos seed(long seed) {
    this.seed = seed;
    return this;
  }

  /** Draws so many faults from those that are usual where the plan runs; 5 by default. */
  public Chaos faults(int number) {
    if (number < 1) {
      throw new InputException("there must be at least 1 fault, not " + number);
    }
    count = number;
    faults = Optional.empty();
    return this;
  }

  /** Lets these faults happen, in this order but for the driver's deaths, which come first. */
  public Chaos faults(List<ChaosFault> inOrder) {
    faults(inOrder.size());
    faults = Optional.of(List.copyOf(inOrder));
    return this;
  }

  /** Keeps both runs in this folder, any Hadoop path; by default beside the plan's directory. */
  public Chaos output(String folder) {
    output = folder;
    return this;
  }

  /** Deletes the runs that the folder holds, if it holds any. */
  public Chaos overwrite() {
    overwrite = true;
    return this;
  }

  /** Waits no longer than this for a round; 10 minutes by default. */
  public Chaos patience(Duration most) {
    patience = most;
    return this;
  }

  /** Runs on {@code context}, which stays open; its {@code spark.plugins} has FaultPlugin. */
  public Chaos spark(JavaSparkContext context) {
    given = Optional.of(context);
    return this;
  }

  /** Tells {@code who} how it comes along. */
  public Chaos listener(ChaosListener who) {
    listener = who;
    return this;
  }

  /**
   * Trains both runs and compares them.
   *
   * @throws InputException if plan, data or wishes must be mended
   * @throws IOException if a file system fails, or the undisturbed run
   */
  public ChaosReport run() throws IOException {
    Plan onSpark = plan.plan().withRun(plan.plan().run().withEngine(EngineKind.SPARK));
    String master =
        given
            .map(it -> it.sc().master())
            .orElseGet(() -> new SparkConf().get("spark.master", onSpark.run().master()));
    List<ChaosFault> drawn =
        faults.orElseGet(() -> ChaosSchedule.draw(seed, count, ChaosFault.usual(master)));
    drawn.forEach(
        it ->
            it.hindrance(master)
                .ifPresent(
                    why -> {
                      throw new InputException(why);
                    }));
    if (given.isPresent()) {
      return new Trial(given.get(), plan.with(onSpark), drawn).run();
    }
    SparkChoice.OWN.check(onSpark);
    JavaSparkContext spark =
        Engines.faulty(
            "chaos " + onSpark.name(),
            onSpark.run(),
            onSpark.training().replicas(),
            onSpark.compute());
    try {
      return new Trial(spark, plan.with(onSpark), drawn).run();
    } finally {
      spark.stop();
    }
  }

  /** Both runs on one Spark. */
  private final class Trial {
    private final JavaSparkContext spark;
    private final Configuration settings;
    private final ResolvedPlan asked;
    private final List<ChaosFault> drawn;
    private final Faults orders = FaultPlugin.faults();
    private List<Placed> placed = List.of(); // until the plan has met its data
    private int roundsOfEpoch;
    private Duration calm = Duration.ZERO; // what the undisturbed run took

    Trial(JavaSparkContext spark, ResolvedPlan asked, List<ChaosFault> drawn) {
      this.spark = spark;
      this.settings = spark.hadoopConfiguration();
      this.asked = asked;
      this.drawn = drawn;
    }

    ChaosReport run() throws IOException {
      String undisturbed = output + "/undisturbed";
      String rough = output + "/disturbed";
      for (String directory : List.of(undisturbed, rough)) {
        RunDirectory.checkCreatable(
            settings, directory, overwrite ? IfExists.OVERWRITE : IfExists.REFUSE, IfOwned.REFUSE);
      }
      listener.undisturbed(undisturbed);
      var usual = new RoundClock(System::nanoTime);
      long began = System.nanoTime();
      training(undisturbed, usual)
          .listener(
              new TrainingListener() {
                @Override
                public void prepared(TrainingOutline outline) {
                  place(outline);
                }
              })
          .run();
      calm = Duration.ofNanos(System.nanoTime() - began);
      listener.disturbed(rough, placed.size());
      var clock = new RoundClock(System::nanoTime);
      var injuries = new ChaosInjuries(usual, clock);
      began = System.nanoTime();
      Optional<String> failure = disturb(rough, clock, injuries);
      Duration disturbed = Duration.ofNanos(System.nanoTime() - began);
      return new ChaosReport(
          measured(undisturbed, calm),
          failure.isPresent() ? Optional.empty() : Optional.of(measured(rough, disturbed)),
          failure,
          injuries.of(placed));
    }

    private Training training(String directory, RoundClock clock) {
      Training training =
          Training.of(asked).directory(directory).spark(spark).listener(clock).listener(listener);
      return overwrite ? training.overwrite() : training;
    }

    private void place(TrainingOutline outline) {
      TrainingPlan training = outline.plan().training();
      roundsOfEpoch =
          new EpochSchedule(
                  outline.trained(), training.replicas(), training.batch(), training.localSteps())
              .rounds();
      placed =
          ChaosSchedule.place(
              seed, drawn, (long) roundsOfEpoch * training.epochs(), training.replicas());
    }

    /** Trains with faults; why that failed, if it did. */
    private Optional<String> disturb(String directory, RoundClock clock, ChaosInjuries injuries)
        throws IOException {
      Map<FaultOrder, Placed> inOrder = new LinkedHashMap<>();
      List<Placed> deaths = new ArrayList<>();
      for (Placed each : placed) {
        if (each.fault() == ChaosFault.DRIVER) {
          deaths.add(each);
        } else {
          inOrder.put(order(each, injuries.usual().median()), each);
        }
      }
      var witness = new ChaosWitness(inOrder, listener);
      injuries.witness(witness);
      Thread driver = Thread.currentThread();
      Runnable giveUp =
          () -> {
            spark.sc().cancelAllJobs();
            driver.interrupt();
          };
      spark.sc().addSparkListener(witness);
      orders.watch(witness);
      inOrder.keySet().forEach(orders::order);
      try {
        for (int i = 0; i < deaths.size(); i++) {
          die(deaths.get(i), directory, injuries, i == 0);
        }
        clock.began(Position.START);
        try (var looking =
            new ChaosPatience(clock, patience, witness::newest, listener::note, giveUp)) {
          return trained(directory, clock, !deaths.isEmpty(), looking);
        }
      } catch (LostWorkException e) {
        return Optional.of(Failure.of(e).message()); // the driver that was to die did not
      } finally {
        orders.revoke();
        awaitEvents();
        spark.sc().removeSparkListener(witness);
      }
    }

    private void die(Placed death, String directory, ChaosInjuries injuries, boolean isFirst)
        throws IOException {
      listener.fault(death.fault(), death.round(), "a driver in a process of its own");
      var life =
          new ChaosDriver.Life(
              asked, directory, overwrite && isFirst, order(death, injuries.usual().median()));
      injuries.died(death, life.end(patience.plus(calm.multipliedBy(2))));
    }

    private Optional<String> trained(
        String directory, RoundClock clock, boolean resumes, ChaosPatience looking)
        throws IOException {
      try {
        if (resumes) {
          Training.resume(directory).spark(spark).listener(clock).listener(listener).run();
        } else {
          training(directory, clock).run();
        }
        return Optional.empty();
      } catch (InputException e) {
        throw e;
      } catch (RuntimeException | IOException e) {
        boolean unused = Thread.interrupted(); // it has been given up, and that is said
        return Optional.of(
            looking.givenUp().isEmpty() ? Failure.of(e).message() : looking.givenUp());
      }
    }

    private FaultOrder order(Placed at, double roundSeconds) {
      double millis = 1e3 * roundSeconds;
      long length =
          switch (at.fault()) {
            case SLOW ->
                (long) Math.min(LONGEST_MILLIS, Math.max(SHORTEST_MILLIS, SLOW_ROUNDS * millis));
            case KILL, DRIVER -> 1 + (long) (at.moment() * millis);
            case FAIL, CACHE, FILES, MEMORY -> 0;
          };
      var round = new RoundRequest(at.round() / roundsOfEpoch, at.round() % roundsOfEpoch);
      return new FaultOrder(at.fault().fault(), length, at.replica(), Optional.of(round), 1);
    }

    private void awaitEvents() {
      try {
        spark.sc().listenerBus().waitUntilEmpty(EVENTS_MILLIS);
      } catch (TimeoutException e) {
        listener.note("Spark has not told all: the table may lack something");
      }
    }

    private Run measured(String directory, Duration taken) throws IOException {
      RunDirectory run = RunDirectory.open(settings, directory);
      return new Run(
          directory,
          WeightsHash.of(run.model().toString(), settings),
          Verification.ledger(directory),
          run.progress().rounds(),
          taken.toNanos() / 1e9);
    }
  }
}
