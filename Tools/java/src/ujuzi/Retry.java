package ujuzi;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * When a call is asked again, and after how long.
 *
 * @param attempts counts the first; 1 never asks again
 */
public record Retry(int attempts, Duration waitFirst, Duration waitMax) {
  public static final Retry USUAL = new Retry(5, Duration.ofMillis(50), Duration.ofSeconds(2));

  public Retry withAttempts(int count) {
    return new Retry(count, waitFirst, waitMax);
  }

  /**
   * Whether a stream that ended with this error, such as Watch, may go on when it is asked for again
   * with its last cursor. Otherwise the answer would be the same for ever: who may not, what there
   * is not, a cursor of another log, what is malformed or damaged. Stop then, and tell somebody.
   */
  public static boolean mayResume(Throwable error) {
    if (!(error instanceof StatusException status)) {
      return false;
    }
    return switch (status.code) {
      case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED -> true;
      // Of what is too long, nothing is less another time.
      case RESOURCE_EXHAUSTED -> status.notProcessed || status.retryAfterMs > 0;
      default -> status.retryAfterMs > 0;
    };
  }

  /**
   * Milliseconds to wait after attempt number {@code attempt}, from 1; -1: not asked again. A call
   * that was not begun may be asked again whatever it does; one of which that is not known only
   * when it is {@code repeatable}: it may happen twice.
   */
  long waitMs(int attempt, StatusException error, boolean repeatable) {
    boolean passes = error.code == Code.UNAVAILABLE || error.code == Code.RESOURCE_EXHAUSTED;
    boolean isSafe = error.notProcessed || (repeatable && error.code == Code.UNAVAILABLE);
    return attempt < attempts && passes && isSafe ? pauseMs(attempt, error.retryAfterMs) : -1;
  }

  /** Doubles each time and is random below that; what the server asks for comes on top. */
  long pauseMs(int attempt, long retryAfterMs) {
    long bound = Math.min(waitMax.toMillis(), waitFirst.toMillis() << Math.min(attempt - 1, 20));
    return retryAfterMs + ThreadLocalRandom.current().nextLong(bound / 4, Math.max(bound, 1) + 1);
  }
}
