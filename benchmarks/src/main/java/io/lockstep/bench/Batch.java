package io.lockstep.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** A minibatch before any contender has given it its own form. */
final class Batch {
  /** Minibatches taken in turn: enough that none is in a cache when it comes again. */
  private static final int COUNT = 64;

  private static final long SEED = 20261121;

  private final float[] inputs;
  private final int[] labels;

  Batch(float[] inputs, int[] labels) {
    this.inputs = inputs;
    this.labels = labels;
  }

  /** Pixels {@code [batch, height, width]} in 0..1, or symbols {@code [batch, time]}. */
  float[] inputs() {
    return inputs;
  }

  /** The class of each example, or of each of its time steps {@code [batch, time]}. */
  int[] labels() {
    return labels;
  }

  static List<Batch> of(Workload workload) throws IOException {
    if (workload.images()) {
      return Digits.batches(COUNT, workload.batch());
    }
    if (workload.languageModel()) {
      return Shakespeare.batches(COUNT, workload.batch(), workload.input().time(), SEED);
    }
    SplittableRandom random = new SplittableRandom(SEED);
    List<Batch> batches = new ArrayList<>(COUNT);
    for (int i = 0; i < COUNT; i++) {
      batches.add(workload.labelPerStep() ? text(workload, random) : topics(workload, random));
    }
    return batches;
  }

  /** A language in which each symbol is mostly followed by one of two others. */
  private static Batch text(Workload workload, SplittableRandom random) {
    int time = workload.input().time();
    int symbols = workload.input().width();
    float[] inputs = new float[workload.batch() * time];
    int[] labels = new int[inputs.length];
    for (int example = 0; example < workload.batch(); example++) {
      int symbol = random.nextInt(symbols);
      for (int t = 0; t < time; t++) {
        inputs[example * time + t] = symbol;
        symbol = next(symbol, symbols, random);
        labels[example * time + t] = symbol;
      }
    }
    return new Batch(inputs, labels);
  }

  private static int next(int symbol, int symbols, SplittableRandom random) {
    return switch (random.nextInt(10)) {
      case 0 -> random.nextInt(symbols);
      case 1, 2, 3 -> (symbol * 11 + 3) % symbols;
      default -> (symbol * 5 + 7) % symbols;
    };
  }

  /**
   * Most tokens of an example come from the few its class has to itself; low classes are frequent.
   */
  private static Batch topics(Workload workload, SplittableRandom random) {
    int time = workload.input().time();
    int tokens = 10_000;
    int share = 20;
    float[] inputs = new float[workload.batch() * time];
    int[] labels = new int[workload.batch()];
    Arrays.setAll(labels, i -> random.nextInt(1 + random.nextInt(workload.classes())));
    for (int i = 0; i < inputs.length; i++) {
      int own = labels[i / time] * share + random.nextInt(share);
      inputs[i] = random.nextInt(4) > 0 ? own : random.nextInt(tokens);
    }
    return new Batch(inputs, labels);
  }
}
