package io.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lockstep.it.Lockstep.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The cluster that {@code scripts/cluster} starts: master, workers and drivers in JVMs. */
final class TrialCluster implements AutoCloseable {
  private static final String[] SMALL = {
    "--driver-memory", "600m", "--conf", "spark.executor.memory=600m"
  };

  private final Path state;

  private TrialCluster(Path state) {
    this.state = state;
  }

  /** Starts one that keeps its files in {@code state}. */
  static TrialCluster start(Path state) throws Exception {
    var cluster = new TrialCluster(state);
    // Another port than by default, where a developer may have one; and the next if that is taken.
    Outcome outcome = cluster.call("start", "--memory", "1g", "--port", "7477", "--page", "8480");
    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
    return cluster;
  }

  /** {@code scripts/cluster ARGS}. */
  Outcome call(String... args) throws IOException, InterruptedException {
    return sentence(args).run();
  }

  /** {@code scripts/cluster submit OPTIONS -- ARGS}, with little memory. */
  Lockstep submit(List<String> options, String... args) {
    List<String> line = new ArrayList<>(List.of("submit"));
    line.addAll(List.of(SMALL));
    line.addAll(options);
    line.add("--");
    line.addAll(List.of(args));
    return sentence(line.toArray(String[]::new));
  }

  private Lockstep sentence(String... args) {
    return Lockstep.script(Checkout.root().resolve("scripts/cluster"), args)
        .with("LOCKSTEP_CLUSTER", state.toString())
        .briefly();
  }

  /** The driver that a worker of this cluster runs. */
  ProcessHandle driver() {
    String address = state.toString();
    return ProcessHandle.allProcesses()
        .filter(
            process ->
                process
                    .info()
                    .commandLine()
                    .filter(it -> it.contains("DriverWrapper") && it.contains(address))
                    .isPresent())
        .findFirst()
        .orElseThrow();
  }

  /** A worker, counted from 1. */
  ProcessHandle worker(int number) throws IOException {
    String pid = Files.readString(state.resolve("worker-" + number + ".pid")).strip();
    return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
  }

  /** What the master tells of itself. */
  JsonNode master() throws Exception {
    String page =
        call("status")
            .out()
            .lines()
            .filter(line -> line.startsWith("page"))
            .map(line -> line.substring("page".length()).strip())
            .findFirst()
            .orElseThrow();
    try (InputStream in = URI.create(page + "/json/").toURL().openStream()) {
      return new ObjectMapper().readTree(in);
    }
  }

  /** The newest driver that is done, as the master tells of it. */
  JsonNode lastDriver() throws Exception {
    JsonNode drivers = master().path("completeddrivers");
    assertThat(drivers).as("drivers that are done").isNotEmpty();
    return drivers.get(drivers.size() - 1);
  }

  /** What a driver printed, which its worker keeps. */
  String printed(JsonNode driver) throws IOException {
    try (Stream<Path> files = Files.walk(state)) {
      Path file =
          files
              .filter(it -> it.endsWith(Path.of(driver.path("id").asText(), "stdout")))
              .findFirst()
              .orElseThrow();
      return Files.readString(file);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      Outcome outcome = call("stop");
      assertThat(outcome.exitCode()).as("%s", outcome).isZero();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the cluster stopped", e);
    }
  }
}
