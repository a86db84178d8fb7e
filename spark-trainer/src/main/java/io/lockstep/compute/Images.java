package io.lockstep.compute;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A minibatch of images in memory, the batch innermost: {@code [channels, height, width, batch]}.
 *
 * <p>Why this order: every shift of an image by a pixel moves whole runs of {@code batch} floats,
 * and at stride 1 whole rows of {@code width * batch}. So im2col is a few long copies, pooling and
 * all pointwise work are loops over long contiguous runs that vectorise whatever the kernel's size
 * is, and one sgemm covers the whole minibatch. ND4J sees such memory as an ordinary array with
 * other strides, {@code [batch, channels, height, width]} or {@code [batch, height, width,
 * channels]}; between two accelerated layers nothing is rearranged. (cuda-convnet kept images in
 * the same order: Krizhevsky 2014, arXiv 1404.5997.)
 *
 * @param memory the floats
 * @param channels of an image
 * @param height of an image
 * @param width of an image
 * @param batch number of images
 */
record Images(Memory memory, int channels, int height, int width, int batch) {

  /** How an array of images lies in memory. */
  enum Order {
    /** {@code [channels, height, width, batch]}, between two accelerated layers. */
    BATCH_INNERMOST,
    /** C order in the layer's own format, as DL4J's layers and preprocessors want it. */
    C
  }

  int pixels() {
    return height * width;
  }

  /** Floats of one channel. */
  int plane() {
    return pixels() * batch;
  }

  int length() {
    return channels * plane();
  }

  /** What {@link #create} takes. */
  int[] size() {
    return new int[] {channels, height, width, batch};
  }

  /**
   * The images of {@code array}: in place where its memory has the order already, else rearranged
   * into {@code scratch}.
   */
  static Images of(INDArray array, CNN2DFormat format, Scratch scratch) {
    long[] shape = array.shape();
    int batch = (int) shape[0];
    boolean nchw = format == CNN2DFormat.NCHW;
    int channels = (int) shape[nchw ? 1 : 3];
    int height = (int) shape[nchw ? 2 : 1];
    int width = (int) shape[nchw ? 3 : 2];
    INDArray view = nchw ? array : array.permute(0, 3, 1, 2);
    if (strided(view, 1, (long) height * width * batch, (long) width * batch, batch)) {
      return new Images(Memory.of(array), channels, height, width, batch);
    }
    Memory source = Memory.of(inCOrder(array) ? array : array.dup('c'));
    Images images = new Images(scratch.floats(array.length()), channels, height, width, batch);
    Transpose.fromC(source, images, nchw);
    return images;
  }

  /** The format in which {@code array}'s memory has the batch innermost; else NCHW. */
  static CNN2DFormat formatOf(INDArray array) {
    long batch = array.size(0);
    boolean channelsLast =
        batch > 1
            && array.stride(0) == 1
            && array.stride(2) == batch
            && array.stride(1) == array.size(2) * batch
            && array.stride(3) == array.size(1) * array.size(2) * batch;
    return channelsLast ? CNN2DFormat.NHWC : CNN2DFormat.NCHW;
  }

  private static boolean inCOrder(INDArray array) {
    long stride = 1;
    for (int i = array.rank() - 1; i >= 0; i--) {
      if (array.size(i) != 1 && array.stride(i) != stride) {
        return false;
      }
      stride *= array.size(i);
    }
    return true;
  }

  private static boolean strided(INDArray array, long... strides) {
    for (int i = 0; i < strides.length; i++) {
      if (array.size(i) != 1 && array.stride(i) != strides[i]) {
        return false;
      }
    }
    return true;
  }

  /** A new array in DL4J's workspace for {@code type}, in {@code order}, and the images to fill. */
  static Output create(
      LayerWorkspaceMgr workspaces,
      ArrayType type,
      int[] size,
      CNN2DFormat format,
      Order order,
      Scratch scratch) {
    int channels = size[0];
    int height = size[1];
    int width = size[2];
    int batch = size[3];
    boolean nchw = format == CNN2DFormat.NCHW;
    if (order == Order.BATCH_INNERMOST) {
      INDArray memory =
          workspaces.createUninitialized(
              type, DataType.FLOAT, new long[] {channels, height, width, batch}, 'c');
      INDArray view = nchw ? memory.permute(3, 0, 1, 2) : memory.permute(3, 1, 2, 0);
      return new Output(view, new Images(Memory.of(memory), channels, height, width, batch), null);
    }
    long[] shape =
        nchw
            ? new long[] {batch, channels, height, width}
            : new long[] {batch, height, width, channels};
    INDArray array = workspaces.createUninitialized(type, DataType.FLOAT, shape, 'c');
    Memory memory = scratch.floats(array.length());
    return new Output(array, new Images(memory, channels, height, width, batch), format);
  }

  /**
   * An array that a layer gives away, and the images to write for it.
   *
   * @param array what DL4J gets
   * @param images what the kernel fills
   * @param rearrange the format to rearrange the images into, or null where both are one memory
   */
  record Output(INDArray array, Images images, CNN2DFormat rearrange) {
    /** Call once the images are complete. */
    INDArray finish() {
      if (rearrange != null) {
        Transpose.toC(images, Memory.of(array), rearrange == CNN2DFormat.NCHW);
      }
      return array;
    }
  }
}
