package io.lockstep.compute;

import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A stretch of floats outside the Java heap: an ND4J array's own, or scratch.
 *
 * <p>HotSpot vectorises plain loops over {@code float[]} but not over memory outside the heap. So
 * kernels copy a tile of a few thousand floats into an array, work on it, and copy it back: while
 * the tile stays in the first-level cache this costs little. The same memory can be read as bits,
 * for comparisons and selections, which HotSpot vectorises on {@code int[]} only.
 *
 * <p>Scratch is freed when the last reference to it is gone. Not thread-safe.
 */
final class Memory {
  /** The most floats one stretch can hold: a buffer of Java counts its bytes in an int. */
  static final long MAX_FLOATS = Integer.MAX_VALUE / Float.BYTES;

  private final Address pointer;
  private final FloatBuffer floats;
  private final IntBuffer bits;

  /** Keeps what owns the memory from being collected. */
  private final Object owner;

  private Memory(long address, long length, Object owner) {
    if (length > MAX_FLOATS) {
      throw new IllegalArgumentException(length + " floats are more than a buffer can hold");
    }
    this.pointer = new Address(address, length);
    this.floats = pointer.asBuffer();
    this.bits = pointer.asByteBuffer().asIntBuffer();
    this.owner = owner;
  }

  /** Uninitialised scratch. */
  static Memory allocate(long length) {
    FloatPointer owner = new FloatPointer(Math.max(1, length));
    return new Memory(owner.address(), Math.max(1, length), owner);
  }

  /** The memory of {@code array} from its first element on, as many floats as it has elements. */
  static Memory of(INDArray array) {
    return new Memory(array.data().addressPointer().address(), array.length(), array);
  }

  int length() {
    return floats.capacity();
  }

  void get(int from, float[] to, int length) {
    floats.get(from, to, 0, length);
  }

  void get(int from, float[] to, int toOffset, int length) {
    floats.get(from, to, toOffset, length);
  }

  void put(int to, float[] from, int length) {
    floats.put(to, from, 0, length);
  }

  void put(int to, float[] from, int fromOffset, int length) {
    floats.put(to, from, fromOffset, length);
  }

  void getBits(int from, int[] to, int length) {
    bits.get(from, to, 0, length);
  }

  void putBits(int to, int[] from, int length) {
    bits.put(to, from, 0, length);
  }

  void putBits(int to, int[] from, int fromOffset, int length) {
    bits.put(to, from, fromOffset, length);
  }

  float get(int index) {
    return floats.get(index);
  }

  void put(int index, float value) {
    floats.put(index, value);
  }

  /** Copies {@code length} floats of {@code from} here. */
  void copy(int to, Memory from, int fromOffset, int length) {
    floats.put(to, from.floats, fromOffset, length);
  }

  /** Sets {@code length} floats to {@code value}. */
  void fill(int at, int length, float value) {
    for (int i = at; i < at + length; i++) {
      floats.put(i, value);
    }
  }

  /** A pointer for native code, valid until this stretch is asked for another. */
  FloatPointer at(long offset) {
    pointer.position(offset);
    return pointer;
  }

  @Override
  public String toString() {
    return length() + " floats of " + owner.getClass().getSimpleName();
  }

  /** A pointer that owns nothing. */
  private static final class Address extends FloatPointer {
    Address(long address, long length) {
      super((Pointer) null);
      this.address = address;
      this.limit = length;
      this.capacity = length;
    }
  }
}
