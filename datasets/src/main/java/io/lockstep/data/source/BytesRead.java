package io.lockstep.data.source;

import org.apache.hadoop.fs.FileSystem;

/** Bytes that a thread reads, as Hadoop's file systems count them. */
public final class BytesRead {
  private final long before = ofThread();

  /** Bytes read by this thread since this object was made. */
  public long since() {
    return ofThread() - before;
  }

  @SuppressWarnings("deprecation") // its successor counts no threads
  private static long ofThread() {
    long sum = 0;
    for (FileSystem.Statistics statistics : FileSystem.getAllStatistics()) {
      sum += statistics.getThreadStatistics().getBytesRead();
    }
    return sum;
  }
}
