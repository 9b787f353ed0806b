package ujuzi;

import ujuzi.v1.Wire;

/**
 * The limits of a connection, as a client keeps to them: what HELLO_OK says, where 0 means that it
 * does not say. {@link #NONE}: there is no such limit. Lengths and credit are in bytes; credit that
 * is NONE is not counted.
 */
record Limits(
    int frameLengthMax,
    long callsMax,
    long streamsMax,
    long timeoutMaxMs,
    int metadataLengthMax,
    long streamCredit,
    long connectionCredit,
    long keepaliveMs,
    long keepaliveTimeoutMs) {
  static final long NONE = Long.MAX_VALUE;

  static Limits of(Wire.HelloOk greeting) {
    long every = said(greeting.getKeepaliveMs(), NONE);
    return new Limits(
        (int) Math.min(said(greeting.getFrameLengthMax(), NONE), Frame.FRAME_LENGTH_HIGHEST),
        said(greeting.getCallsMax(), NONE),
        said(greeting.getStreamsMax(), NONE),
        said(greeting.getTimeoutMaxMs(), NONE),
        (int) Math.min(said(greeting.getMetadataLengthMax(), NONE), Frame.METADATA_LENGTH_MAX),
        said(greeting.getStreamCredit(), NONE),
        said(greeting.getConnectionCredit(), NONE),
        every,
        every == NONE ? NONE : said(greeting.getKeepaliveTimeoutMs(), every));
  }

  private static long said(int limit, long otherwise) {
    return limit == 0 ? otherwise : Integer.toUnsignedLong(limit);
  }
}
