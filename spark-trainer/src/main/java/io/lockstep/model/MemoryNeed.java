package io.lockstep.model;

import io.lockstep.data.InputException;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import org.bytedeco.javacpp.Pointer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * How much memory a network takes, counted from its configuration before anything is made of it.
 *
 * <p>A network keeps parameters, gradient and the optimizer's state in native memory, and hands
 * parameters and state on in Java arrays; what flows between its layers comes on top. The count is
 * DL4J's own, by which it cuts its parameters.
 *
 * @param parameters values to be learnt, running statistics included
 * @param updater values that the optimizer keeps, at most
 */
public record MemoryNeed(long parameters, long updater) {
  /** A vector is one Java array. */
  private static final long MOST_VALUES = Integer.MAX_VALUE - 8;

  /** Of a side of a layer; with it and the next, no product of DL4J's overflows. */
  private static final long MOST_UNITS = 1L << 28;

  private static final double MOST_WEIGHTS = 1L << 40;

  /**
   * Counts.
   *
   * @throws InputException if there are more parameters than can be, or fewer than none
   */
  public static MemoryNeed of(NetworkConfiguration network) {
    long parameters = 0;
    long updater = 0;
    for (NeuralNetConfiguration conf : Dl4jSupport.layers(network)) {
      Layer layer = conf.getLayer();
      bounded(layer, layer);
      long count = layer.initializer().numParams(conf);
      if (count < 0) {
        throw tooMany(layer, "an impossible number of");
      }
      parameters += count;
      updater += updater(layer, count);
    }
    if (network instanceof NetworkConfiguration.Graph graph) {
      for (GraphVertex vertex : graph.configuration().getVertices().values()) {
        if (Dl4jSupport.layer(vertex) == null) {
          parameters += vertex.numParams(true);
        }
      }
    }
    return new MemoryNeed(parameters, updater);
  }

  private static void bounded(Layer layer, Layer named) {
    Layer inner = Dl4jSupport.inner(layer);
    if (inner != null) {
      bounded(inner, named);
    }
    if (layer instanceof FeedForwardLayer learned) {
      double weights = (double) learned.getNIn() * learned.getNOut();
      if (layer instanceof ConvolutionLayer convolution && convolution.getKernelSize() != null) {
        for (int side : convolution.getKernelSize()) {
          weights *= side;
        }
      }
      if (learned.getNIn() > MOST_UNITS
          || learned.getNOut() > MOST_UNITS
          || weights > MOST_WEIGHTS) {
        throw tooMany(named, String.format(Locale.ROOT, "%,.0f", weights));
      }
    }
  }

  /** The most that any parameter's updater would keep for all parameters of the layer. */
  private static long updater(Layer layer, long count) {
    if (layer instanceof FrozenLayer) {
      return 0;
    }
    if (layer instanceof BaseWrapperLayer wrapper) { // also one that is frozen with backprop
      return updater(wrapper.getUnderlying(), count); // DL4J's does not pass the question on
    }
    if (layer instanceof Bidirectional both) {
      return updater(both.getFwd(), count);
    }
    long most = 0;
    if (count > 0) {
      for (String key : layer.initializer().paramKeys(layer)) {
        IUpdater updater = layer.getUpdaterByParam(key);
        most = Math.max(most, updater == null ? 0 : updater.stateSize(count));
      }
    }
    return most;
  }

  private static InputException tooMany(Layer layer, String count) {
    String name = layer.getLayerName() == null ? "" : " " + layer.getLayerName();
    return new InputException(
        "layer%s (%s) would have %s weights, more than can be trained: give it fewer units or inputs"
            .formatted(name, layer.getClass().getSimpleName(), count));
  }

  /** Bytes outside of the Java heap that one network takes for its vectors while it is trained. */
  public long nativeBytes() {
    return Float.BYTES * (2 * parameters + updater);
  }

  /** Bytes of one state of it in the Java heap. */
  public long heapBytes() {
    return Float.BYTES * (parameters + updater);
  }

  /**
   * Sees whether this JVM can hold the network once.
   *
   * @throws InputException if not: with the figures, and what to do
   */
  public void check() {
    check(Room.here());
  }

  void check(Room room) {
    String network =
        String.format(
            Locale.ROOT,
            "the network has %,d parameters, and its optimizer keeps %,d values",
            parameters,
            updater);
    if (parameters > MOST_VALUES || updater > MOST_VALUES) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s; a vector can have at most %,d. Give it fewer units, or an optimizer that keeps"
                  + " less (sgd)",
              network,
              MOST_VALUES));
    }
    if (nativeBytes() > room.outside()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s: that is %s outside of the Java heap for each replica at work, but %s. Give it"
                  + " fewer units, an optimizer that keeps less (sgd), or a machine with more"
                  + " memory%s",
              network,
              giga(nativeBytes()),
              room.outsideIs(),
              room.outsideRemedy()));
    }
    if (heapBytes() > room.heap()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s: one copy of them is %s, but the Java heap has %s. Give it more, such as"
                  + " LOCKSTEP_MEMORY=%dg (spark-submit: --driver-memory, --executor-memory), or"
                  + " fewer units",
              network,
              giga(heapBytes()),
              giga(room.heap()),
              1 + 3 * heapBytes() / (1L << 30)));
    }
  }

  private static String giga(long bytes) {
    return bytes < 1L << 30
        ? String.format(Locale.ROOT, "%,d MB", bytes >> 20)
        : String.format(Locale.ROOT, "%,.1f GB", bytes / (double) (1L << 30));
  }

  /**
   * Memory that a JVM has.
   *
   * @param heap most bytes of its Java heap
   * @param machine bytes of the machine, or of its container
   * @param process most bytes that JavaCPP lets the process have, heap included
   */
  record Room(long heap, long machine, long process) {
    static Room here() {
      long machine = Pointer.totalPhysicalBytes();
      if (ManagementFactory.getOperatingSystemMXBean()
          instanceof com.sun.management.OperatingSystemMXBean system) {
        machine =
            Math.min(machine, system.getTotalMemorySize()); // a container's, where there is one
      }
      long process = Pointer.maxPhysicalBytes();
      return new Room(
          Runtime.getRuntime().maxMemory(), machine, process > 0 ? process : Long.MAX_VALUE);
    }

    private long outside() {
      return Math.min(machine, process);
    }

    private String outsideIs() {
      return process < machine
          ? "JavaCPP lets this process have " + giga(process)
          : "this machine has " + giga(machine);
    }

    private String outsideRemedy() {
      return process < machine
          ? ". JavaCPP's limit follows the Java heap (LOCKSTEP_MEMORY), or is what"
              + " LOCKSTEP_JAVA_OPTS=-Dorg.bytedeco.javacpp.maxPhysicalBytes=16g says"
          : "";
    }
  }
}
