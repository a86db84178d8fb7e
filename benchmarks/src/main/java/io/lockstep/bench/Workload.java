package io.lockstep.bench;

import java.util.List;
import java.util.stream.Collectors;

/** A network, its batch size and what it learns; the same for every contender. */
record Workload(String name, String title, int batch, Layer.Shape input, List<Layer> layers) {
  static final List<Workload> ALL =
      List.of(
          new Workload(
              "lenet",
              "LeNet, MNIST",
              64,
              new Layer.Shape(1, 28, 1),
              List.of(
                  new Layer.Convolution(20, 5, false),
                  new Layer.MaxPooling(),
                  new Layer.Convolution(50, 5, false),
                  new Layer.MaxPooling(),
                  new Layer.Dense(500),
                  new Layer.Softmax(10))),
          new Workload(
              "cnn",
              "conv32-pool-dense128-10, MNIST",
              64,
              new Layer.Shape(1, 28, 1),
              List.of(
                  new Layer.Convolution(32, 3, true),
                  new Layer.MaxPooling(),
                  new Layer.Dense(128),
                  new Layer.Softmax(10))),
          new Workload(
              "cnn3",
              "conv32-pool-conv64-pool-conv64-dense64-10, MNIST",
              64,
              new Layer.Shape(1, 28, 1),
              List.of(
                  new Layer.Convolution(32, 3, true),
                  new Layer.MaxPooling(),
                  new Layer.Convolution(64, 3, true),
                  new Layer.MaxPooling(),
                  new Layer.Convolution(64, 3, true),
                  new Layer.Dense(64),
                  new Layer.Softmax(10))),
          new Workload(
              "lstm",
              "2xLSTM(128), 50 steps of 64 symbols",
              32,
              new Layer.Shape(64, 1, 50),
              List.of(
                  new Layer.Lstm(128, false), new Layer.Lstm(128, false), new Layer.Softmax(64))),
          new Workload(
              "gru",
              "2xGRU(128), 50 steps of 64 symbols",
              32,
              new Layer.Shape(64, 1, 50),
              List.of(new Layer.Gru(128), new Layer.Gru(128), new Layer.Softmax(64))),
          new Workload(
              "bilstm",
              "2x bidirectional LSTM(64), 50 steps of 64 symbols",
              32,
              new Layer.Shape(64, 1, 50),
              List.of(
                  new Layer.BidirectionalLstm(64),
                  new Layer.BidirectionalLstm(64),
                  new Layer.Softmax(64))),
          new Workload(
              "embedding",
              "Embedding(10000, 64)-LSTM64-LSTM32-10, 100 steps",
              32,
              new Layer.Shape(1, 1, 100),
              List.of(
                  new Layer.Embedding(10_000, 64),
                  new Layer.Lstm(64, false),
                  new Layer.Lstm(32, true),
                  new Layer.Softmax(10))),
          new Workload(
              "char-lstm",
              "Embedding(65, 32)-LSTM128-65, windows of 100 characters",
              16,
              new Layer.Shape(1, 1, 100),
              List.of(
                  new Layer.Embedding(65, 32), new Layer.Lstm(128, false), new Layer.Softmax(65))));

  /** Whose state is hundreds of megabytes; for benchmarks of rounds. */
  private static final Workload LARGE =
      new Workload(
          "large",
          "784-4700-4500-10, MNIST",
          32,
          new Layer.Shape(1, 28, 1),
          List.of(new Layer.Dense(4700), new Layer.Dense(4500), new Layer.Softmax(10)));

  /** Adam's, in every contender. */
  static final double LEARNING_RATE = 0.001;

  static Workload named(String name) {
    if (name.equals(LARGE.name())) {
      return LARGE;
    }
    for (Workload workload : ALL) {
      if (workload.name().equals(name)) {
        return workload;
      }
    }
    throw new IllegalArgumentException(
        "no model " + name + "; there are " + names() + ", separated by commas");
  }

  static String names() {
    return ALL.stream().map(Workload::name).collect(Collectors.joining(", "));
  }

  /** Whether the input is images, else symbols. */
  boolean images() {
    return input.side() > 1;
  }

  /** Whether each time step has a label, else the example. */
  boolean labelPerStep() {
    return output().time() > 1;
  }

  /** Whether it foretells the next character of a text. */
  boolean languageModel() {
    return layers.get(0) instanceof Layer.Embedding && labelPerStep();
  }

  int classes() {
    return output().width();
  }

  long parameters() {
    long sum = 0;
    Layer.Shape shape = input;
    for (Layer layer : layers) {
      sum += layer.parameters(shape);
      shape = layer.output(shape);
    }
    return sum;
  }

  /**
   * Floating-point operations of the matrix products in one training step on one example: forward,
   * gradient of the weights, and gradient of the input where a layer below needs it.
   */
  long flops() {
    long sum = 0;
    boolean needed = false;
    Layer.Shape shape = input;
    for (Layer layer : layers) {
      sum += layer.flops(shape) * (needed ? 3 : 2);
      needed |= layer.parameters(shape) > 0;
      shape = layer.output(shape);
    }
    return sum;
  }

  private Layer.Shape output() {
    Layer.Shape shape = input;
    for (Layer layer : layers) {
      shape = layer.output(shape);
    }
    return shape;
  }

  @Override
  public String toString() {
    return name;
  }
}
