package io.lockstep.spark;

import io.lockstep.data.InputException;
import io.lockstep.data.source.table.Tables;
import io.lockstep.plan.ComputePlan;
import io.lockstep.plan.RunPlan;
import io.lockstep.plan.RunPlan.EngineKind;
import io.lockstep.train.InProcessPlace;
import io.lockstep.train.Place;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.launcher.JavaModuleOptions;

/** Opens the engine that a plan asks for, with the Spark context that it needs. */
public final class Engines {
  private static final String EXECUTOR_OPTIONS = "spark.executor.extraJavaOptions";
  private static final String PLUGINS = "spark.plugins";
  private static final String VECTORS = "--add-modules=jdk.incubator.vector";

  private Engines() {}

  /** Hadoop's settings as {@code spark-submit} and the cluster's files give them. */
  public static Configuration hadoop() {
    return SparkHadoopUtil.get().newConfiguration(SparkSettings.apply(new SparkConf()));
  }

  /**
   * Looks whether {@link #open} will find the cores that it needs.
   *
   * @throws InputException if a replica has more native threads than a task can have cores
   */
  public static void check(RunPlan plan, ComputePlan compute) {
    if (plan.engine() == EngineKind.SPARK) {
      TaskCores.apply(conf(plan.master()), compute.threads());
    }
  }

  /**
   * Opens the place that the plan names; a Spark context that is opened for it is closed with it.
   *
   * @param replicas that each round has work for
   * @param hadoop settings that files are opened with
   * @throws InputException as {@link #check}
   */
  public static Place open(
      String name, RunPlan plan, int replicas, ComputePlan compute, Configuration hadoop) {
    if (plan.engine() == EngineKind.IN_PROCESS) {
      return inProcess(hadoop);
    }
    SparkConf conf = TaskCores.apply(conf(plan.master()), compute.threads());
    return SparkPlace.owning(context(name, ReplicaExecutors.apply(conf, replicas)), hadoop);
  }

  /**
   * This process, as a place for training and evaluation; tables that only Spark reads are read by
   * the Spark of this JVM, or by one that is opened for it.
   */
  public static InProcessPlace inProcess(Configuration hadoop) {
    return new InProcessPlace(hadoop, tables());
  }

  /** Opens tables that only Spark reads, by the Spark of this JVM or by one opened for it. */
  public static Tables tables() {
    return new LocalTables();
  }

  /**
   * A Spark context for {@code plan} in which faults can be ordered ({@link FaultPlugin}). Where
   * tasks run in this JVM, Spark gives each one attempt only; here they get as many as elsewhere.
   *
   * @param replicas that each round has work for
   * @throws InputException as {@link #check}
   */
  public static JavaSparkContext faulty(
      String name, RunPlan plan, int replicas, ComputePlan compute) {
    SparkConf conf = TaskCores.apply(conf(plan.master()), compute.threads());
    conf.set("spark.master", retrying(conf.get("spark.master"), conf));
    String others = conf.get(PLUGINS, "");
    String own = FaultPlugin.class.getName();
    conf.set(PLUGINS, others.isEmpty() ? own : others + "," + own);
    return context(name, ReplicaExecutors.apply(conf, replicas));
  }

  private static String retrying(String master, SparkConf conf) {
    String attempts = "," + conf.getInt("spark.task.maxFailures", 4) + "]";
    if (master.equals("local")) {
      return "local[1" + attempts;
    }
    return master.matches("local\\[[^,]*\\]") ? master.replace("]", attempts) : master;
  }

  /**
   * A Spark context: of {@code spark-submit} if that started us, else at {@code master}.
   *
   * @param threads native threads that a task computes with
   * @throws InputException if a task cannot have as many cores
   */
  public static JavaSparkContext context(String name, String master, int threads) {
    return context(name, TaskCores.apply(conf(master), threads));
  }

  private static JavaSparkContext context(String name, SparkConf conf) {
    name(conf, name, JavaSparkContext.jarOfClass(Engines.class));
    if (conf.get("spark.master").startsWith("local")) {
      // On a laptop nobody looks at Spark's page, and its port may be taken.
      conf.setIfMissing("spark.ui.enabled", "false")
          .setIfMissing("spark.ui.showConsoleProgress", "false");
    }
    bringJar(conf);
    bringVectors(conf, JavaModuleOptions.defaultModuleOptions());
    return new JavaSparkContext(conf);
  }

  /**
   * Names the application after its plan, unless the user named it: spark-submit, left alone, takes
   * the name of the class or of the jar.
   *
   * @param jars that our classes are in
   */
  static void name(SparkConf conf, String name, String[] jars) {
    String given = conf.get("spark.app.name", "");
    boolean ofClass = given.isEmpty() || given.startsWith("io.lockstep.");
    if (ofClass || Stream.of(jars).anyMatch(jar -> jar.endsWith("/" + given))) {
      conf.setAppName("lockstep " + name);
    }
  }

  /**
   * Gives executors the module that the fast kernels need; Spark 3.5 does not.
   *
   * @param ofSpark options that Spark starts them with
   */
  static void bringVectors(SparkConf conf, String ofSpark) {
    String options = conf.get(EXECUTOR_OPTIONS, "");
    if (!(ofSpark + options).contains(VECTORS)) {
      conf.set(EXECUTOR_OPTIONS, (VECTORS + " " + options).strip());
    }
  }

  /** Executors are JVMs of their own and need our classes; spark-submit has told them already. */
  private static void bringJar(SparkConf conf) {
    if (!conf.get("spark.master").matches("local(\\[.*)?")) {
      for (String jar : JavaSparkContext.jarOfClass(Engines.class)) {
        conf.setIfMissing("spark.jars", jar);
      }
    }
  }

  private static SparkConf conf(String master) {
    return SparkSettings.apply(new SparkConf()).setIfMissing("spark.master", master);
  }
}
