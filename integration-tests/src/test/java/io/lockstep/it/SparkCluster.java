package io.lockstep.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.deploy.worker.Worker;
import org.apache.spark.rpc.RpcEnv;
import scala.Option;

/**
 * A standalone Spark cluster on this machine: its master and workers in the test's JVM, its
 * executors in JVMs of their own. Drivers reach it by {@link #url} as they would any other. Each
 * worker has an address of its own, so that Spark takes them for different hosts; to another host
 * alone it sends a copy of a slow task.
 */
final class SparkCluster implements AutoCloseable {
  private static final int MEGABYTES_EACH = 1200;

  private final SparkConf conf = new SparkConf(false).set("spark.ui.enabled", "false");
  private final RpcEnv master;
  private final String url;
  private final List<RpcEnv> workers = new ArrayList<>();

  private SparkCluster() {
    master = Master.startRpcEnvAndEndpoint("127.0.0.1", 0, 0, conf)._1();
    url = "spark://" + master.address().hostPort();
  }

  /** A cluster with a worker for each of these numbers of cores. */
  static SparkCluster ofWorkers(int... cores) {
    var cluster = new SparkCluster();
    for (int each : cores) {
      cluster.addWorker(each);
    }
    return cluster;
  }

  /** Starts one more worker; applications that can use it get an executor there. */
  AutoCloseable addWorker(int cores) {
    int number = workers.size() + 1;
    RpcEnv worker =
        Worker.startRpcEnvAndEndpoint(
            "127.0.0." + (number + 1),
            0,
            0,
            cores,
            MEGABYTES_EACH,
            new String[] {url},
            Path.of("target", "work").toAbsolutePath().toString(),
            Option.apply(number),
            conf,
            Option.empty());
    workers.add(worker);
    return () -> {
      worker.shutdown();
      worker.awaitTermination();
    };
  }

  /** What {@code --master} takes, such as {@code spark://127.0.0.1:4711}. */
  String url() {
    return url;
  }

  /** What shuffles have left on the disks of executors. */
  static List<Path> filesOfShuffles() throws IOException {
    try (Stream<Path> all = Files.walk(Path.of(System.getProperty("java.io.tmpdir")))) {
      return all.filter(file -> file.getFileName().toString().startsWith("shuffle_")).toList();
    } catch (UncheckedIOException e) {
      return filesOfShuffles(); // a file went while it was listed
    }
  }

  /** The executors that run now, each in its own JVM. */
  Stream<ProcessHandle> executors() {
    return ProcessHandle.current().descendants().filter(process -> says(process, "Executor"));
  }

  /** The executor that its application knows by {@code id}. */
  Optional<ProcessHandle> executor(String id) {
    return executors().filter(process -> says(process, "--executor-id " + id + " ")).findFirst();
  }

  private static boolean says(ProcessHandle process, String words) {
    return process
        .info()
        .commandLine()
        .map(line -> line.contains("CoarseGrainedExecutorBackend") && line.contains(words))
        .orElse(false);
  }

  @Override
  public void close() {
    for (RpcEnv each : workers) {
      each.shutdown();
      each.awaitTermination();
    }
    master.shutdown();
    master.awaitTermination();
    executors().forEach(ProcessHandle::destroyForcibly);
  }
}
