package io.lockstep.spark;

import io.lockstep.data.Normalizer;
import io.lockstep.train.Workbench;
import io.lockstep.train.Workload;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import org.apache.hadoop.io.Writable;
import org.apache.spark.SparkEnv;
import scala.reflect.ClassTag;

/**
 * A run as a broadcast carries it, and the workbench that a JVM sets up for it at the first task.
 *
 * <p>Layout: {@code int32 length}, then the run as Spark's serializer of closures lays it out. The
 * workbench does not travel. It is reachable from this object alone, which Spark keeps until the
 * broadcast is destroyed or pushed out of memory; then nobody reaches it, and its networks are
 * closed. So no run outlives its end in an executor, which is not told of it. Thread-safe.
 */
final class Workshop implements Writable {
  private static final Cleaner CLEANER = Cleaner.create();
  private static final ClassTag<Terms> TYPE = ClassTag.apply(Terms.class);

  private record Terms(Workload workload, Normalizer normalizer) implements Serializable {}

  private byte[] terms;
  private Workbench workbench; // null until the first task; guarded by this
  private Cleaner.Cleanable cleanable; // guarded by this

  /** For reading only. */
  Workshop() {}

  static Workshop of(Workload workload, Normalizer normalizer) {
    ByteBuffer laidOut =
        SparkEnv.get()
            .closureSerializer()
            .newInstance()
            .serialize(new Terms(workload, normalizer), TYPE);
    var shop = new Workshop();
    shop.terms = new byte[laidOut.remaining()];
    laidOut.get(shop.terms);
    return shop;
  }

  /** The workbench of this JVM. */
  synchronized Workbench workbench() {
    if (workbench == null) {
      Terms read =
          SparkEnv.get()
              .closureSerializer()
              .newInstance()
              .deserialize(
                  ByteBuffer.wrap(terms), Thread.currentThread().getContextClassLoader(), TYPE);
      Workbench opened = new Workbench(read.workload(), read.normalizer());
      cleanable = CLEANER.register(this, opened::close);
      workbench = opened;
    }
    return workbench;
  }

  /** Closes the workbench, if there is one. */
  synchronized void close() {
    if (workbench != null) {
      cleanable.clean();
      workbench = null;
    }
  }

  @Override
  public void write(DataOutput to) throws IOException {
    to.writeInt(terms.length);
    to.write(terms);
  }

  @Override
  public void readFields(DataInput from) throws IOException {
    terms = new byte[from.readInt()];
    from.readFully(terms);
  }
}
