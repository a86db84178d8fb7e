package io.lockstep.plan;

import io.lockstep.data.InputException;
import java.util.List;
import java.util.Optional;

/** The network: layer by layer in Keras' words, or as a DL4J configuration file. */
public sealed interface ModelPlan {
  /** Whether the loss, and all that hangs on it, is chosen when the data is read. */
  default boolean leavesOpen() {
    return false;
  }

  /**
   * A network given layer by layer.
   *
   * @param layers from input to output, at least one
   * @param task what the network is for; empty where the data shall say it
   * @param loss what training makes smaller; empty where task and data shall say it
   * @param optimizer the inner optimizer
   * @param regularization of every layer that has weights and no regularisation of its own
   * @param gradientClipping what is done to gradients before the optimizer sees them
   */
  record Layered(
      List<LayerPlan> layers,
      Optional<TaskPlan> task,
      Optional<LossPlan> loss,
      OptimizerPlan optimizer,
      Regularization regularization,
      GradientClipping gradientClipping)
      implements ModelPlan {
    public Layered {
      layers = List.copyOf(layers);
      if (layers.isEmpty()) {
        throw new InputException("layers: must have at least one layer");
      }
      if (task.isPresent() && loss.isPresent() && !task.get().losses().contains(loss.get())) {
        throw new InputException(
            "loss: is %s, but the task is %s, which takes %s; leave out one of them"
                .formatted(loss.get().word(), task.get().word(), task.get().lossWords()));
      }
    }

    @Override
    public boolean leavesOpen() {
      return loss.isEmpty();
    }

    /** The same for a task and a loss, with other layers. */
    public Layered with(List<LayerPlan> others, Optional<TaskPlan> chosen, LossPlan smaller) {
      return new Layered(
          others, chosen, Optional.of(smaller), optimizer, regularization, gradientClipping);
    }

    /** The same with other layers. */
    public Layered withLayers(List<LayerPlan> others) {
      return new Layered(others, task, loss, optimizer, regularization, gradientClipping);
    }
  }

  /**
   * A network given as DL4J's own JSON, of a {@code MultiLayerConfiguration} or a {@code
   * ComputationGraphConfiguration}.
   *
   * @param path of the file, any Hadoop path
   * @param json the file's content, once it has been read: the plan then stands for itself, on
   *     executors and when a run is resumed
   */
  record Dl4j(String path, Optional<String> json) implements ModelPlan {}

  /**
   * Penalties on weights (never on biases).
   *
   * @param l1 factor of the sum of absolute values, added to the loss
   * @param l2 factor of the sum of squares, added to the loss, as in Keras
   * @param weightDecay times the learning rate, the fraction of each weight taken off at each step
   */
  record Regularization(double l1, double l2, double weightDecay) {}

  /** What is done to gradients before the optimizer sees them. */
  sealed interface GradientClipping {}

  /** Nothing. */
  enum NoClipping implements GradientClipping {
    /** The only one. */
    NONE
  }

  /**
   * Each gradient value is cut to {@code [-value, value]}.
   *
   * @param value largest magnitude
   */
  record ClipValue(double value) implements GradientClipping {}

  /**
   * Gradients are scaled down so that their L2 norm stays below a bound.
   *
   * @param norm largest norm
   * @param of whose norm is meant
   */
  record ClipNorm(double norm, Scope of) implements GradientClipping {
    /** What a norm is taken of. */
    public enum Scope {
      /** All gradients of a layer together. */
      LAYER,
      /** Each parameter array (weights, bias) on its own, as Keras' clipnorm. */
      PARAMETER
    }
  }
}
