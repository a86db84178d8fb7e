package io.lockstep.model;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A model that does not fit its data is one clear message, before anything is created. */
class MisfitTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          conv2d: {filters: 2, kernel: 5}; conv2d: {filters: 2, kernel: 5}; dense: 3 | 1 8 8 | 3 classes | mse | plan.yaml:6: model.layers.1 (conv2d) has a window of 5 x 5, larger than its input of 2 x 4 x 4 (channels x height x width); make the window smaller, set padding: same, or take out a layer before it
          conv2d: {filters: 2, kernel: 3, dilation: 4}; dense: 3 | 1 8 8 | 3 classes | mse | plan.yaml:5: model.layers.0 (conv2d) has a window of 9 x 9 with its dilation, larger than its input of 1 x 8 x 8 (channels x height x width); make the window smaller, set padding: same, or take out a layer before it
          dense: 8; maxPooling2d: 2; dense: 3 | 1 8 8 | 3 classes | mse | plan.yaml:6: model.layers.1 (maxPooling2d) needs images (channels x height x width), but gets rows of 8 numbers; put it before flatten and dense, or give the data a shape
          conv2d: {filters: 2, kernel: 3} | 1 8 8 | 3 classes | mse | plan.yaml:5: model.layers.0 (conv2d) ends the network with images of 2 x 6 x 6 (channels x height x width); add flatten, a global pooling or dense after it
          dense: {units: 5, activation: softmax} | 4 | 3 classes | categoricalCrossentropy | plan.yaml:5: model.layers.0 (dense) makes 5 outputs, but the data has 3 classes; give the last dense layer units: 3
          dense: 2 | 4 | 1 target | mse | plan.yaml:5: model.layers.0 (dense) makes 2 outputs, but the data has 1 target; give the last dense layer units: 1
          dense: {units: 3, activation: softmax} | 4 | 2 classes | categoricalCrossentropy | plan.yaml:5: model.layers.0 (dense) makes 3 outputs, but the data has 2 classes; give the last dense layer 1 unit with sigmoid and binaryCrossentropy, or 2 with softmax and categoricalCrossentropy
          dense: {units: 1, activation: softmax} | 4 | 2 classes | binaryCrossentropy | plan.yaml:5: model.layers.0 (dense) has softmax with 1 unit, which is always 1; take sigmoid with binaryCrossentropy, or linear with mse
          dense: 1 | 4 | 2 classes | binaryCrossentropy | plan.yaml:5: model.layers.0 (dense) must end in sigmoid, because binaryCrossentropy needs outputs between 0 and 1
          dense: 3 | 4 | 3 classes | categoricalCrossentropy | plan.yaml:5: model.layers.0 (dense) must end in softmax, because categoricalCrossentropy needs outputs between 0 and 1
          dense: 3; activation: softmax; dropout: 0.5 | 4 | 3 classes | categoricalCrossentropy | plan.yaml:7: model.layers.2 (dropout) must end in softmax, because categoricalCrossentropy needs outputs between 0 and 1
          dense: {units: 3, activation: sigmoid} | 4 | 3 classes | binaryCrossentropy | plan.yaml:5: model.layers.0 (dense) makes 3 outputs, one per class, of which exactly one is right; take softmax with categoricalCrossentropy
          dense: {units: 2, activation: softmax} | 4 | 2 targets | binaryCrossentropy | plan.yaml:5: model.layers.0 (dense) ends in softmax, which belongs with categoricalCrossentropy; binaryCrossentropy needs sigmoid
          dense: 2; dense: {units: 2, activation: softmax} | 4 | 2 targets | mae | plan.yaml:6: model.layers.1 (dense) ends in softmax, whose outputs always add up to 1, but the data has numbers to be predicted; leave out the activation, or take klDivergence if the targets of an example are shares that add up to 1
          dense: 3; activation: softmax | 4 | 3 targets | mse | plan.yaml:6: model.layers.1 (activation) ends in softmax, whose outputs always add up to 1, but the data has numbers to be predicted; leave out the activation, or take klDivergence if the targets of an example are shares that add up to 1
          dense: {units: 1, activation: sigmoid} | 4 | 2 classes | categoricalCrossentropy | plan.yaml:5: model.layers.0 (dense) makes 1 output, but categoricalCrossentropy compares at least 2; take sigmoid with binaryCrossentropy
          dense: {units: 3, activation: sigmoid} | 4 | 3 classes | categoricalCrossentropy | plan.yaml:5: model.layers.0 (dense) ends in sigmoid, whose outputs do not add up to 1, so that categoricalCrossentropy is least if all of them are 1; take softmax
          dense: {units: 1, activation: tanh} | 4 | 2 classes | hinge | plan.yaml:5: model.layers.0 (dense) feeds hinge, whose labels are -1 and 1, but the data has classes, which are 0 and 1; give the label column under targets, or take binaryCrossentropy
          conv2d: {filters: 2, kernel: 3}; layerNormalization; flatten; dense: 3 | 1 8 8 | 3 classes | mse | plan.yaml:6: model.layers.1 (layerNormalization) needs rows or sequences, but gets images of 2 x 6 x 6; take batchNormalization, or put it behind flatten or a global pooling
          upSampling2d: 4096; upSampling2d: 4096; dense: 3 | 1 8 8 | 3 classes | mse | plan.yaml:6: model.layers.1 (upSampling2d) would make 1 x 134217728 x 134217728 values of each example: too many
          dense; dense: {units: 3, activation: softmax} | 4 | 3 classes | mse | plan.yaml:5: model.layers.0 (dense) needs units; only the last layer can leave them to the data
          dense: 3 | 8 8 8 8 | 3 classes | mse | Examples of shape [8, 8, 8, 8] cannot be trained: only [features], [time, features] and [channels, height, width] can
          """)
  void isRefused(String layers, String shape, String labels, String loss, String message) {
    assertThatThrownBy(
            () ->
                NetworkBuilderTest.configuration(
                    "- " + layers.replace("; ", "\n- "), ints(shape), labels(labels), loss))
        .isInstanceOf(InputException.class)
        .hasMessage(message);
  }

  private static int[] ints(String shape) {
    return Arrays.stream(shape.split(" ", -1)).mapToInt(Integer::parseInt).toArray();
  }

  private static Labels labels(String text) {
    int width = Integer.parseInt(text.split(" ", -1)[0]);
    return text.contains("class")
        ? Labels.Classes.numbered(width)
        : new Labels.Targets(List.of("a", "b", "c").subList(0, width));
  }
}
