package io.lockstep.spark;

import io.lockstep.train.RoundStart;
import org.apache.spark.SerializableWritable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * Through Spark, between JVMs: the start as a broadcast, replies as results of tasks.
 *
 * @param broadcast destroyed when the job is over
 */
record ByBroadcast(Broadcast<SerializableWritable<TravellingStart>> broadcast) implements Passage {
  static ByBroadcast open(JavaSparkContext spark, RoundStart start) {
    return new ByBroadcast(Luggage.broadcast(spark, new TravellingStart(start)));
  }

  @Override
  public RoundStart start(Arrivals arrivals) {
    return broadcast.value().value().start();
  }

  @Override
  public Reply send(int k, Reply reply) {
    return reply;
  }

  @Override
  public Reply receive(int k, Reply returned) {
    return returned;
  }

  @Override
  public void close() {
    broadcast.destroy();
  }
}
