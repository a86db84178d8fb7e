package io.lockstep.bench;

import io.lockstep.bench.Contender.Kind;
import io.lockstep.bench.ContenderProcess.Timing;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Training speed of stock DL4J, Lockstep and libtorch, taking turns within one run.
 *
 * <p>Every repetition starts from the first weights and an empty optimizer, takes a few untimed
 * steps and then the timed ones, on another minibatch each. The figure of a contender is the median
 * of its repetitions.
 */
@Command(
    name = "kernels",
    description = "training speed of stock DL4J, Lockstep and libtorch, side by side",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class KernelsBenchmark implements Callable<Integer> {
  @Option(
      names = "--models",
      split = ",",
      paramLabel = "NAME",
      description = "lenet, cnn, cnn3, lstm, gru, bilstm, embedding, char-lstm; all unless given")
  private List<String> models = Workload.ALL.stream().map(Workload::name).toList();

  @Option(
      names = "--reps",
      description = "repetitions, of which the median counts (default: ${DEFAULT-VALUE})")
  private int reps = 7;

  @Option(
      names = "--steps",
      description = "timed steps of a repetition (default: ${DEFAULT-VALUE})")
  private int steps = 20;

  @Option(names = "--threads", description = "1, 2, or both (default)", paramLabel = "N")
  private String threads;

  @Option(
      names = "--quick",
      description = "one thread, 3 repetitions of 6 steps: enough to optimise by")
  private boolean quick;

  @Option(
      names = "--cpu",
      description =
          "count CPU time of the computing thread, not wall time: steadier where others compute"
              + " too")
  private boolean cpu;

  @Option(
      names = "--without",
      split = ",",
      paramLabel = "NAME",
      description = "leave out stock, lockstep or libtorch")
  private List<String> without = List.of();

  /** The JIT works for seven seconds on a network of DL4J. */
  private static final long SETTLING_NANOS = 10_000_000_000L;

  @Spec private CommandSpec spec;

  /** How a contender fills the threads. */
  private record Setting(Kind kind, int nativeThreads, int replicas) {
    @Override
    public String toString() {
      return kind
          + (replicas > 1 ? " " + replicas + " networks" : "")
          + (nativeThreads > 1 ? " " + nativeThreads + " native threads" : "");
    }
  }

  /** The median of a setting's repetitions, and what shows that it trained. */
  private record Figure(
      double examplesPerSecond, long parameters, double firstLoss, double lastLoss) {}

  private final Map<Kind, Map<Integer, ContenderProcess>> processes = new EnumMap<>(Kind.class);

  @Override
  public Integer call() throws IOException {
    if (quick) {
      reps = 3;
      steps = 6;
    }
    PrintWriter out = spec.commandLine().getOut();
    List<Workload> workloads = models.stream().map(Workload::named).toList();
    try {
      for (int count : counts()) {
        table(out, workloads, count);
      }
    } finally {
      closeAll();
    }
    return 0;
  }

  private List<Integer> counts() {
    String chosen = threads != null ? threads : quick ? "1" : "both";
    return switch (chosen) {
      case "1", "2" -> List.of(Integer.valueOf(chosen));
      case "both" -> List.of(1, 2);
      default ->
          throw new ParameterException(
              spec.commandLine(), "--threads is 1, 2 or both, not " + chosen);
    };
  }

  private void table(PrintWriter out, List<Workload> workloads, int count) throws IOException {
    out.printf(
        "%n%s; examples/s%s, median of %d x %d steps%n",
        count == 1
            ? "One thread"
            : "Two threads: two networks (libtorch: the better of that and one"
                + " network on two threads)",
        cpu ? " of CPU time" : "",
        reps,
        steps);
    out.printf(
        "%-10s %9s %9s %9s %8s %10s %9s %8s%n",
        "model", "stock", "lockstep", "libtorch", "x stock", "x libtorch", "GFLOP/s", "of sgemm");
    out.flush();
    List<String> notes = new ArrayList<>();
    for (Workload workload : workloads) {
      row(out, workload, count, notes);
    }
    notes.forEach(out::println);
    out.flush();
  }

  private void row(PrintWriter out, Workload workload, int count, List<String> notes)
      throws IOException {
    List<Setting> settings = settings(count);
    double[] roofline = new double[reps];
    List<Figure> figures = measure(workload, settings, roofline);
    Map<Kind, Double> best = new EnumMap<>(Kind.class);
    for (int i = 0; i < settings.size(); i++) {
      best.merge(settings.get(i).kind(), figures.get(i).examplesPerSecond(), Math::max);
      notes.add(note(workload, settings.get(i), figures.get(i)));
    }
    double own = best.getOrDefault(Kind.LOCKSTEP, Double.NaN);
    double gflops = own * workload.flops() / 1e9;
    out.printf(
        "%-10s %9.0f %9.0f %9.0f %8.2f %10.2f %9.1f %7.0f%%%n",
        workload,
        best.getOrDefault(Kind.STOCK, Double.NaN),
        own,
        best.getOrDefault(Kind.LIBTORCH, Double.NaN),
        own / best.getOrDefault(Kind.STOCK, Double.NaN),
        own / best.getOrDefault(Kind.LIBTORCH, Double.NaN),
        gflops,
        100 * gflops / Median.of(roofline));
    out.flush();
  }

  private List<Setting> settings(int count) {
    List<Setting> settings = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      if (without.contains(kind.toString())) {
        continue;
      }
      settings.add(new Setting(kind, 1, count));
      // One network on two threads has no CPU time to compare.
      if (kind == Kind.LIBTORCH && count > 1 && !cpu) {
        settings.add(new Setting(kind, count, 1));
      }
    }
    return settings;
  }

  /** Takes steps until the JIT has compiled what it will; the same time for all. */
  private static void settle(ContenderProcess process) throws IOException {
    long start = System.nanoTime();
    while (System.nanoTime() - start < SETTLING_NANOS) {
      process.run(0, 10);
    }
  }

  private List<Figure> measure(Workload workload, List<Setting> settings, double[] roofline)
      throws IOException {
    long[] parameters = new long[settings.size()];
    Timing[] warm = new Timing[settings.size()];
    Timing[][] timings = new Timing[settings.size()][reps];
    for (int i = 0; i < settings.size(); i++) {
      ContenderProcess process = process(settings.get(i));
      parameters[i] = process.load(workload, settings.get(i).replicas());
      // Long enough for the loss to fall, the same for all.
      warm[i] = process.run(0, quick ? 12 : 40);
      if (!quick) {
        settle(process);
      }
    }
    for (int rep = 0; rep < reps; rep++) {
      for (int i = 0; i < settings.size(); i++) {
        timings[i][rep] = process(settings.get(i)).run(2, steps);
      }
      roofline[rep] = process(settings.get(0)).roofline(settings.get(0).replicas());
    }
    List<Figure> figures = new ArrayList<>();
    for (int i = 0; i < settings.size(); i++) {
      process(settings.get(i)).unload();
      figures.add(figure(workload, settings.get(i), parameters[i], warm[i], timings[i]));
    }
    return figures;
  }

  private Figure figure(
      Workload workload, Setting setting, long parameters, Timing warm, Timing[] timings) {
    double examples = (double) workload.batch() * steps * setting.replicas();
    double[] rates =
        Arrays.stream(timings)
            .mapToDouble(timing -> examples * 1e9 / (cpu ? timing.cpuNanos() : timing.nanos()))
            .toArray();
    return new Figure(Median.of(rates), parameters, warm.firstLoss(), warm.lastLoss());
  }

  private static String note(Workload workload, Setting setting, Figure figure) {
    return String.format(
        "  %-10s %-28s %8.0f examples/s, %7d parameters, loss %.3f -> %.3f%s",
        workload,
        setting,
        figure.examplesPerSecond(),
        figure.parameters(),
        figure.firstLoss(),
        figure.lastLoss(),
        check(workload, setting, figure));
  }

  /** Whether the contender really trained this network. */
  private static String check(Workload workload, Setting setting, Figure figure) {
    long expected = workload.parameters();
    if (setting.kind() == Kind.LIBTORCH) {
      expected += secondBiases(workload);
    }
    if (figure.parameters() != expected) {
      return " NOT THE SAME NETWORK: " + expected + " parameters expected";
    }
    return figure.lastLoss() < figure.firstLoss() ? "" : " THE LOSS DOES NOT FALL";
  }

  /** libtorch's LSTM has two biases, whose sum is DL4J's one. */
  private static long secondBiases(Workload workload) {
    return workload.layers().stream()
        .mapToLong(
            layer ->
                layer instanceof Layer.Lstm lstm
                    ? 4L * lstm.units()
                    : layer instanceof Layer.BidirectionalLstm both ? 8L * both.units() : 0)
        .sum();
  }

  private ContenderProcess process(Setting setting) throws IOException {
    Map<Integer, ContenderProcess> ofKind =
        processes.computeIfAbsent(setting.kind(), kind -> new TreeMap<>());
    ContenderProcess process = ofKind.get(setting.nativeThreads());
    if (process == null) {
      process = new ContenderProcess(setting.kind(), setting.nativeThreads());
      ofKind.put(setting.nativeThreads(), process);
    }
    return process;
  }

  private void closeAll() throws IOException {
    for (Map<Integer, ContenderProcess> ofKind : processes.values()) {
      for (ContenderProcess process : ofKind.values()) {
        process.close();
      }
    }
  }
}
