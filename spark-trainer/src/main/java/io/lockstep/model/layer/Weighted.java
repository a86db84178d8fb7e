package io.lockstep.model.layer;

import static io.lockstep.config.Types.bool;
import static io.lockstep.config.Types.integer;
import static io.lockstep.config.Types.number;

import io.lockstep.config.Range;
import io.lockstep.config.Section;
import io.lockstep.config.Type;
import io.lockstep.plan.ActivationPlan;
import io.lockstep.plan.FunctionKeys;
import io.lockstep.plan.InitializerPlan;
import io.lockstep.plan.ModelPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.nd4j.linalg.learning.regularization.L1Regularization;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;

/** A layer with weights: the keys that all of them end with, and what DL4J is told of them. */
interface Weighted extends NetworkLayer {
  @Override
  ActivationPlan activation();

  /** How its weights are drawn at the start. */
  InitializerPlan kernelInitializer();

  /** Value of its biases at the start. */
  double biasInitializer();

  /** Whether it has a bias. */
  boolean useBias();

  /** In place of the model's. */
  Optional<Double> l1();

  /** In place of the model's. */
  Optional<Double> l2();

  /** A number of units, filters or channels. */
  static Type<Integer> units() {
    return integer(1, 1 << 24);
  }

  /** Ends a section with the keys of all layers with weights. */
  static <T extends Record> Section<T> keys(Section.Builder<T> section) {
    return section
        .key("activation", FunctionKeys.ACTIVATION, "linear", "What the outputs go through.")
        .key(
            "kernelInitializer",
            FunctionKeys.INITIALIZER,
            "glorotUniform",
            "How weights are drawn at the start.")
        .key("biasInitializer", number(Range.ANY), "0", "Value of the biases at the start.")
        .key("useBias", bool(), "true", "Whether there is a bias.")
        .optional("l1", number(Range.NOT_NEGATIVE), "In place of `model.regularization.l1`.")
        .optional("l2", number(Range.NOT_NEGATIVE), "In place of `model.regularization.l2`.")
        .build();
  }

  /** Tells DL4J's builder of weights, biases and penalties; not {@code hasBias}. */
  default <B extends BaseLayer.Builder<?>> B weights(B builder, LayerContext context) {
    builder.activation(Functions.activation(activation()));
    builder.weightInit(Functions.initializer(kernelInitializer()));
    builder.biasInit(biasInitializer());
    builder.regularization(penalties(context, l1(), l2()));
    builder.name(context.name());
    return builder;
  }

  /**
   * What weights add to the loss.
   *
   * @param ownL1 in place of the model's
   * @param ownL2 in place of the model's
   */
  static List<Regularization> penalties(
      LayerContext context, Optional<Double> ownL1, Optional<Double> ownL2) {
    ModelPlan.Regularization common = context.regularization();
    List<Regularization> penalties = new ArrayList<>();
    double l1 = ownL1.orElse(common.l1());
    if (l1 > 0) {
      penalties.add(new L1Regularization(l1));
    }
    double l2 = ownL2.orElse(common.l2());
    if (l2 > 0) {
      penalties.add(new L2Regularization(2 * l2)); // DL4J adds l2 / 2 times the sum of squares
    }
    double decay = common.weightDecay() + context.optimizerDecay();
    if (decay > 0) {
      penalties.add(new WeightDecay(decay, true));
    }
    return penalties;
  }
}
