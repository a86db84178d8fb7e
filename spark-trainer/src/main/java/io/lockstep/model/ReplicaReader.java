package io.lockstep.model;

import io.lockstep.data.batch.Minibatch;
import io.lockstep.data.batch.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * A language model computed as it is trained, by DL4J's network: for whatever layers it has. Tokens
 * that are read together are the time steps of one minibatch.
 */
final class ReplicaReader implements TokenReader {
  private static final float[] NOTHING = {};

  private final ModelFile file;
  private final Replica replica;

  ReplicaReader(ModelFile file, Blueprint stateful) {
    this.file = file;
    replica = stateful.create();
    replica.load(file.state());
    forget();
  }

  @Override
  public float[] read(int... ids) {
    int time = ids.length;
    float[] mask = new float[time];
    Arrays.fill(mask, 1);
    var tokens = new Tensor(file.card().input().input(), new int[] {1, time}, null, ids, mask);
    float[] outputs = replica.output(new Minibatch(1, List.of(tokens), List.of(), null));
    float[] last = new float[outputs.length / time];
    for (int id = 0; id < last.length; id++) {
      last[id] = outputs[id * time + time - 1];
    }
    return last;
  }

  @Override
  public void forget() {
    replica.carry(NOTHING);
  }

  @Override
  public void close() {
    replica.close();
  }
}
