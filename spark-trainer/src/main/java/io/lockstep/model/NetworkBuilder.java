package io.lockstep.model;

import io.lockstep.config.Origins;
import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.model.FeatureShape.Image;
import io.lockstep.plan.ActivationPlan;
import io.lockstep.plan.LayerPlan;
import io.lockstep.plan.LayerPlan.Padding;
import io.lockstep.plan.LayerPlan.Size;
import io.lockstep.plan.ModelPlan;
import io.lockstep.plan.ModelPlan.Layered;
import io.lockstep.plan.Plan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.regularization.L1Regularization;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * Makes DL4J configurations of networks given layer by layer, with Keras' meaning of every word.
 *
 * <p>Where DL4J means something else, it is told what gives Keras' result: dropout keeps {@code 1 -
 * rate}, L2 is doubled (DL4J halves it), binary cross-entropy is the mean over outputs. Initial
 * weights are a pure function of the seed. Nothing but plain DL4J classes is used, so that a saved
 * model loads without Lockstep.
 */
public final class NetworkBuilder {
  private final Layered plan;
  private final NetworkShapes shapes;
  private final NeuralNetConfiguration.ListBuilder list;
  private int layers;

  private NetworkBuilder(Layered plan, NetworkShapes shapes, long seed) {
    this.plan = plan;
    this.shapes = shapes;
    var base =
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
   * @param plan the network; a DL4J file must have been {@linkplain #embed embedded}
   * @param shape of one example, {@code [channels, height, width]} or {@code [features]}
   * @param labels what the network is to learn
   * @param seed of the initial weights
   * @param origins where the plan's values stand, for messages
   * @throws InputException if a layer does not fit its input, or the last one the labels or the
   *     loss; names the layer, its line and both shapes
   */
  public static NetworkConfiguration build(
      ModelPlan plan, int[] shape, Labels labels, long seed, Origins origins) {
    long weights = NetworkSeed.of(seed);
    if (plan instanceof ModelPlan.Dl4j file) {
      return Dl4jFile.read(file, FeatureShape.of(shape), labels, weights);
    }
    Layered layered = (Layered) plan;
    NetworkShapes shapes = NetworkShapes.of(layered, shape, origins);
    OutputCheck.check(layered, shapes, labels);
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
    LayerPlan end = plan.layers().get(last);
    ILossFunction loss = Functions.loss(plan.loss(), shapes.output(last).size());
    boolean merged =
        last > 0
            && end instanceof LayerPlan.Activation
            && plan.layers().get(last - 1) instanceof LayerPlan.Dense dense
            && dense.activation() == ActivationPlan.Plain.LINEAR;
    int body = merged ? last - 1 : last;
    for (int i = 0; i < body; i++) {
      add(i);
    }
    if (plan.layers().get(body) instanceof LayerPlan.Dense dense) {
      ActivationPlan activation =
          merged ? ((LayerPlan.Activation) end).function() : dense.activation();
      addOutput(body, dense, activation, loss);
    } else if (end instanceof LayerPlan.Activation activation) {
      addLoss(last, activation.function(), loss);
    } else {
      add(last);
      addLoss(last + 1, ActivationPlan.Plain.LINEAR, loss);
    }
    return list.setInputType(inputType(shapes.input(0))).build();
  }

  static InputType inputType(FeatureShape shape) {
    return shape instanceof Image image
        ? InputType.convolutional(image.height(), image.width(), image.channels())
        : InputType.feedForward(shape.size());
  }

  /** Adds layer {@code i} of the plan, unless it only reshapes. */
  private void add(int i) {
    LayerPlan layer = plan.layers().get(i);
    if (!(layer instanceof LayerPlan.Flatten)) {
      append(i, layer(layer, shapes.name(i)));
    }
  }

  private void addOutput(
      int i, LayerPlan.Dense dense, ActivationPlan activation, ILossFunction loss) {
    var builder = new OutputLayer.Builder(loss).nOut(dense.units()).hasBias(dense.useBias());
    weights(builder, dense);
    append(i, builder.name(shapes.name(i)).activation(Functions.activation(activation)).build());
  }

  private void addLoss(int i, ActivationPlan activation, ILossFunction loss) {
    append(
        i,
        new LossLayer.Builder(loss)
            .name("loss_" + i)
            .activation(Functions.activation(activation))
            .build());
  }

  /** Appends a DL4J layer; what comes after a flatten gets its input as rows. */
  private void append(int i, Layer layer) {
    for (int j = i - 1; j >= 0 && plan.layers().get(j) instanceof LayerPlan.Flatten; j--) {
      if (shapes.input(j) instanceof Image image) {
        list.inputPreProcessor(
            layers,
            new CnnToFeedForwardPreProcessor(image.height(), image.width(), image.channels()));
      }
    }
    list.layer(layers++, layer);
  }

  private Layer layer(LayerPlan layer, String name) {
    if (layer instanceof LayerPlan.Dense dense) {
      var builder = new DenseLayer.Builder().nOut(dense.units()).hasBias(dense.useBias());
      weights(builder, dense);
      return builder.name(name).build();
    }
    if (layer instanceof LayerPlan.Convolution convolution) {
      return convolution(convolution, name);
    }
    if (layer instanceof LayerPlan.MaxPooling2d pooling) {
      return pooling(pooling, PoolingType.MAX, name);
    }
    if (layer instanceof LayerPlan.AveragePooling2d pooling) {
      return pooling(pooling, PoolingType.AVG, name);
    }
    if (layer instanceof LayerPlan.GlobalMaxPooling2d) {
      return new GlobalPoolingLayer.Builder(PoolingType.MAX).name(name).build();
    }
    if (layer instanceof LayerPlan.GlobalAveragePooling2d) {
      return new GlobalPoolingLayer.Builder(PoolingType.AVG).name(name).build();
    }
    return simple(layer, name);
  }

  private static Layer simple(LayerPlan layer, String name) {
    if (layer instanceof LayerPlan.Dropout dropout) {
      return new DropoutLayer.Builder(1 - dropout.rate()).name(name).build();
    }
    if (layer instanceof LayerPlan.BatchNormalization norm) {
      return new BatchNormalization.Builder(!norm.scale())
          .decay(norm.momentum())
          .eps(norm.epsilon())
          .name(name)
          .build();
    }
    if (layer instanceof LayerPlan.Activation activation) {
      return new ActivationLayer.Builder()
          .activation(Functions.activation(activation.function()))
          .name(name)
          .build();
    }
    if (layer instanceof LayerPlan.ZeroPadding2d zeros) {
      Size border = zeros.padding();
      return new ZeroPaddingLayer.Builder(border.height(), border.width()).name(name).build();
    }
    LayerPlan.UpSampling2d up = (LayerPlan.UpSampling2d) layer;
    return new Upsampling2D.Builder().size(sides(up.size())).name(name).build();
  }

  private Layer convolution(LayerPlan.Convolution layer, String name) {
    ConvolutionLayer.BaseConvBuilder<?> builder = filters(layer);
    builder.setKernelSize(sides(layer.window()));
    builder.setStride(sides(layer.stride()));
    builder.setDilation(sides(layer.dilation()));
    builder.convolutionMode(mode(layer.padding())).hasBias(layer.useBias());
    weights(builder, layer);
    return builder.name(name).build();
  }

  private static ConvolutionLayer.BaseConvBuilder<?> filters(LayerPlan.Convolution layer) {
    if (layer instanceof LayerPlan.Conv2d conv) {
      return new ConvolutionLayer.Builder().nOut(conv.filters());
    }
    if (layer instanceof LayerPlan.DepthwiseConv2d conv) {
      return new DepthwiseConvolution2D.Builder().depthMultiplier(conv.depthMultiplier());
    }
    LayerPlan.SeparableConv2d conv = (LayerPlan.SeparableConv2d) layer;
    return new SeparableConvolution2D.Builder()
        .depthMultiplier(conv.depthMultiplier())
        .nOut(conv.filters());
  }

  private static Layer pooling(LayerPlan.Pooling layer, PoolingType type, String name) {
    return new SubsamplingLayer.Builder(type)
        .kernelSize(sides(layer.window()))
        .stride(sides(layer.stride()))
        .convolutionMode(mode(layer.padding()))
        .name(name)
        .build();
  }

  private void weights(BaseLayer.Builder<?> builder, LayerPlan.Weighted layer) {
    builder.activation(Functions.activation(layer.activation()));
    builder.weightInit(Functions.initializer(layer.kernelInitializer()));
    builder.biasInit(layer.biasInitializer());
    builder.regularization(regularization(layer));
  }

  private List<Regularization> regularization(LayerPlan.Weighted layer) {
    ModelPlan.Regularization common = plan.regularization();
    List<Regularization> penalties = new ArrayList<>();
    double l1 = layer.l1().orElse(common.l1());
    if (l1 > 0) {
      penalties.add(new L1Regularization(l1));
    }
    double l2 = layer.l2().orElse(common.l2());
    if (l2 > 0) {
      penalties.add(new L2Regularization(2 * l2)); // DL4J adds l2 / 2 times the sum of squares
    }
    double decay = common.weightDecay() + Optimizers.weightDecay(plan.optimizer());
    if (decay > 0) {
      penalties.add(new WeightDecay(decay, true));
    }
    return penalties;
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

  private static int[] sides(Size size) {
    return new int[] {size.height(), size.width()};
  }

  private static ConvolutionMode mode(Padding padding) {
    return padding == Padding.SAME ? ConvolutionMode.Same : ConvolutionMode.Truncate;
  }
}
