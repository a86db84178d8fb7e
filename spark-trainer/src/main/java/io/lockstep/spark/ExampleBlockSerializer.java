package io.lockstep.spark;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import io.lockstep.data.ExampleBlock;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Lets a block travel in the layout it has on disk. */
final class ExampleBlockSerializer extends Serializer<ExampleBlock> {
  ExampleBlockSerializer() {
    super(false, true);
  }

  @Override
  public void write(Kryo kryo, Output output, ExampleBlock block) {
    try {
      var out = new DataOutputStream(output);
      block.writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("writing a block of examples", e);
    }
  }

  @Override
  public ExampleBlock read(Kryo kryo, Input input, Class<ExampleBlock> type) {
    try {
      return ExampleBlock.readFrom(new DataInputStream(input));
    } catch (IOException e) {
      throw new UncheckedIOException("reading a block of examples", e);
    }
  }
}
