package ujuzi;

import java.time.Duration;
import ujuzi.v1.Wire;

/**
 * What is said of one call.
 *
 * @param timeout for everything: connecting, asking, asking again; null: the client's, for streams
 *     none
 * @param metadata such as the caller's span; or null
 * @param repeatable it may happen twice, though it does not only read; see {@link Client#record}
 */
public record CallOptions(Duration timeout, Wire.Metadata metadata, boolean repeatable) {
  public static final CallOptions USUAL = new CallOptions(null, null, false);

  public static CallOptions within(Duration timeout) {
    return new CallOptions(timeout, null, false);
  }

  public CallOptions withMetadata(Wire.Metadata metadata) {
    return new CallOptions(timeout, metadata, repeatable);
  }

  public CallOptions withRepeatable() {
    return new CallOptions(timeout, metadata, true);
  }

  byte[] packedMetadata() {
    return metadata == null ? new byte[0] : metadata.toByteArray();
  }

  /** Of {@code System.nanoTime()}; 0: none. */
  long deadline(Duration usual) {
    Duration limit = timeout == null ? usual : timeout;
    long deadline = limit == null ? 0 : System.nanoTime() + limit.toNanos();
    return limit != null && deadline == 0 ? 1 : deadline;
  }
}
