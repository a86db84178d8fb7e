package io.lockstep.spark;

import io.lockstep.ingest.Shard;
import io.lockstep.train.RoundRequest;
import io.lockstep.train.Workbench;
import java.time.Duration;
import java.util.Map;
import java.util.Timer;
import java.util.TimerTask;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.spark.SparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/**
 * The rounds of a run, in stays: a Spark job lasts for many rounds, as long as the replicas are
 * where they should be and nobody else needs their slots; then comes the next one.
 *
 * <p>A stay costs what a round would cost as a job of its own: some 5 to 25 ms of scheduler, laying
 * out and launching. Nothing else is different. The tasks are ordinary ones, which Spark runs again
 * when they fail; a round is a pure function of what its passage brings; and a stay ends between
 * two rounds. It lasts for one round only where more replicas than slots are at work, or where
 * Spark speculates, since it judges a task by the time that it takes.
 *
 * <p>One thread calls; replicas ask at any time.
 */
final class Stays implements AutoCloseable {
  /** Spark's setting: how long a job may last, so that other jobs of the application have turns. */
  static final String KEY = "spark.lockstep.stay";

  private static final String MOST = "10s";

  /** A local property of Spark's: run and number of the stay that a job is. */
  static final String STAY_OF = "lockstep.stay";

  private static final Duration LOOK = Duration.ofMillis(100);

  /** Stays that a round may begin; each but the last ended before the round was done. */
  private static final int MOST_STAYS = 8;

  private static final Map<String, Stays> OPEN = new ConcurrentHashMap<>();

  private final SparkContext spark;
  private final SharedRun<Workbench> run;
  private final Supplier<RDD<Shard>> shards;
  private final Supplier<Boolean> together;
  private final int replicas;
  private final Duration most;
  private final String name = UUID.randomUUID().toString();
  private final Map<Integer, Rendezvous> rendezvous = new ConcurrentHashMap<>();
  private final Watch watch = new Watch();
  private final Timer clock = new Timer("lockstep stays", true);
  private MeetingEndpoint endpoint; // where replicas are elsewhere
  private int begun;
  private volatile Stay current; // null if there is none

  /**
   * Stays of one run.
   *
   * @param shards of the replicas, placed on the executors of now
   * @param together whether all replicas can be at work at once
   */
  Stays(
      SparkContext spark,
      SharedRun<Workbench> run,
      int replicas,
      Supplier<RDD<Shard>> shards,
      Supplier<Boolean> together) {
    this.spark = spark;
    this.run = run;
    this.replicas = replicas;
    this.shards = shards;
    this.together = together;
    boolean speculating = spark.conf().getBoolean("spark.speculation", false);
    this.most =
        speculating ? Duration.ZERO : Duration.ofMillis(spark.conf().getTimeAsMs(KEY, MOST));
    long look = LOOK.toMillis();
    clock.schedule(
        new TimerTask() {
          @Override
          public void run() {
            rendezvous.values().forEach(Rendezvous::look);
          }
        },
        look,
        look);
    spark.addSparkListener(watch);
    OPEN.put(name, this);
  }

  /** The stays of a run whose driver is this JVM. */
  static Stays ofRun(String name) {
    Stays stays = OPEN.get(name);
    if (stays == null) {
      throw new IllegalStateException("the run is over, or its driver is in another JVM");
    }
    return stays;
  }

  /** Number of runs under way in this JVM. */
  static int open() {
    return OPEN.size();
  }

  /** A replica asks what to do next; {@code answer} is given it, now or later. */
  void ask(DoneRound done, Consumer<NextRound> answer) {
    Rendezvous where = rendezvous.get(done.stay());
    if (where == null) {
      answer.accept(NextRound.LEAVE); // that stay is over
    } else {
      where.ask(done, answer);
    }
  }

  /**
   * Has all replicas do a round.
   *
   * @return what each has brought, by its number
   * @throws io.lockstep.train.LostWorkException if Spark gave it up
   */
  DoneRound[] round(Passage passage, RoundRequest request, String what) {
    return Jobs.run(
        what,
        () -> {
          for (int attempt = 0; attempt < MOST_STAYS; attempt++) {
            DoneRound[] done = attempt(passage, request);
            if (done != null) {
              return done;
            }
          }
          throw new IllegalStateException(
              "the tasks of replicas ended %d times without their round".formatted(MOST_STAYS));
        });
  }

  /** As above; null if the stay ended before. */
  private DoneRound[] attempt(Passage passage, RoundRequest request) throws Exception {
    Stay stay = current(passage);
    try {
      if (!stay.rendezvous().open(passage, request)) {
        return null;
      }
      if (stay.isForOneRound()) {
        stay.rendezvous().dismiss();
      }
      return stay.rendezvous().await();
    } catch (Throwable e) {
      current = null;
      rendezvous.values().remove(stay.rendezvous());
      stay.abandon();
      if (e instanceof Exception exception) {
        throw exception;
      }
      throw (Error) e;
    }
  }

  private Stay current(Passage passage) throws InterruptedException {
    Stay stay = current;
    if (stay != null && stay.hosts(spark, most)) {
      return stay;
    }
    end();
    RDD<Shard> placed = shards.get();
    boolean one = most.isZero() || !together.get();
    int number = begun++;
    var place = new Rendezvous(replicas, System::nanoTime);
    rendezvous.put(number, place);
    spark.setLocalProperty(STAY_OF, name + " " + number);
    try {
      stay = new Stay(spark, placed, new ResidentTask(run, meeting(passage), number), place, one);
    } finally {
      spark.setLocalProperty(STAY_OF, null);
    }
    current = stay;
    return stay;
  }

  private MeetingPlace meeting(Passage passage) {
    if (!(passage instanceof Travelling travelling)) {
      return new MeetingHere(name);
    }
    if (endpoint == null) {
      endpoint = new MeetingEndpoint(spark.env().rpcEnv(), this);
    }
    return new MeetingByRpc(endpoint.name(), travelling);
  }

  /**
   * Ends the stay, so that others have the slots.
   *
   * @return whether there was one
   */
  boolean end() throws InterruptedException {
    Stay stay = current;
    if (stay == null) {
      return false;
    }
    current = null;
    stay.end();
    rendezvous.values().remove(stay.rendezvous());
    return true;
  }

  /** Learns from Spark of tasks that failed, and of executors that came or went. */
  private final class Watch extends SparkListener {
    private final Map<Integer, Rendezvous> stages = new ConcurrentHashMap<>();

    @Override
    public void onStageSubmitted(SparkListenerStageSubmitted event) {
      String stay = event.properties() == null ? null : event.properties().getProperty(STAY_OF);
      if (stay != null && stay.startsWith(name + " ")) {
        Rendezvous of = rendezvous.get(Integer.parseInt(stay.substring(name.length() + 1)));
        if (of != null) {
          stages.put(event.stageInfo().stageId(), of);
        }
      }
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd event) {
      Rendezvous of = stages.get(event.stageId());
      if (of != null && !event.taskInfo().successful()) {
        of.lost(event.taskInfo().partitionId());
        outdate();
      }
    }

    @Override
    public void onExecutorAdded(SparkListenerExecutorAdded event) {
      outdate();
    }

    @Override
    public void onExecutorRemoved(SparkListenerExecutorRemoved event) {
      outdate();
    }

    private void outdate() {
      stages.values().retainAll(rendezvous.values());
      Stay stay = current;
      if (stay != null) {
        stay.outdate();
      }
    }
  }

  @Override
  public void close() {
    try {
      end();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      OPEN.remove(name);
      spark.removeSparkListener(watch);
      clock.cancel();
      if (endpoint != null) {
        endpoint.close();
      }
    }
  }
}
