package io.lockstep.model;

import io.lockstep.config.Origins;
import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.model.layer.FeatureShape;
import io.lockstep.model.layer.FeatureShape.Steps;
import io.lockstep.model.layer.FeatureShape.Tokens;
import io.lockstep.model.layer.NetworkLayer;
import io.lockstep.model.layer.Unfit;
import io.lockstep.plan.ActivationPlan;
import io.lockstep.plan.LayerPlan;
import io.lockstep.plan.ModelPlan.Layered;
import java.util.ArrayList;
import java.util.List;

/**
 * The shapes that flow through a network, worked out before anything is created.
 *
 * @param plan the network
 * @param shapes input of each layer, and the last output
 * @param origins where the layers stand
 */
record NetworkShapes(Layered plan, List<FeatureShape> shapes, Origins origins) {
  /** Values between two layers of which one example can consist; beyond it DL4J overflows. */
  private static final long MAX_VALUES = 1L << 31;

  /**
   * Works out the shapes for given data, which also says how many outputs there are if the last
   * layer does not.
   *
   * @throws InputException for the first layer that does not fit its input
   */
  static NetworkShapes of(Layered given, NetworkInput input, Labels labels, Origins origins) {
    Layered plan = completed(given, labels);
    List<FeatureShape> shapes = new ArrayList<>();
    shapes.add(input.features());
    NetworkShapes network = new NetworkShapes(plan, shapes, origins);
    for (int i = 0; i < plan.layers().size(); i++) {
      try {
        if (shapes.get(i) instanceof Tokens && !network.layer(i).takesTokens()) {
          throw new Unfit("needs numbers, but gets tokens; put an embedding before it");
        }
        if (i > 0 && network.layer(i).masked().isPresent()) {
          throw new Unfit("must be the first layer: it says which steps of the data are none");
        }
        network.checkMask(i);
        FeatureShape output = network.layer(i).output(shapes.get(i));
        if (output.size() >= MAX_VALUES) {
          throw new Unfit("would make " + output + " values of each example: too many");
        }
        shapes.add(output);
      } catch (Unfit e) {
        throw network.problem(i, e.getMessage());
      }
    }
    return network;
  }

  private static Layered completed(Layered plan, Labels labels) {
    List<LayerPlan> layers = new ArrayList<>(plan.layers());
    int last = layers.size() - 1;
    ActivationPlan end = NetworkLayer.of(layers.get(last)).activation();
    while (last > 0 && NetworkLayer.of(layers.get(last)).isActivation()) {
      last--;
    }
    boolean yes = // one output with sigmoid says which of two classes
        labels instanceof Labels.Classes
            && labels.width() == 2
            && (end == ActivationPlan.Plain.SIGMOID || end == ActivationPlan.Plain.HARD_SIGMOID);
    NetworkLayer layer = NetworkLayer.of(layers.get(last));
    layers.set(last, layer.withOutputs(yes ? 1 : labels.width()));
    return plan.withLayers(layers);
  }

  /** DL4J's convolutions fail without a mask where the data has one. */
  private void checkMask(int layer) {
    boolean masked = shapes.get(0) instanceof Tokens || isRagged(shapes.get(0));
    boolean lost = shapes.get(layer) instanceof Steps && !isRagged(shapes.get(layer));
    if (layer(layer).looksAround() && masked && lost) {
      throw new Unfit(
          "cannot come after repeatVector where examples differ in length, because DL4J fails"
              + " there; take a recurrent layer");
    }
  }

  private static boolean isRagged(FeatureShape shape) {
    return shape instanceof Steps steps && steps.ragged();
  }

  NetworkLayer layer(int layer) {
    return NetworkLayer.of(plan.layers().get(layer));
  }

  FeatureShape input(int layer) {
    return shapes.get(layer);
  }

  FeatureShape output(int layer) {
    return shapes.get(layer + 1);
  }

  /** Whether there are time steps anywhere. */
  boolean haveSequences() {
    return shapes.stream().anyMatch(FeatureShape::isSequence);
  }

  /** Name of a layer: its word and its place in the plan. */
  String name(int layer) {
    return layer(layer).word() + "_" + layer;
  }

  /** A problem with a layer, with its line, place and word. */
  InputException problem(int layer, String message) {
    return origins.problem("model.layers." + layer, "(" + layer(layer).word() + ") " + message);
  }
}
