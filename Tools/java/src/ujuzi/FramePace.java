package ujuzi;

/**
 * How long a frame that was begun may take to come. Times are {@link System#nanoTime}'s, bytes are
 * those of the connection so far.
 */
final class FramePace {
  /** So many bytes of it must come within {@link #PROGRESS_MS}, again and again until it ends. */
  static final long PROGRESS_BYTES = 1 << 10;

  static final long PROGRESS_MS = 10_000;

  /** And it must have ended after so many milliseconds. */
  static final long FRAME_TIMEOUT_MS = 600_000;

  /** TLS hands on nothing of a record before all of it is there. */
  private static final long TLS_RECORD_BYTES = 16 << 10;

  private final long begun;
  private final long wanted;
  private long mark;
  private long received;

  FramePace(long now, long received, boolean usesTLS) {
    begun = now;
    mark = now;
    this.received = received;
    wanted = usesTLS ? TLS_RECORD_BYTES : PROGRESS_BYTES;
  }

  boolean isLate(long now, long received) {
    if (now - begun >= FRAME_TIMEOUT_MS * 1_000_000) {
      return true;
    }
    if (received - this.received >= wanted) {
      mark = now;
      this.received = received;
      return false;
    }
    return now - mark >= PROGRESS_MS * (wanted / PROGRESS_BYTES) * 1_000_000;
  }
}
