package io.lockstep.model;

import io.lockstep.config.Origins;
import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.layers.ReverseTimeSeries;
import io.lockstep.model.layer.FeatureShape;
import io.lockstep.model.layer.FeatureShape.Image;
import io.lockstep.model.layer.FeatureShape.Steps;
import io.lockstep.model.layer.FeatureShape.Tokens;
import io.lockstep.model.layer.Functions;
import io.lockstep.model.layer.LayerContext;
import io.lockstep.model.layer.NetworkLayer;
import io.lockstep.plan.ActivationPlan;
import io.lockstep.plan.ModelPlan;
import io.lockstep.plan.ModelPlan.Layered;
import io.lockstep.plan.Plan;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * Makes DL4J configurations of networks given layer by layer, with Keras' meaning of every word.
 *
 * <p>Where DL4J means something else, it is told what gives Keras' result: dropout keeps {@code 1 -
 * rate}, L2 is doubled (DL4J halves it), binary cross-entropy is the mean over outputs. Initial
 * weights are a pure function of the seed. Nothing is used but classes of DL4J and of {@code
 * io.lockstep.layers}, so that a saved model loads without the rest of Lockstep.
 */
public final class NetworkBuilder {
  private final Layered plan;
  private final NetworkShapes shapes;
  private final NeuralNetConfiguration.Builder base;
  private final NeuralNetConfiguration.ListBuilder list;
  private final SequenceWiring sequences = new SequenceWiring();
  private int layers;

  private NetworkBuilder(Layered plan, NetworkShapes shapes, long seed) {
    this.plan = plan;
    this.shapes = shapes;
    base =
        new NeuralNetConfiguration.Builder()
            .seed(seed)
            .dataType(DataType.FLOAT)
            .updater(Optimizers.of(plan.optimizer()));
    clip(base, plan.gradientClipping());
    list = base.list();
  }

  /**
   * Makes the configuration of a network for given data.
   *
   * @param plan the network; a DL4J file must have been {@linkplain #embed embedded}, and a loss
   *     {@linkplain PlanCompletion chosen}
   * @param input what an example consists of
   * @param labels what the network is to learn
   * @param seed of the initial weights
   * @param origins where the plan's values stand, for messages
   * @throws InputException if a layer does not fit its input, or the last one the labels or the
   *     loss; names the layer, its line and both shapes
   */
  public static NetworkConfiguration build(
      ModelPlan plan, NetworkInput input, Labels labels, long seed, Origins origins) {
    long weights = NetworkSeed.of(seed);
    if (plan instanceof ModelPlan.Dl4j file) {
      return Dl4jFile.read(file, input, labels, weights);
    }
    Layered layered = (Layered) plan;
    if (input.isSeveral()) {
      throw origins.problem(
          "model.layers",
          "are one after the other, for one input and one output, but the data has "
              + GraphPorts.of(input, labels).described()
              + "; give the network as a ComputationGraph of DL4J under model.dl4j");
    }
    NetworkShapes shapes = NetworkShapes.of(layered, input, labels, origins);
    if (input.foretells(labels)) {
      CausalCheck.check(shapes);
    }
    OutputCheck.check(layered, shapes, labels, input.labelsPerStep());
    MultiLayerConfiguration configuration = new NetworkBuilder(layered, shapes, weights).build();
    return new NetworkConfiguration.MultiLayer(configuration);
  }

  /**
   * Reads the DL4J file that the plan's model names, if it names one, into the plan itself.
   *
   * @return a plan that needs no file to build its network, on any JVM
   * @throws InputException if the file is missing or not what it should be
   * @throws IOException if the file system fails
   */
  public static Plan embed(Plan plan, Configuration hadoop) throws IOException {
    return Dl4jFile.embed(plan, hadoop);
  }

  private MultiLayerConfiguration build() {
    int last = plan.layers().size() - 1;
    NetworkLayer end = shapes.layer(last);
    ILossFunction loss = Functions.loss(plan.loss().orElseThrow(), shapes.output(last).rowSize());
    boolean takesOver =
        end.isActivation()
            && last > 0
            && shapes.layer(last - 1).activation() == ActivationPlan.Plain.LINEAR;
    if (takesOver && endsWith(last - 1, end.activation(), loss)) {
      return finish();
    }
    if (endsWith(last, end.activation(), loss)) {
      return finish();
    }
    add(0, end.isActivation() ? last : last + 1);
    if (end.isActivation()) {
      addLoss(last, end.activation(), loss);
    } else {
      addLoss(last + 1, ActivationPlan.Plain.LINEAR, loss);
    }
    return finish();
  }

  /**
   * Adds all layers up to {@code i}, which is made the output layer with {@code activation}.
   *
   * @return whether it can be; if not, nothing was added
   */
  private boolean endsWith(int i, ActivationPlan activation, ILossFunction loss) {
    Optional<Layer> output = shapes.layer(i).buildOutput(context(i), activation, loss);
    if (output.isEmpty()) {
      return false;
    }
    add(0, i);
    append(i, output.get(), shapes.input(i), false);
    return true;
  }

  private MultiLayerConfiguration finish() {
    return shapes.haveSequences()
        ? sequences.build(list)
        : list.setInputType(inputType(shapes.input(0))).build();
  }

  static InputType inputType(FeatureShape shape) {
    if (shape instanceof Image image) {
      return InputType.convolutional(image.height(), image.width(), image.channels());
    }
    if (shape instanceof Steps steps) {
      return InputType.recurrent(steps.features(), steps.time());
    }
    return shape instanceof Tokens tokens
        ? InputType.recurrent(1, tokens.time())
        : InputType.feedForward(shape.size());
  }

  /** Adds the plan's layers from {@code from} to below {@code to}. */
  private void add(int from, int to) {
    for (int i = from; i < to; i++) {
      Optional<Layer> layer = shapes.layer(i).build(context(i));
      if (layer.isPresent()) {
        if (shapes.layer(i).looksAround()) {
          mask(i);
        }
        if (shapes.layer(i).goBackwards()) {
          reverse(i);
        }
        append(i, layer.get(), shapes.input(i), shapes.layer(i).perStep());
      }
    }
  }

  private LayerContext context(int i) {
    return new LayerContext(
        shapes.name(i),
        shapes.input(i),
        plan.regularization(),
        Optimizers.weightDecay(plan.optimizer()));
  }

  /**
   * Makes what comes before layer {@code i} zero, and its gradient, where examples have no time
   * steps: DL4J's recurrent layers put out something there, its convolutions do not know.
   */
  private void mask(int i) {
    boolean ragged = shapes.input(i) instanceof Steps steps && steps.ragged();
    if (ragged && i > 0 && !shapes.layer(i - 1).takesTokens()) {
      Layer layer = new DropoutLayer.Builder().name("mask_" + i).build(); // drops nothing
      append(i, layer, shapes.input(i), true);
    }
  }

  /** Turns what comes before layer {@code i} around, which then goes forwards. */
  private void reverse(int i) {
    Layer layer = new ReverseTimeSeries.Builder().name("reverse_" + i).build();
    append(i, layer, shapes.input(i), false);
  }

  private void addLoss(int i, ActivationPlan activation, ILossFunction loss) {
    FeatureShape input = shapes.output(i - 1);
    String name = "loss_" + i;
    IActivation last = Functions.activation(activation);
    append(
        i,
        input.isSequence()
            ? new RnnLossLayer.Builder(loss).name(name).activation(last).build()
            : new LossLayer.Builder(loss).name(name).activation(last).build(),
        input,
        false);
  }

  /**
   * Appends a DL4J layer; what comes after a flatten gets its input as rows.
   *
   * @param perStep whether it takes the time steps of a sequence one by one
   */
  private void append(int i, Layer layer, FeatureShape input, boolean perStep) {
    for (int j = i - 1; j >= 0 && shapes.layer(j).build(context(j)).isEmpty(); j--) {
      if (shapes.input(j) instanceof Image image) {
        list.inputPreProcessor(
            layers,
            new CnnToFeedForwardPreProcessor(image.height(), image.width(), image.channels()));
      }
    }
    if (layer instanceof Bidirectional both) {
      configure(both.getFwd());
      configure(both.getBwd());
    }
    sequences.add(input, perStep);
    list.layer(layers++, layer);
  }

  /** Gives a layer, and what it holds, the updater and the rest that holds for all layers. */
  private void configure(Layer layer) {
    base.clone().layer(layer).build(); // DL4J forgets what the directions of a layer hold
  }

  private static void clip(
      NeuralNetConfiguration.Builder base, ModelPlan.GradientClipping clipping) {
    if (clipping instanceof ModelPlan.ClipValue clip) {
      base.gradientNormalization(GradientNormalization.ClipElementWiseAbsoluteValue)
          .gradientNormalizationThreshold(clip.value());
    } else if (clipping instanceof ModelPlan.ClipNorm clip) {
      base.gradientNormalization(
              clip.of() == ModelPlan.ClipNorm.Scope.LAYER
                  ? GradientNormalization.ClipL2PerLayer
                  : GradientNormalization.ClipL2PerParamType)
          .gradientNormalizationThreshold(clip.norm());
    }
  }
}
