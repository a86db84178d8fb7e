package io.lockstep.compute;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * Exchanges the layers of a DL4J network, in place, for faster ones that compute the same.
 *
 * <p>Call it once on a network that has been initialised; a second call changes nothing and reports
 * the same. Configuration, parameters, updater state and saved files stay what they were. Copies of
 * a network ({@code clone}, or a file loaded again) are stock and want a call of their own.
 *
 * <p>Not thread-safe for one network; several networks may be accelerated and used in several
 * threads at once, since nothing is shared between them.
 */
public final class Accelerator {
  /** Every kernel there is; the first that recognises a layer has it. */
  private static final List<LayerKernel> KERNELS =
      List.of(
          new ConvolutionKernel(),
          new SubsamplingKernel(),
          new DenseKernel(),
          new LstmKernel(),
          new GruKernel(),
          new SimpleRnnKernel(),
          new WrapperKernel(List.of(new LstmKernel(), new GruKernel(), new SimpleRnnKernel())),
          new RnnOutputKernel(),
          new EmbeddingSequenceKernel(),
          new OutputKernel(),
          new BatchNormalizationKernel(),
          new FastActivation.Kernel());

  /**
   * Backward length for {@code tbpttBackpropGradient} with which recurrent layers run back over the
   * whole window from the state that is stored in them. DL4J's own truncated training runs back
   * from zero state, whatever the forward pass began with, and is computed like that for every
   * other length.
   */
  public static final int FROM_STORED_STATE = Integer.MAX_VALUE;

  private Accelerator() {}

  /** Accelerates the layers of {@code network} and tells which and how. */
  public static KernelReport accelerate(MultiLayerNetwork network) {
    return accelerate(new NetworkLayers.OfMultiLayer(network));
  }

  /** Accelerates the layer vertices of {@code graph} and tells which and how. */
  public static KernelReport accelerate(ComputationGraph graph) {
    return accelerate(new NetworkLayers.OfGraph(graph));
  }

  private static KernelReport accelerate(NetworkLayers network) {
    List<KernelReport.Entry> entries = new ArrayList<>();
    for (Site site : network.sites()) {
      Layer layer = network.layer(site);
      Verdict verdict = verdict(layer, site);
      if (verdict instanceof Verdict.Accelerated accelerated) {
        if (accelerated.layer() != layer) {
          network.replace(site, accelerated.layer());
        }
        entries.add(
            KernelReport.Entry.accelerated(site.name(), typeOf(layer), accelerated.kernel()));
      } else if (verdict instanceof Verdict.Stock stock) {
        entries.add(KernelReport.Entry.stock(site.name(), typeOf(layer), stock.reason()));
      }
    }
    network.introduceNeighbours();
    return new KernelReport(entries, network.accelerateUpdater(), Platform.describe());
  }

  private static Verdict verdict(Layer layer, Site site) {
    for (LayerKernel kernel : KERNELS) {
      if (kernel.recognises(layer)) {
        return kernel.accelerate(layer, site);
      }
    }
    return new Verdict.Stock("no kernel for this kind of layer");
  }

  private static String typeOf(Layer layer) {
    return layer.conf().getLayer().getClass().getSimpleName();
  }
}
