package io.lockstep.spark;

import io.lockstep.data.Normalizer;
import io.lockstep.train.Workbench;
import io.lockstep.train.Workload;
import java.io.Closeable;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import scala.reflect.ClassTag;

/**
 * What all tasks of a run have in common, sent to each JVM once: a task carries only a reference to
 * it, so that launching it costs next to nothing.
 *
 * @param id of the run, under which a JVM keeps its workbench
 * @param content the run, laid out by Spark's serializer of closures
 */
record SharedRun(String id, Broadcast<byte[]> content) implements Serializable, Closeable {
  private record Content(Workload workload, Normalizer normalizer) implements Serializable {}

  private static final ClassTag<Content> TYPE = ClassTag.apply(Content.class);

  static SharedRun send(JavaSparkContext spark, Workload workload, Normalizer normalizer) {
    ByteBuffer content =
        SparkEnv.get()
            .closureSerializer()
            .newInstance()
            .serialize(new Content(workload, normalizer), TYPE);
    byte[] bytes = new byte[content.remaining()];
    content.get(bytes);
    return new SharedRun(UUID.randomUUID().toString(), spark.broadcast(bytes));
  }

  /** The workbench that this JVM keeps for the run. */
  Workbench workbench() {
    return Workbenches.of(id, this::open);
  }

  private Workbench open() {
    Content read =
        SparkEnv.get()
            .closureSerializer()
            .newInstance()
            .deserialize(
                ByteBuffer.wrap(content.value()),
                Thread.currentThread().getContextClassLoader(),
                TYPE);
    return new Workbench(read.workload(), read.normalizer());
  }

  /** Forgets the run in this JVM and takes it back from the others. */
  @Override
  public void close() {
    content.destroy();
    Workbenches.close(id);
  }
}
