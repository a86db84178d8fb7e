package io.lockstep.layers;

import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;
import static org.nd4j.linalg.indexing.NDArrayIndex.point;

import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The arithmetic of a {@link GRU} over one minibatch, step by step, as ND4J operations.
 *
 * <p>The backward pass runs the forward pass again and keeps what it needs of every step, as
 * Deeplearning4j's own recurrent layers do. With {@code e} for the error of {@code h_t}:
 *
 * <pre>
 * error of z        e * (h_{t-1} - n)
 * error of n        e * (1 - z)
 * error of h_{t-1}  e * z, and what comes back through both products
 * </pre>
 *
 * <p>A mask multiplies {@code h_t}, so it multiplies {@code e} too. Used once, by one thread.
 */
final class GruSteps {
  /** Weights, or their gradients: {@code [nIn, 3u]}, {@code [u, 3u]}, {@code [3u]} or [6u]. */
  record Weights(INDArray input, INDArray recurrent, INDArray bias) {}

  /**
   * What the backward pass reads of a step, each {@code [batch, u]} or, for both gates, {@code
   * [batch, 2u]}.
   *
   * @param gateSums of z and r, before their activation
   * @param candidateSums before the activation
   * @param recurrent what the reset gate made or met: the product {@code h R_h + c_h} with
   *     resetAfter, {@code r * h} without
   */
  private record Step(
      INDArray gateSums,
      INDArray candidateSums,
      INDArray gates,
      INDArray candidate,
      INDArray recurrent) {}

  private final GRU conf;
  private final Weights weights;
  private final INDArray input;
  private final INDArray mask;
  private final boolean training;
  private final LayerWorkspaceMgr workspaces;
  private final long batch;
  private final long units;
  private final int time;

  /**
   * Takes one minibatch.
   *
   * @param input {@code [batch, nIn, time]} in 'f' order
   * @param mask {@code [batch, time]} of the weights' type, or null
   */
  GruSteps(
      GRU conf,
      Weights weights,
      INDArray input,
      INDArray mask,
      boolean training,
      LayerWorkspaceMgr workspaces) {
    this.conf = conf;
    this.weights = weights;
    this.input = input;
    this.mask = mask;
    this.training = training;
    this.workspaces = workspaces;
    this.batch = input.size(0);
    this.units = conf.getNOut();
    this.time = (int) input.size(2);
  }

  /**
   * Writes all outputs.
   *
   * @param start the state before the first step, or null for zero
   * @param output {@code [batch, u, time]} in 'f' order
   */
  void forward(INDArray start, INDArray output) {
    run(state(start, ArrayType.FF_WORKING_MEM), output, null);
  }

  /**
   * Adds the gradients of the last {@code length} steps.
   *
   * @param error of the outputs, {@code [batch, u, time]}
   * @param gradients zeros
   * @param inputError zeros, {@code [batch, nIn, time]} in 'f' order
   */
  @SuppressWarnings("try") // the scope is entered, not used
  void backward(
      INDArray start, INDArray error, long length, Weights gradients, INDArray inputError) {
    INDArray output = array(ArrayType.BP_WORKING_MEM, batch, units, time);
    Step[] steps = new Step[time];
    INDArray before = state(start, ArrayType.BP_WORKING_MEM);
    run(before, output, steps);
    INDArray carried = array(ArrayType.BP_WORKING_MEM, batch, units).assign(0);
    for (int t = time - 1; t >= Math.max(0, time - length); t--) {
      try (MemoryWorkspace loop =
          workspaces.notifyScopeEntered(ArrayType.RNN_BP_LOOP_WORKING_MEM)) {
        INDArray now = at(error, t).dup('f').addi(carried);
        if (mask != null) {
          now.muliColumnVector(mask.getColumn(t, true));
        }
        INDArray previous = t == 0 ? before : at(output, t - 1);
        INDArray sums = stepBackward(steps[t], previous, now, carried, gradients);
        Nd4j.gemm(at(input, t), sums, gradients.input(), true, false, 1, 1);
        addSum(sums, gradients.bias().get(interval(0, 3 * units)));
        Nd4j.gemm(sums, weights.input(), at(inputError, t), false, true, 1, 0);
      }
    }
  }

  @SuppressWarnings("try") // the scope is entered, not used
  private void run(INDArray start, INDArray output, Step[] recorded) {
    INDArray before = start;
    for (int t = 0; t < time; t++) {
      try (MemoryWorkspace loop =
          workspaces.notifyScopeEntered(ArrayType.RNN_FF_LOOP_WORKING_MEM)) {
        Step step = step(at(input, t), before);
        // h = n + z * (h - n)
        INDArray now = at(output, t);
        now.assign(before).subi(step.candidate()).muli(update(step.gates()));
        now.addi(step.candidate());
        if (mask != null) {
          now.muliColumnVector(mask.getColumn(t, true));
        }
        if (recorded != null) {
          recorded[t] = kept(step);
        }
        before = now;
      }
    }
  }

  private Step step(INDArray x, INDArray before) {
    INDArray sums = product(x, weights.input());
    sums.addiRowVector(weights.bias().get(interval(0, 3 * units)));
    INDArray gateSums = gates(sums);
    INDArray candidateSums = candidate(sums);
    INDArray gates;
    INDArray recurrent;
    if (conf.isResetAfter()) {
      INDArray product = product(before, weights.recurrent());
      product.addiRowVector(weights.bias().get(interval(3 * units, 6 * units)));
      gates = activated(conf.getGateActivationFn(), gateSums.addi(gates(product)));
      recurrent = candidate(product);
      candidateSums.addi(reset(gates).mul(recurrent));
    } else {
      Nd4j.gemm(before, gates(weights.recurrent()), gateSums, false, false, 1, 1);
      gates = activated(conf.getGateActivationFn(), gateSums);
      recurrent = reset(gates).mul(before).dup('f');
      Nd4j.gemm(recurrent, candidate(weights.recurrent()), candidateSums, false, false, 1, 1);
    }
    return new Step(
        gateSums,
        candidateSums,
        gates,
        activated(conf.getActivationFn(), candidateSums),
        recurrent);
  }

  /**
   * One step back.
   *
   * @param error of the step's output; consumed
   * @param carried takes the error of the output before
   * @return the error of the sums over the input, {@code [batch, 3u]}
   */
  private INDArray stepBackward(
      Step step, INDArray before, INDArray error, INDArray carried, Weights gradients) {
    INDArray z = update(step.gates());
    INDArray r = reset(step.gates());
    carried.assign(error).muli(z);
    INDArray candidateError =
        conf.getActivationFn()
            .backprop(step.candidateSums(), error.mul(z.rsub(1)))
            .getFirst()
            .dup('f');
    INDArray gatesError =
        Nd4j.createUninitialized(z.dataType(), new long[] {batch, 2 * units}, 'f');
    update(gatesError).assign(before).subi(step.candidate()).muli(error);
    INDArray resetError = reset(gatesError);
    INDArray recurrentError = null;
    if (conf.isResetAfter()) {
      resetError.assign(candidateError).muli(step.recurrent());
      recurrentError = candidateError.mul(r);
    } else {
      INDArray passed = candidateError.mmul(candidate(weights.recurrent()).transpose());
      resetError.assign(passed).muli(before);
      carried.addi(passed.muli(r));
    }
    INDArray gateSumsError =
        conf.getGateActivationFn().backprop(step.gateSums(), gatesError).getFirst();
    if (conf.isResetAfter()) {
      INDArray sums = joined(gateSumsError, recurrentError);
      Nd4j.gemm(before, sums, gradients.recurrent(), true, false, 1, 1);
      Nd4j.gemm(sums, weights.recurrent(), carried, false, true, 1, 1);
      addSum(sums, gradients.bias().get(interval(3 * units, 6 * units)));
    } else {
      INDArray sums = gateSumsError.dup('f');
      Nd4j.gemm(before, sums, gates(gradients.recurrent()), true, false, 1, 1);
      Nd4j.gemm(
          step.recurrent(), candidateError, candidate(gradients.recurrent()), true, false, 1, 1);
      Nd4j.gemm(sums, gates(weights.recurrent()), carried, false, true, 1, 1);
    }
    return joined(gateSumsError, candidateError);
  }

  private INDArray joined(INDArray gates, INDArray candidate) {
    INDArray joined =
        Nd4j.createUninitialized(gates.dataType(), new long[] {batch, 3 * units}, 'f');
    gates(joined).assign(gates);
    candidate(joined).assign(candidate);
    return joined;
  }

  private static void addSum(INDArray rows, INDArray vector) {
    vector.addi(rows.sum(0));
  }

  /** The activation of a copy. */
  private INDArray activated(IActivation activation, INDArray sums) {
    return activation.getActivation(sums.dup('f'), training);
  }

  private static INDArray product(INDArray a, INDArray b) {
    INDArray product =
        Nd4j.createUninitialized(b.dataType(), new long[] {a.size(0), b.size(1)}, 'f');
    return Nd4j.gemm(a, b, product, false, false, 1, 0);
  }

  private INDArray update(INDArray gates) {
    return gates.get(all(), interval(0, units));
  }

  private INDArray reset(INDArray gates) {
    return gates.get(all(), interval(units, 2 * units));
  }

  private INDArray gates(INDArray columns) {
    return columns.get(all(), interval(0, 2 * units));
  }

  private INDArray candidate(INDArray columns) {
    return columns.get(all(), interval(2 * units, 3 * units));
  }

  private static INDArray at(INDArray steps, int t) {
    return steps.get(all(), all(), point(t));
  }

  private INDArray state(INDArray start, ArrayType memory) {
    return start == null
        ? array(memory, batch, units).assign(0)
        : workspaces.dup(memory, start.castTo(weights.input().dataType()), 'f');
  }

  private INDArray array(ArrayType memory, long... shape) {
    return workspaces.createUninitialized(memory, weights.input().dataType(), shape, 'f');
  }

  /** A copy of {@code step} that outlives the loop. */
  private Step kept(Step step) {
    return new Step(
        kept(step.gateSums()),
        kept(step.candidateSums()),
        kept(step.gates()),
        kept(step.candidate()),
        kept(step.recurrent()));
  }

  private INDArray kept(INDArray array) {
    return workspaces.dup(ArrayType.BP_WORKING_MEM, array, 'f');
  }
}
