package io.lockstep.spark;

import org.apache.spark.SparkEnv;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.util.RpcUtils;
import scala.reflect.ClassTag;

/**
 * Between JVMs: over the connection that Spark's executors have with their driver, with the same
 * authentication and encryption. Messages are bytes, since the threads of that connection do not
 * know our classes.
 */
final class MeetingByRpc implements MeetingPlace {
  private static final long serialVersionUID = 1L;
  private static final ClassTag<byte[]> BYTES = ClassTag.apply(byte[].class);

  private final String endpoint;
  private final Travelling passages;
  private transient RpcEndpointRef driver; // one task at a time has its copy

  /**
   * A place at the driver.
   *
   * @param endpoint its name there
   * @param passages one of those of the run, for the numbers of others
   */
  MeetingByRpc(String endpoint, Travelling passages) {
    this.endpoint = endpoint;
    this.passages = passages;
  }

  @Override
  public NextRound ask(DoneRound done) throws InterruptedException {
    SparkEnv env = SparkEnv.get();
    if (driver == null) {
      driver = RpcUtils.makeDriverRef(endpoint, env.conf(), env.rpcEnv());
    }
    byte[] answer = driver.askSync(done.encode(), RpcUtils.askRpcTimeout(env.conf()), BYTES);
    return NextRound.decode(answer, passages::at);
  }
}
