package io.lockstep.model;

import io.lockstep.compute.NativeThreads;
import io.lockstep.data.batch.Minibatch;
import io.lockstep.ps.TrainingState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.Trainable;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A replica around one of DL4J's networks.
 *
 * <p>A step is DL4J's own {@code fit}, so one replica equals a plain DL4J loop bit for bit.
 * Gradient mode takes that step apart at the seam where replicas meet: {@link #gradient} is DL4J's
 * backpropagation followed by its division by the minibatch, {@link #apply} its clipping, its
 * updater, its regularisation and its constraints on the merged gradient; so clipping sees the
 * gradient of the whole global batch, as on one machine.
 *
 * <p>Random numbers come from the calling thread's ND4J generator, which every step seeds afresh.
 */
public final class NetworkReplica implements Replica {
  private final Network network;
  private final int threads;
  private final INDArray parameters;
  private final BatchArrays arrays;
  private final List<int[]> undivided;
  private final List<Optional<OutputLoss>> losses;

  /** The same network, null if it carries nothing over. */
  private final StatefulNetwork stateful;

  private NetworkReplica(Network network, int threads) {
    this.network = network;
    this.threads = threads;
    this.parameters = network.model().params();
    this.arrays = new BatchArrays(network);
    this.undivided = undividedRanges(network.parts());
    this.losses = network.last().stream().map(OutputLoss::of).toList();
    this.stateful = network.model() instanceof StatefulNetwork it ? it : null;
  }

  /**
   * Wraps an initialised network that computes with one native thread, as {@link #of(Model, int)}.
   */
  public static NetworkReplica of(Model model) {
    return of(model, 1);
  }

  /**
   * Wraps an initialised network; the replica owns it from then on.
   *
   * @param threads native threads it computes with, whichever Java thread calls it
   * @throws IllegalArgumentException if it is of another class than DL4J's two
   */
  public static NetworkReplica of(Model model, int threads) {
    if (model instanceof MultiLayerNetwork sequential) {
      return new NetworkReplica(new SequentialNetwork(sequential), threads);
    }
    if (model instanceof ComputationGraph graph) {
      return new NetworkReplica(new GraphNetwork(graph), threads);
    }
    throw new IllegalArgumentException("not a network: " + model.getClass().getName());
  }

  @Override
  public int parameters() {
    return Math.toIntExact(parameters.length());
  }

  @Override
  public void load(TrainingState state) {
    NativeThreads.run(threads, () -> loaded(state));
  }

  private void loaded(TrainingState state) {
    Floats.write(state.parameters(), parameters);
    INDArray updater = updaterState();
    if (updater != null) {
      if (state.updater().length > 0) {
        Floats.write(state.updater(), updater);
      } else {
        updater.assign(0);
      }
    }
    network.counters(Math.toIntExact(state.step()), state.epoch());
  }

  @Override
  public TrainingState state() {
    INDArray updater = updaterState();
    return new TrainingState(
        Floats.read(parameters),
        updater == null ? new float[0] : Floats.read(updater),
        network.iteration(),
        network.epoch());
  }

  @Override
  public double fit(Minibatch batch, long seed) {
    return NativeThreads.with(threads, () -> fitted(batch, seed));
  }

  private double fitted(Minibatch batch, long seed) {
    Nd4j.getRandom().setSeed(NetworkSeed.of(seed));
    NetworkBatch input = arrays.of(batch);
    return weighted(
        input,
        () -> {
          if (stateful == null) {
            network.fit(input);
          } else {
            network.backpropagate(input);
            step(batch.size());
          }
          return network.model().score();
        });
  }

  @Override
  public double gradient(Minibatch batch, long seed, float[] gradient) {
    return NativeThreads.with(threads, () -> backpropagated(batch, seed, gradient));
  }

  private double backpropagated(Minibatch batch, long seed, float[] gradient) {
    Nd4j.getRandom().setSeed(NetworkSeed.of(seed));
    NetworkBatch input = arrays.of(batch);
    double score =
        weighted(
            input,
            () -> {
              network.backpropagate(input);
              return network.model().score();
            });
    Floats.read(network.gradients(), gradient);
    divide(gradient, batch.size());
    return score;
  }

  /** Computes with the weights of the minibatch in the loss, if it has any. */
  private double weighted(NetworkBatch batch, Supplier<Double> work) {
    return batch.weights() == null
        ? work.get()
        : LossWeights.with(
            network.last().stream().map(it -> it.conf().getLayer()).toList(),
            batch.weights(),
            work);
  }

  /** DL4J sums over the examples; all but running statistics is divided by their number. */
  private void divide(float[] gradient, int examples) {
    int from = 0;
    for (int[] range : undivided) {
      divide(gradient, from, range[0], examples);
      from = range[1];
    }
    divide(gradient, from, gradient.length, examples);
  }

  private static void divide(float[] gradient, int from, int to, int examples) {
    for (int i = from; i < to; i++) {
      gradient[i] /= examples;
    }
  }

  @Override
  public void apply(float[] gradient) {
    NativeThreads.run(threads, () -> applied(gradient));
  }

  private void applied(float[] gradient) {
    Floats.write(gradient, network.gradients());
    step(1);
  }

  /**
   * Takes an optimizer step with what is in {@link Network#gradients}.
   *
   * @param examples that it is still to be divided by
   */
  private void step(int examples) {
    INDArray view = network.gradients();
    BaseMultiLayerUpdater<?> updater = network.updater();
    int iteration = network.iteration();
    int epoch = network.epoch();
    updater.update(gradientMap(view), iteration, epoch, examples, LayerWorkspaceMgr.noWorkspaces());
    parameters.reshape(parameters.length()).subi(view.reshape(view.length()));
    network.model().applyConstraints(iteration, epoch);
    network.counters(iteration + 1, epoch);
  }

  private DefaultGradient gradientMap(INDArray view) {
    var gradient = new DefaultGradient(view);
    INDArray flat = view.reshape(view.length());
    long from = 0;
    for (Network.Part part : network.parts()) {
      for (Map.Entry<String, INDArray> entry : part.trainable().paramTable(false).entrySet()) {
        long to = from + entry.getValue().length();
        if (to > from) {
          gradient.setGradientFor(
              part.key() + "_" + entry.getKey(), flat.get(NDArrayIndex.interval(from, to)));
        }
        from = to;
      }
    }
    return gradient;
  }

  @Override
  public void carry(float[] carry) {
    if (stateful != null) {
      stateful.carry(carry);
    } else {
      Replica.super.carry(carry);
    }
  }

  @Override
  public float[] carry() {
    return stateful != null ? stateful.carry() : Replica.super.carry();
  }

  @Override
  public void epoch(int epoch) {
    network.counters(network.iteration(), epoch);
  }

  @Override
  public List<float[]> outputs(Minibatch batch) {
    return NativeThreads.with(
        threads,
        () -> {
          INDArray[] outputs = network.outputs(arrays.of(batch));
          return positions(batch).stream().map(i -> rowMajor(outputs[i])).toList();
        });
  }

  /** Where the network has the output of each label of a minibatch. */
  private List<Integer> positions(Minibatch batch) {
    List<String> names = network.outputNames();
    return names.isEmpty()
        ? List.of(0)
        : batch.labels().stream().map(label -> names.indexOf(label.field().name())).toList();
  }

  private static float[] rowMajor(INDArray output) {
    return Floats.read(output.ordering() == 'c' && !output.isView() ? output : output.dup('c'));
  }

  @Override
  public Evaluated evaluate(Minibatch batch) {
    return NativeThreads.with(threads, () -> evaluated(batch));
  }

  private Evaluated evaluated(Minibatch batch) {
    NetworkBatch input = arrays.of(batch);
    INDArray[] outputs = network.outputs(input);
    double[] each = new double[outputs.length];
    for (int i = 0; i < each.length; i++) {
      each[i] = losses.get(i).isPresent() ? loss(i, outputs[i], input) : Double.NaN;
    }
    double sum = Arrays.stream(each).sum();
    double loss =
        Double.isNaN(sum) && losses.stream().anyMatch(Optional::isEmpty)
            ? weighted(input, () -> network.score(input))
            : sum + network.regularization();
    List<Output> seen = new ArrayList<>();
    for (int i : positions(batch)) {
      INDArray mask = input.labelMasks() == null ? null : input.labelMasks()[i];
      seen.add(output(input, i, outputs[i], mask, each[i]));
    }
    return new Evaluated(seen, loss, batch.size());
  }

  private double loss(int i, INDArray output, NetworkBatch input) {
    INDArray mask = input.labelMasks() == null ? null : input.labelMasks()[i];
    return losses.get(i).orElseThrow().of(output, input.labels()[i], mask, input.weights());
  }

  private static Output output(
      NetworkBatch batch, int i, INDArray output, INDArray mask, double loss) {
    int examples = (int) output.size(0);
    float[] values = rowMajor(output);
    float[] wanted = rowMajor(batch.labels()[i]);
    float[] weights = batch.weights();
    if (output.rank() != 3) {
      return new Output(examples, values, wanted, weights, loss);
    }
    Steps steps = Steps.of(examples, (int) output.size(2), mask);
    int width = (int) output.size(1);
    return new Output(
        steps.count(),
        steps.rows(values, width),
        steps.rows(wanted, width),
        weights == null ? null : steps.ofExamples(weights),
        loss);
  }

  @Override
  public List<Scored> score(Minibatch batch, List<String> names) {
    return NativeThreads.with(threads, () -> scored(batch, names));
  }

  private List<Scored> scored(Minibatch batch, List<String> names) {
    NetworkBatch input = arrays.of(batch);
    INDArray[] outputs = network.outputs(input);
    List<Scored> all = new ArrayList<>();
    for (int k = 0; k < Math.max(1, names.size()); k++) {
      int i = names.isEmpty() ? 0 : network.outputNames().indexOf(names.get(k));
      boolean labelled = input.labels().length > 0;
      INDArray mask = labelled && input.labelMasks() != null ? input.labelMasks()[i] : null;
      Optional<OutputLoss> loss = losses.get(i);
      double[] each =
          labelled && loss.isPresent()
              ? loss.get().each(outputs[i], input.labels()[i], mask)
              : new double[0];
      all.add(scored(batch.size(), outputs[i], labelled ? mask : maskOf(outputs[i], input), each));
    }
    return all;
  }

  /** The mask of the time steps of an output that has no labels: that of an input of its length. */
  private static INDArray maskOf(INDArray output, NetworkBatch input) {
    if (output.rank() != 3 || input.featureMasks() == null) {
      return null;
    }
    return Arrays.stream(input.featureMasks())
        .filter(mask -> mask != null && mask.size(1) == output.size(2))
        .findFirst()
        .orElse(null);
  }

  private static Scored scored(int examples, INDArray output, INDArray mask, double[] losses) {
    float[] values = rowMajor(output);
    if (output.rank() != 3) {
      return new Scored(
          values,
          (int) (output.length() / examples),
          IntStream.rangeClosed(0, examples).toArray(),
          false,
          losses);
    }
    Steps steps = Steps.of(examples, (int) output.size(2), mask);
    int width = (int) output.size(1);
    return new Scored(steps.rows(values, width), width, steps.starts(examples), true, losses);
  }

  /**
   * The time steps of a minibatch that are not masked, example by example.
   *
   * @param at position of each, {@code example * time + step}
   * @param time steps of the longest example
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Steps(int[] at, int time) {
    static Steps of(int examples, int time, INDArray mask) {
      float[] there = mask == null ? null : rowMajor(mask);
      int[] at =
          IntStream.range(0, examples * time).filter(i -> there == null || there[i] != 0).toArray();
      return new Steps(at, time);
    }

    int count() {
      return at.length;
    }

    /** The first of these steps of each example, and their number. */
    int[] starts(int examples) {
      int[] starts = new int[examples + 1];
      for (int position : at) {
        starts[position / time + 1]++;
      }
      for (int i = 0; i < examples; i++) {
        starts[i + 1] += starts[i];
      }
      return starts;
    }

    /** Of a value for each example one for each of these steps. */
    float[] ofExamples(float[] values) {
      float[] rows = new float[at.length];
      for (int row = 0; row < rows.length; row++) {
        rows[row] = values[at[row] / time];
      }
      return rows;
    }

    /** Of {@code [batch, width, time]} a row of {@code width} values for each of these steps. */
    float[] rows(float[] values, int width) {
      float[] rows = new float[Math.multiplyExact(at.length, width)];
      for (int row = 0; row < at.length; row++) {
        int example = at[row] / time;
        int step = at[row] % time;
        for (int i = 0; i < width; i++) {
          rows[row * width + i] = values[(example * width + i) * time + step];
        }
      }
      return rows;
    }
  }

  /** The network inside, for writing it to a file. */
  Model model() {
    return network.model();
  }

  /** The optimizer's state, null if it has none. */
  INDArray updaterState() {
    return network.updater().getStateViewArray();
  }

  /** DL4J's own description of the network, with its counters. */
  String configurationJson() {
    return network.json();
  }

  /**
   * Gives native memory back, as DL4J's networks do when closed; but they collect the garbage of
   * the whole JVM twice each time as well.
   */
  @Override
  public void close() {
    arrays.close();
    free(parameters);
    free(network.model().getGradientsViewArray());
    free(network.stateSoFar());
    for (MemoryWorkspace workspace :
        Nd4j.getWorkspaceManager().getAllWorkspacesForCurrentThread()) {
      Nd4j.getWorkspaceManager().destroyWorkspace(workspace);
    }
  }

  private static void free(INDArray array) {
    if (array != null && array.closeable()) {
      array.close();
    }
  }

  private static List<int[]> undividedRanges(List<Network.Part> parts) {
    List<int[]> ranges = new ArrayList<>();
    int from = 0;
    for (Network.Part part : parts) {
      Trainable trainable = part.trainable();
      for (Map.Entry<String, INDArray> entry : trainable.paramTable(false).entrySet()) {
        int to = from + Math.toIntExact(entry.getValue().length());
        if (!trainable.updaterDivideByMinibatch(entry.getKey())) {
          ranges.add(new int[] {from, to});
        }
        from = to;
      }
    }
    return ranges;
  }
}
