package io.lockstep.model;

import io.lockstep.compute.Accelerator;
import io.lockstep.compute.Corrections;
import io.lockstep.compute.InitialWeights;
import io.lockstep.compute.KernelReport;
import io.lockstep.compute.NativeThreads;
import io.lockstep.data.InputException;
import io.lockstep.plan.ComputePlan;
import io.lockstep.plan.ComputePlan.Kernels;
import java.util.Optional;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * A network as it travels: DL4J's own JSON, made by this run's driver, and how it computes.
 *
 * @param kind which of DL4J's two classes it is of
 * @param json its configuration
 * @param compute which kernels run its layers
 * @param threads native threads it computes with
 * @param stateful whether recurrent layers go on where the last minibatch left them
 */
public record Blueprint(Kind kind, String json, Kernels compute, int threads, boolean stateful)
    implements ReplicaFactory {
  private static final long serialVersionUID = 2L;

  /** A network that begins each minibatch anew. */
  public Blueprint(Kind kind, String json, Kernels compute, int threads) {
    this(kind, json, compute, threads, false);
  }

  /** DL4J's classes of networks. */
  public enum Kind {
    /** Layers one after the other. */
    MULTI_LAYER,
    /** Layers in a directed graph. */
    GRAPH
  }

  /**
   * The blueprint of {@code network} that computes as {@code compute} says.
   *
   * @throws InputException if the network is too large for this machine
   */
  public static Blueprint of(NetworkConfiguration network, ComputePlan compute) {
    MemoryNeed.of(network).check();
    Kind kind = network instanceof NetworkConfiguration.Graph ? Kind.GRAPH : Kind.MULTI_LAYER;
    return new Blueprint(kind, network.toJson(), compute.kernels(), compute.threads());
  }

  /**
   * The same network with state that goes on from minibatch to minibatch.
   *
   * @param what wants it: messages begin with it
   * @throws InputException if a layer cannot do so; names it
   */
  public Blueprint stateful(String what) {
    StatefulCheck.check(configuration(), compute, what);
    return new Blueprint(kind, json, compute, threads, true);
  }

  /** How much memory the network takes. */
  public MemoryNeed need() {
    return MemoryNeed.of(configuration());
  }

  @Override
  public Replica create() {
    return NetworkReplica.of(network(), threads);
  }

  /** A new network with the initial weights that its seed gives, accelerated if it shall be. */
  Model network() {
    return assemble().network();
  }

  /**
   * A network as it trains.
   *
   * @param network initialised and corrected
   * @param kernels who computes its layers; empty if all is DL4J's
   */
  record Assembled(Model network, Optional<KernelReport> kernels) {}

  /** As {@link #network}, and tells which kernels it was given. */
  Assembled assemble() {
    return NativeThreads.with(threads, this::initialized);
  }

  private Assembled initialized() {
    NetworkConfiguration configuration = configuration();
    MemoryNeed.of(configuration).check(); // also of executors, whose memory is another
    boolean accelerated = compute == Kernels.AUTO;
    if (configuration instanceof NetworkConfiguration.Graph graph) {
      var network = new ComputationGraph(graph.configuration());
      InitialWeights.init(network);
      Corrections.apply(network);
      return new Assembled(
          network, accelerated ? Optional.of(Accelerator.accelerate(network)) : Optional.empty());
    }
    var layers = ((NetworkConfiguration.MultiLayer) configuration).configuration();
    var network = stateful ? new StatefulNetwork(layers) : new MultiLayerNetwork(layers);
    InitialWeights.init(network);
    Corrections.apply(network);
    return new Assembled(
        network, accelerated ? Optional.of(Accelerator.accelerate(network)) : Optional.empty());
  }

  /** DL4J's configuration of the network. */
  NetworkConfiguration configuration() {
    return switch (kind) {
      case MULTI_LAYER ->
          new NetworkConfiguration.MultiLayer(MultiLayerConfiguration.fromJson(json));
      case GRAPH -> new NetworkConfiguration.Graph(ComputationGraphConfiguration.fromJson(json));
    };
  }
}
