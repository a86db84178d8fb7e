package io.lockstep.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Objects by key, as S3 has them: each is put whole, there are no folders, and a put may ask that
 * there be no such object yet. Thread-safe.
 */
public final class Bucket {
  private final NavigableMap<String, byte[]> objects = new ConcurrentSkipListMap<>();
  private final AtomicLong copied = new AtomicLong();
  private volatile boolean full;

  /** From now on nothing more fits in, or again something does. */
  public void full(boolean isFull) {
    full = isFull;
  }

  void put(String key, byte[] bytes) throws IOException {
    if (full && bytes.length > 0) {
      throw new IOException("No space left on device");
    }
    objects.put(key, bytes);
  }

  void putIfAbsent(String key, byte[] bytes) throws IOException {
    if (objects.putIfAbsent(key, bytes) != null) {
      throw new IOException(key + ": 412 precondition failed");
    }
  }

  /** All that a store can do for a rename. */
  void copy(String from, String to) {
    copied.incrementAndGet();
    objects.put(to, objects.get(from));
  }

  /** Objects copied so far. */
  long copied() {
    return copied.get();
  }

  void delete(String key) {
    objects.remove(key);
  }

  Optional<byte[]> get(String key) {
    return Optional.ofNullable(objects.get(key));
  }

  /** The keys that begin with {@code prefix}, in no order that means anything. */
  List<String> list(String prefix) {
    var found = new ArrayList<String>();
    for (String key : objects.tailMap(prefix, true).keySet()) {
      if (!key.startsWith(prefix)) {
        break;
      }
      found.add(0, key);
    }
    return found;
  }
}
