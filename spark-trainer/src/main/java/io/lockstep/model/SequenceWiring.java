package io.lockstep.model;

import io.lockstep.model.layer.FeatureShape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;

/**
 * Joins the layers of a network with time steps: some of DL4J's take sequences, {@code [batch,
 * features, time]}, others a row for each time step, {@code [batch * time, features]}.
 *
 * <p>DL4J does so by itself if it is told the type of the input, and gets it wrong: after a global
 * pooling it goes on as if there were time steps, and a dense layer after a convolution gets as
 * many inputs as there are time steps. So it is not told.
 */
final class SequenceWiring {
  private final List<Joint> joints = new ArrayList<>();

  /**
   * What a layer is given.
   *
   * @param perStep whether a time step is a row
   */
  private record Joint(FeatureShape input, boolean perStep) {
    InputType type() {
      return perStep ? InputType.feedForward(input.rowSize()) : NetworkBuilder.inputType(input);
    }
  }

  /** Notes what the next layer is given. */
  void add(FeatureShape input, boolean perStep) {
    joints.add(new Joint(input, input.isSequence() && perStep));
  }

  /** Makes the configuration of {@code layers}, one for each {@link #add}. */
  MultiLayerConfiguration build(ListBuilder layers) {
    // With a first preprocessor DL4J does not guess the type of the input.
    layers.inputPreProcessor(0, new RnnToFeedForwardPreProcessor());
    MultiLayerConfiguration network = layers.build();
    network.setInputPreProcessors(preprocessors());
    for (int i = 0; i < joints.size(); i++) {
      network.getConf(i).getLayer().setNIn(joints.get(i).type(), false);
    }
    return network;
  }

  private Map<Integer, InputPreProcessor> preprocessors() {
    Map<Integer, InputPreProcessor> preprocessors = new HashMap<>();
    boolean rows = false;
    for (int i = 0; i < joints.size(); i++) {
      Joint joint = joints.get(i);
      if (joint.perStep && !rows) {
        preprocessors.put(i, new RnnToFeedForwardPreProcessor(RNNFormat.NCW));
      } else if (joint.input.isSequence() && !joint.perStep && rows) {
        preprocessors.put(i, new FeedForwardToRnnPreProcessor(RNNFormat.NCW));
      }
      rows = joint.perStep;
    }
    return preprocessors;
  }
}
