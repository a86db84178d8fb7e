package io.lockstep.compute;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What goes in and out of a layer of images in both passes: in which order it is given on, and the
 * memory it is rearranged in. Owned by one layer.
 */
final class ImagePorts {
  private final Scratch input = new Scratch();
  private final Scratch output = new Scratch();
  private final Scratch epsilon = new Scratch();
  private final Scratch gradient = new Scratch();
  private Images.Order above = Images.Order.C;
  private Images.Order below = Images.Order.C;

  /** Sets the order of what the layer gives: activations upwards, gradients downwards. */
  void neighbours(Images.Order above, Images.Order below) {
    this.above = above;
    this.below = below;
  }

  /** The layer's input, batch innermost. */
  Images input(INDArray array, CNN2DFormat format) {
    return Images.of(array, format, input);
  }

  /** Room for the layer's activations, {@code [channels, height, width, batch]}. */
  Images.Output output(LayerWorkspaceMgr workspaces, int[] size, CNN2DFormat format) {
    return Images.create(
        workspaces, ArrayType.ACTIVATIONS, size, format, order(above, size), output);
  }

  /** The gradient at the layer's output, batch innermost. */
  Images epsilon(INDArray array, CNN2DFormat format) {
    return Images.of(array, format, epsilon);
  }

  /** Room for the gradient at the layer's input, {@code [channels, height, width, batch]}. */
  Images.Output gradient(LayerWorkspaceMgr workspaces, int[] size, CNN2DFormat format) {
    return Images.create(
        workspaces, ArrayType.ACTIVATION_GRAD, size, format, order(below, size), gradient);
  }

  /** Images of one pixel are features, which all layers take in DL4J's order. */
  private static Images.Order order(Images.Order wanted, int[] size) {
    return size[1] * size[2] == 1 ? Images.Order.C : wanted;
  }
}
