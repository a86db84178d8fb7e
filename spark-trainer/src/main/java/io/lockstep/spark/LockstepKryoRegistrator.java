package io.lockstep.spark;

import com.esotericsoftware.kryo.Kryo;
import io.lockstep.data.ExampleBlock;
import org.apache.spark.serializer.KryoRegistrator;

/**
 * Tells Kryo all that Lockstep lets travel, so that {@code spark.kryo.registrationRequired=true}
 * holds: blocks of examples in their own layout, and arrays of bytes.
 */
public final class LockstepKryoRegistrator implements KryoRegistrator {
  @Override
  public void registerClasses(Kryo kryo) {
    kryo.register(ExampleBlock.class, new ExampleBlockSerializer());
    kryo.register(ExampleBlock[].class);
    kryo.register(byte[].class);
    kryo.register(byte[][].class);
  }
}
