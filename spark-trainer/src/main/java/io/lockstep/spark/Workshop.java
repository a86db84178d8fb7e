package io.lockstep.spark;

import io.lockstep.train.RoundStart;
import io.lockstep.train.Setup;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import org.apache.hadoop.io.Writable;
import org.apache.spark.SparkEnv;
import scala.reflect.ClassTag;

/**
 * A run as a broadcast carries it, and what a JVM sets up for it at the first task.
 *
 * <p>Layout: {@code int32 length}, then the setup as Spark's serializer of closures lays it out.
 * The tools do not travel. They are reachable from this object alone, which Spark keeps until the
 * broadcast is destroyed or pushed out of memory; then nobody reaches it, and its networks are
 * closed. So no run outlives its end in an executor, which is not told of it. Thread-safe.
 *
 * @param <T> what is set up
 */
final class Workshop<T extends AutoCloseable> implements Writable {
  private static final Cleaner CLEANER = Cleaner.create();
  private static final ClassTag<Setup<?>> SETUP = ClassTag.apply(Setup.class);

  private byte[] setup;
  private T tools; // null until the first task; guarded by this
  private Cleaner.Cleanable cleanable; // guarded by this
  private final Arrivals arrivals = new Arrivals();

  /** For reading only. */
  Workshop() {}

  static <T extends AutoCloseable> Workshop<T> of(Setup<T> setup) {
    ByteBuffer laidOut = SparkEnv.get().closureSerializer().newInstance().serialize(setup, SETUP);
    var shop = new Workshop<T>();
    shop.setup = new byte[laidOut.remaining()];
    laidOut.get(shop.setup);
    return shop;
  }

  /** The tools of this JVM. */
  synchronized T tools() {
    if (tools == null) {
      SparkLog.quietRounds();
      @SuppressWarnings("unchecked") // as it was laid out
      Setup<T> read =
          (Setup<T>)
              SparkEnv.get()
                  .closureSerializer()
                  .newInstance()
                  .deserialize(
                      ByteBuffer.wrap(setup),
                      Thread.currentThread().getContextClassLoader(),
                      SETUP);
      T opened = read.open();
      cleanable = CLEANER.register(this, () -> close(opened));
      tools = opened;
    }
    return tools;
  }

  /** What {@code passage} begins with. */
  RoundStart start(Passage passage) {
    return passage.start(arrivals);
  }

  private static void close(AutoCloseable tools) {
    try {
      tools.close();
    } catch (Exception e) {
      throw new IllegalStateException("closing what a JVM kept of a run", e);
    }
  }

  /** Closes the tools, if there are any. */
  synchronized void close() {
    if (tools != null) {
      cleanable.clean();
      tools = null;
    }
  }

  @Override
  public void write(DataOutput to) throws IOException {
    to.writeInt(setup.length);
    to.write(setup);
  }

  @Override
  public void readFields(DataInput from) throws IOException {
    setup = new byte[from.readInt()];
    from.readFully(setup);
  }
}
