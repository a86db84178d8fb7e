package io.lockstep.data;

/** How feature values are held until they are batched. */
public enum FeatureType {
  /** One unsigned byte per value: images. */
  UINT8(1),
  /** Four bytes per value. */
  FLOAT32(4);

  private final int bytes;

  FeatureType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of one value. */
  public int bytes() {
    return bytes;
  }
}
